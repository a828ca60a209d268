"""A town whose pages the tests visit: a council with two services, served by a real server on a real database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, delete, select

from storage.database import writing
from storage.journal import Journal
from storage.tables import (
    Address,
    Blob,
    Case,
    Contact,
    EqualityAnswer,
    Event,
    FormDraft,
    Message,
    Organisation,
    Participant,
    Service,
)
from tests.servers.pages import on_a_port
from web.door import WebDoor
from web.reading import read
from web.site import application
from workflow import intake, safety
from workflow.office import SYSTEM, Act, Office
from workflow.record import write_down
from workflow.tokens import Keyring, progress_secret

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@dataclass
class Town:
    """Where the pages are, and what stands behind them."""

    engine: Engine
    public_url: str
    url: str = ""
    now: datetime = MONDAY
    is_filing: bool = True  # false: filing has to wait
    keyring: Keyring = field(default_factory=lambda: Keyring((b"k" * 32,)))

    @property
    def office(self) -> Office:
        return Office(self.public_url, "complaints.example.org", self.keyring, safety.load())

    def file_now(self, contact_id: int) -> str | None:
        if not self.is_filing:
            raise RuntimeError("the procedures can't be read")
        with writing(self.engine) as session:
            contact = session.get_one(Contact, contact_id, with_for_update=True)
            if contact.processed_at is None:
                raw = session.get_one(Blob, contact.raw_sha256).content
                intake.file(Act(session, self.office, SYSTEM, self.now), contact, read(raw))
            return session.get_one(Case, contact.case_id).reference

    def break_database(self) -> None:
        """From now on every transaction fails, as when the database server is down."""
        event.listen(self.engine, "begin", _fail, insert=True)

    def mend_database(self) -> None:
        event.remove(self.engine, "begin", _fail)

    def answer_stage_one(self) -> None:
        """We acknowledge and answer the complaint made last, at once."""
        case = self.cases()[-1]
        with writing(self.engine) as session:
            act = Act(session, self.office, SYSTEM, self.now)
            defined = {"complaint_definition": True, "outcomes_sought": True}
            write_down(act, session.get_one(Case, case.id), "s1.acknowledged", data=defined)
            write_down(act, session.get_one(Case, case.id), "s1.response_sent")

    def cases(self) -> list[Case]:
        with Session(self.engine) as session:
            return list(session.exec(select(Case).order_by(col(Case.id))))

    def events(self) -> list[str]:
        """The names of all that happened, in order."""
        with Session(self.engine) as session:
            return list(session.exec(select(Event.name).order_by(col(Event.id))))

    def contacts(self) -> list[Contact]:
        with Session(self.engine) as session:
            return list(session.exec(select(Contact).order_by(col(Contact.id))))

    def equality_answers(self) -> list[EqualityAnswer]:
        with Session(self.engine) as session:
            return list(session.exec(select(EqualityAnswer)))

    def messages(self) -> list[Message]:
        """What is to go out to people, not to staff."""
        with Session(self.engine) as session:
            return list(session.exec(select(Message).where(col(Message.participant_id).is_not(None))))

    def blob(self, sha256: str) -> bytes:
        with Session(self.engine) as session:
            return session.get_one(Blob, sha256).content

    def blobs(self) -> list[bytes]:
        """Everything that is stored byte by byte."""
        with Session(self.engine) as session:
            return list(session.exec(select(Blob.content)))

    def people(self) -> list[Participant]:
        with Session(self.engine) as session:
            return list(session.exec(select(Participant).order_by(col(Participant.id))))

    def drafts(self) -> list[FormDraft]:
        with Session(self.engine) as session:
            return list(session.exec(select(FormDraft)))

    def lose_drafts(self) -> None:
        with writing(self.engine) as session:
            session.exec(delete(FormDraft))

    def progress_path(self) -> str:
        """The progress link of the person who complained last."""
        with Session(self.engine) as session:
            person = session.exec(select(Participant).order_by(col(Participant.id).desc())).first()
        assert person is not None
        return f"/progress/{progress_secret(self.keyring, person.id or 0)}"

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


def _fail(_connection: Connection) -> None:
    raise OperationalError("BEGIN", None, OSError("the database is down"))


@contextmanager
def town(
    engine: Engine, public_url: str = "http://complaints.example.org", keyring: Keyring | None = None
) -> Iterator[Town]:
    """Build the town and serve its pages."""
    there = Town(engine, public_url)
    there.keyring = keyring or there.keyring
    with writing(engine) as session:
        _found(session)
    with Journal(engine) as journal:
        door = WebDoor(engine, journal, lambda: there.now, there.office, there.file_now)
        with on_a_port(application(door)) as url:
            there.url = url
            yield there


def _found(session: Session) -> None:
    council = Organisation(
        slug="example-council",
        name="Example Council",
        telephone="01632 960 001",
        postal_address="Town Hall\n1 High Street\nExampleton EX1 1AA",
    )
    homes = Organisation(
        slug="example-homes", name="Example Homes", kind="housing-association", telephone="01632 960 002"
    )
    session.add_all([council, homes, Organisation(slug="example-department", name="Example Department")])
    session.flush()
    care = Service(
        organisation_id=council.id or 0,
        slug="adult-social-care",
        name="Adult social care",
        procedure="nhs-asc-england-2009",
    )
    housing = Service(
        organisation_id=council.id or 0, slug="housing", name="Housing", procedure="housing-ombudsman-code-2024"
    )
    repairs = Service(
        organisation_id=homes.id or 0, slug="homes", name="Homes and repairs", procedure="housing-ombudsman-code-2024"
    )
    session.add_all([care, housing, repairs])
    session.add(Address(address="complaints@example.org", organisation_id=council.id or 0))
