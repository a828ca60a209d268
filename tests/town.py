"""A small town for tests: a council and a housing association with their staff, and ways for citizens to be heard."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from app.reminding import remind
from mailroom.reading import read
from storage import search
from storage.database import reading, writing
from storage.journal import Arrival, Journal
from storage.tables import (
    Blob,
    Case,
    Contact,
    Deadline,
    Event,
    Message,
    Participant,
    Service,
    Staff,
    Task,
)
from tests.town_people import settle
from workflow import casework, delivery, intake, progress, reminders, safety
from workflow.casework.situation import situation
from workflow.contact import Reading
from workflow.office import SYSTEM, Act, Actor, Office
from workflow.tokens import Keyring, reply_address

Row = TypeVar("Row", bound=SQLModel)
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

    def mail(
        self,
        text: str,
        *,
        sender: str = "jo@citizen.example",
        to: str = "housing@town.example",
        headers: str = "",
        mail_from: str | None = None,
        subject: str = "My complaint",
    ) -> str | None:
        """Somebody writes to us; gives the reference of the case it was filed in."""
        number = next(self.numbers)
        head = f"From: Jo Bloggs <{sender}>\r\nTo: {to}\r\nSubject: {subject}\r\n"
        head += f"Message-ID: <{number}@citizen.example>\r\n{headers}Content-Type: text/plain; charset=utf-8\r\n"
        raw = f"{head}\r\n{text}\r\n".encode()
        return self.arrive(raw, to=to, mail_from=sender if mail_from is None else mail_from)

    def arrive(
        self, raw: bytes, *, to: str, mail_from: str = "jo@citizen.example", channel: str = "email"
    ) -> str | None:
        return self.file(raw, lambda bytes_: read(bytes_, envelope_sender=mail_from), channel, to, mail_from=mail_from)

    def reply(self, reference: str | None, text: str, *, sender: str = "jo@citizen.example") -> str | None:
        """Somebody answers through the reply address of the case's first person."""
        return self.mail(text, sender=sender, to=self.reply_address(reference))

    def reply_address(self, reference: str | None) -> str:
        return reply_address(KEYRING, self.person(reference).id or 0, self.office.mail_domain)

    def form(self, text: str = "There is damp in my bedroom.", *, to: str = "homes", **answers: Any) -> str | None:
        """Somebody fills in the form; gives the reference of the case it was filed in."""
        told = Reading(subject="", text=text, reply=text, answers={"name": "Jo Bloggs", **answers})
        return self.file(f"form {next(self.numbers)}".encode(), lambda _raw: told, "web", to)

    def page(self, reference: str | None, text: str = "", **answers: Any) -> str | None:
        """The person uses their progress page."""
        told = Reading(text=text, reply=text, answers=answers)
        raw = f"page {next(self.numbers)}".encode()
        return self.file(raw, lambda _raw: told, "web", "homes", participant=self.person(reference).id)

    def file(
        self, raw: bytes, how: Callable[[bytes], Reading], channel: str, to: str, **envelope: object
    ) -> str | None:
        """Raw bytes are stored, then read and filed."""
        with Journal(self.engine) as journal:
            stored = journal.write(Arrival(channel, to, raw, self.now, envelope))
        with writing(self.engine) as session:
            contact = session.get_one(Contact, stored.contact_id)
            bytes_ = session.get_one(Blob, contact.raw_sha256).content
            case = intake.file(self.act(session), contact, how(bytes_))
            return case.reference if case else None

    def bounce(self, message: Message, *, status: str = "5.1.1", action: str = "failed") -> str | None:
        """A mail of ours comes back to its envelope sender."""
        return self.arrive(
            BOUNCE.format(to=message.envelope_sender, failed=message.address, status=status, action=action)
            .replace("\n", "\r\n")
            .encode(),
            to=message.envelope_sender,
            mail_from="",
        )

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

    def may(self, reference: str | None, verb: str, *, by: str = "hana@town.example") -> str | None:
        """Why this person can't do this verb now; None when they can."""
        with reading(self.engine) as session:
            one = session.exec(select(Staff).where(Staff.email == by)).one()
            now_there = situation(session, self.case(session, reference), self.now)
            return casework.allowed(Actor(one.name, one.id, one.role), now_there)[verb]

    def send(self) -> list[Message]:
        """The relay takes all that is due, a minute on; gives what was sent."""
        self.now += timedelta(seconds=61)
        taken: list[Message] = []
        while True:
            with writing(self.engine) as session:
                message = delivery.claim_next(self.act(session), f"test {next(self.numbers)}")
                if message is None:
                    return taken
                delivery.left(self.act(session), message)
                taken.append(message)

    def relay_refuses(self, reason: str = "550 no such mailbox") -> list[Message]:
        """The relay says no, for good, to all that is due a minute on."""
        self.now += timedelta(seconds=61)
        refused: list[Message] = []
        while True:
            with writing(self.engine) as session:
                message = delivery.claim_next(self.act(session), f"test {next(self.numbers)}")
                if message is None:
                    return refused
                delivery.failed(self.act(session), message, reason)
                refused.append(message)

    def tick(self, when: str | None = None) -> list[tuple[str, str]]:
        """Mark what is late and write the reminders that are due at this time; gives kind and address of each."""
        self.now = at(when) if when else self.now
        with writing(self.engine) as session:
            before = set(session.exec(select(Message.id)))
            act = self.act(session)
            for id_ in reminders.passed(act, 100):
                reminders.mark_late(act, id_)
            for id_ in reminders.due(act, 100):
                remind(act, id_)
            session.flush()
            new = session.exec(select(Message).order_by(col(Message.id)))
            return [(one.kind, one.address) for one in new if one.id not in before]

    def case(self, session: Session, reference: str | None) -> Case:
        return session.exec(select(Case).where(Case.reference == reference)).one()

    def look(self, reference: str | None) -> Case:
        with reading(self.engine) as session:
            return self.case(session, reference)

    def all(self, table: type[Row], reference: str | None) -> list[Row]:
        """The rows of a table that belong to a case, in the order in which they came."""
        with reading(self.engine) as session:
            case_id = self.case(session, reference).id
            return list(session.exec(select(table).where(table.case_id == case_id).order_by(table.id)))  # type: ignore[attr-defined]  # every such table has both

    def person(self, reference: str | None) -> Participant:
        return self.all(Participant, reference)[0]

    def tasks(self, reference: str | None) -> list[str]:
        """The kinds of the open tasks of a case."""
        return [task.kind for task in self.all(Task, reference) if task.done_at is None]

    def clock(self, reference: str | None, name: str) -> Deadline:
        return next(row for row in self.all(Deadline, reference) if row.clock == name)

    def events(self, reference: str | None) -> list[str]:
        return [event.name for event in self.all(Event, reference)]

    def mails(self, reference: str | None) -> list[str]:
        """The kinds of all that is or was in the outbox for a case."""
        return [message.kind for message in self.all(Message, reference)]

    def change(self, row: SQLModel) -> None:
        """Keep a row of the town as it was changed by a test."""
        with writing(self.engine) as session:
            session.add(row)

    def put_on_duty(self, name: str) -> None:
        """Make someone every service's manager on duty."""
        with writing(self.engine) as session:
            for service in session.exec(select(Service)):
                service.duty_manager_id = self.staff(name).id

    def found(self, words: str) -> list[str]:
        """The references of the cases that a search finds."""
        with reading(self.engine) as session:
            return [session.get_one(Case, id_).reference for id_ in search.find(session, words)]

    def story(self, reference: str | None) -> list[str]:
        """What the person reads on their progress page, first words first."""
        with reading(self.engine) as session:
            told = progress.progress_of(session, self.person(reference), self.now).story
            return [one.text.strip() for one in told]

    def staff(self, name: str) -> Staff:
        with reading(self.engine) as session:
            return session.exec(select(Staff).where(Staff.email == f"{name}@town.example")).one()


BOUNCE = """\
From: Mail Delivery System <MAILER-DAEMON@relay.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; {failed}
Action: {action}
Status: {status}

--b--
"""


def town(engine: Engine, now: str = "2025-12-18") -> Town:
    """A council with adult social care, and a housing association; Hana and Ravi handle, Mina manages, Lena leads."""
    with writing(engine) as session:
        settle(session)
    return Town(engine, at(now))
