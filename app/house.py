"""One running installation: settings, database, journal, keys, clock and the mail reader, joined up once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app import clock as clocks
from app.keys import keyring
from app.settings import BrokenSetting, Settings
from mailroom.child import Reader
from storage.database import connect
from storage.journal import Journal
from workflow import safety
from workflow.office import SYSTEM, Act, Actor, Office
from workflow.safety import RiskWords


@dataclass
class House:
    """Everything a command needs; close it when done."""

    settings: Settings
    engine: Engine
    office: Office
    clock: clocks.Clock

    @cached_property
    def journal(self) -> Journal:
        """Started on first use: commands that only look need no writer thread."""
        journal = Journal(self.engine)
        journal.start()
        return journal

    @cached_property
    def reader(self) -> Reader:
        """The limited children that read mail; started on first use."""
        return Reader(children=2, ours=[self.office.mail_domain])

    def act(self, session: Session, by: Actor = SYSTEM, now: datetime | None = None) -> Act:
        return Act(session, self.office, by, now or self.clock())

    def close(self) -> None:
        for name in ("journal", "reader"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()
        self.engine.dispose()


def build(settings: Settings, clock: clocks.Clock = clocks.now) -> House:
    """Open an installation. Raises BrokenSetting."""
    office = Office(
        public_url=settings.public_url,
        mail_domain=settings.mail_domain.lower(),
        keyring=keyring(settings),
        risk_words=_risk_words(settings),
        survey_floor=int(settings.survey_floor),
        keep_updates=timedelta(days=int(settings.chat_keep_days)),
    )
    return House(settings, _reached(settings), office, clock)


def _risk_words(settings: Settings) -> RiskWords:
    try:
        return safety.load(Path(settings.risk_words) if settings.risk_words else None)
    except (ValueError, AttributeError, OSError) as error:  # AttributeError: "risk" is no table
        raise BrokenSetting(f"REDRESS_RISK_WORDS: {settings.risk_words} can't be read ({error})") from None


def _reached(settings: Settings) -> Engine:
    """The database, asked once whether it is there: that it is not is told before anything is begun."""
    try:
        engine = connect(settings.database)
        engine.connect().close()
    except (DBAPIError, OSError) as error:
        raise BrokenSetting(f"REDRESS_DATABASE_URL: the database can't be reached ({_why(error, settings)})") from None
    return engine


def _why(error: Exception, settings: Settings) -> str:
    """The first line of what the database or its driver said, never with the password."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
    password = make_url(settings.database).password
    return said[0].replace(str(password), "…") if password else said[0]


@contextmanager
def opened(settings: Settings, clock: clocks.Clock = clocks.now) -> Iterator[House]:
    """An installation for one command."""
    house = build(settings, clock)
    try:
        yield house
    finally:
        house.close()
