"""A small town for tests: a council and a housing association with their staff, and ways for citizens to be heard."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from mailroom.reading import read
from storage.database import writing
from storage.journal import Arrival, Journal
from storage.tables import Address, Blob, Case, Contact, Event, Message, Organisation, Service, Staff, StaffService
from workflow import casework, intake, letters, outbox, safety
from workflow.office import SYSTEM, Act, Actor, Office
from workflow.tokens import Keyring

LONDON = ZoneInfo("Europe/London")
KEYRING = Keyring((b"a key for tests only, of enough length",))


def at(words: str) -> datetime:
    """`2025-12-18` (nine in the morning, London) or `2025-12-18 16:45`."""
    return datetime.fromisoformat(words if len(words) > 10 else f"{words} 09:00").replace(tzinfo=LONDON)


@dataclass
class Town:
    """Everything happens at `now`, which tests move."""

    engine: Engine
    now: datetime
    office: Office = field(
        default_factory=lambda: Office("https://redress.example", "complaints.example", KEYRING, safety.load())
    )
    numbers: "count[int]" = field(default_factory=count)

    def act(self, session: Session, by: Actor = SYSTEM) -> Act:
        return Act(session, self.office, by, self.now)

    def mail(self, text: str, *, sender: str = "jo@citizen.example", to: str = "housing@town.example", headers: str = "",
             mail_from: str | None = None, subject: str = "My complaint") -> str | None:  # fmt: skip
        """Somebody writes to us; gives the reference of the case it was filed in."""
        head = f"From: Jo Bloggs <{sender}>\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{next(self.numbers)}@citizen.example>\r\n"
        raw = f"{head}{headers}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
        return self.arrive(raw, to=to, mail_from=sender if mail_from is None else mail_from)

    def arrive(
        self, raw: bytes, *, to: str, mail_from: str = "jo@citizen.example", channel: str = "email"
    ) -> str | None:
        with Journal(self.engine) as journal:
            stored = journal.write(Arrival(channel, to, raw, self.now, {"mail_from": mail_from}))
        with writing(self.engine) as session:
            contact = session.get_one(Contact, stored.contact_id)
            bytes_ = session.get_one(Blob, contact.raw_sha256).content
            case = intake.file(self.act(session), contact, read(bytes_, envelope_sender=mail_from))
            return case.reference if case else None

    def do(
        self,
        reference: str | None,
        verb: str,
        *,
        by: str = "hana@town.example",
        version: int | None = None,
        **given: object,
    ) -> None:
        """A member of staff does a casework verb."""
        with writing(self.engine) as session:
            one = session.exec(select(Staff).where(Staff.email == by)).one()
            actor = Actor(one.name, one.id, one.role)
            casework.do(self.act(session, actor), self.case(session, reference), verb, given, seen_version=version)

    def send(self) -> list[Message]:
        """The relay takes all that is due, a minute on; gives what was sent."""
        self.now += timedelta(seconds=61)
        taken = []
        while True:
            with writing(self.engine) as session:
                message = outbox.claim_next(session, self.now, "test")
                if message is None:
                    return taken
                outbox.sent(message, self.now)
                letters.relayed(self.act(session), message, self.now)
                taken.append(message)

    def case(self, session: Session, reference: str | None) -> Case:
        return session.exec(select(Case).where(Case.reference == reference)).one()

    def events(self, reference: str | None) -> list[str]:
        with writing(self.engine) as session:
            case = self.case(session, reference)
            return list(session.exec(select(Event.name).where(Event.case_id == case.id).order_by(col(Event.id))))


def town(engine: Engine, now: str = "2025-12-18") -> Town:
    """A council with adult social care, and a housing association; Hana and Ravi handle, Mina manages, Lena leads."""
    with writing(engine) as session:
        council = Organisation(
            slug="town", name="Town Council", telephone="01632 960000", postal_address="1 High Street"
        )
        homes = Organisation(slug="homes", name="Town Homes", kind="housing-association", telephone="01632 960001")
        session.add_all([council, homes])
        session.flush()
        care = Service(
            organisation_id=council.id or 0, slug="care", name="Adult social care", procedure="nhs-asc-england-2009"
        )
        old = Service(
            organisation_id=council.id or 0,
            slug="care-2006",
            name="Adult social care before 2009",
            procedure="asc-england-2006",
        )
        repairs = Service(
            organisation_id=homes.id or 0, slug="repairs", name="Repairs", procedure="housing-ombudsman-code-2024"
        )
        session.add_all([care, old, repairs])
        session.flush()
        for name, service in (("care", care), ("old", old), ("housing", repairs)):
            session.add(
                Address(address=f"{name}@town.example", organisation_id=service.organisation_id, service_id=service.id)
            )
        for name, role in (
            ("hana", "handler"),
            ("ravi", "handler"),
            ("mina", "manager"),
            ("lena", "leader"),
            ("ada", "administrator"),
        ):
            one = Staff(
                organisation_id=council.id or 0, email=f"{name}@town.example", name=name.capitalize(), role=role
            )
            session.add(one)
            session.flush()
            session.add_all(
                StaffService(staff_id=one.id or 0, service_id=service.id or 0) for service in (care, old, repairs)
            )
    return Town(engine, at(now))
