"""One running installation: settings, database, journal, keys, clock and the mail reader, joined up once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from app import clock as clocks
from app.keys import keyring
from app.settings import Settings
from mailroom.child import Reader
from storage.database import connect
from storage.journal import Journal
from workflow import safety
from workflow.office import SYSTEM, Act, Actor, Office


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
        risk_words=safety.load(Path(settings.risk_words) if settings.risk_words else None),
    )
    return House(settings, connect(settings.database), office, clock)


@contextmanager
def opened(settings: Settings, clock: clocks.Clock = clocks.now) -> Iterator[House]:
    """An installation for one command."""
    house = build(settings, clock)
    try:
        yield house
    finally:
        house.close()
