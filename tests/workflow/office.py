"""One-line builders for a council, a complaint about it and what is owed on it, in a real database."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from storage.arrival import Arrival
from storage.database import writing
from storage.tables import Address, Blob, Case, Contact, Letter, Message, Organisation, Participant, Service
from workflow import casework, letters, opening, outbox, safety
from workflow.contact import Reading
from workflow.office import SYSTEM, Act, Actor, Office
from workflow.outbox import Thread, To, Words
from workflow.tokens import Keyring

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OFFICE = Office("https://complaints.example.org", "mail.council.example", Keyring((b"k" * 32,)), safety.load())
HANDLER = Actor("Hana Handler", role="handler")
ANN = "ann@example.org"

Row = TypeVar("Row", bound=SQLModel)


@contextmanager
def acting(engine: Engine, at: datetime = NOW, by: Actor = SYSTEM) -> Iterator[Act]:
    """An act in a transaction of its own."""
    with writing(engine) as session:
        yield Act(session, OFFICE, by, at)


def complaint(engine: Engine, email: str = ANN, *, at: datetime = NOW, **answers: Any) -> int:
    """Open a case from a mail, as intake does; gives its id. Its receipt is owed, if email is safe."""
    with acting(engine, at) as act:
        _council(act.session)
        contact = _contact(act.session, at)
        reading = Reading(sender_name="Ann", sender_address=email, subject="Damp", text="The wall is damp.",
                          message_id=contact.message_id, answers={"email": email, **answers})  # fmt: skip
        return opening.open_case(act, contact, reading).id or 0


def owed(engine: Engine, key: str = "k1", to: str = ANN, *, at: datetime = NOW, **more: Any) -> int:
    """Owe a mail that belongs to no case; gives its id."""
    with acting(engine, at) as act:
        words = Words(more.pop("subject", "A subject"), more.pop("text", "Some words.\n"), more.pop("html", None))
        message = outbox.owe(act, key, more.pop("kind", "reminder"), To(to), words, thread=Thread(), **more)
        assert message is not None
        act.session.flush()
        return message.id or 0


def ask(engine: Engine, case_id: int, at: datetime = NOW) -> int:
    """Let a handler send the person a question; gives the letter's id."""
    with acting(engine, at, HANDLER) as act:
        return letters.issue(act, act.session.get_one(Case, case_id), "question", facts=ASKED).id or 0


def acknowledge(engine: Engine, case_id: int, at: datetime = NOW) -> int:
    """Let a handler acknowledge the complaint; gives the letter's id."""
    with acting(engine, at, HANDLER) as act:
        case = act.session.get_one(Case, case_id)
        event_data = {"complaint_definition": True, "outcomes_sought": True}
        letter = letters.issue(act, case, "acknowledgement", facts={"stage": "Local resolution"},
                               on_relayed="s1.acknowledged", event_data=event_data)  # fmt: skip
        return letter.id or 0


def withdraw(engine: Engine, case_id: int, at: datetime) -> None:
    with acting(engine, at, HANDLER) as act:
        casework.do(act, act.session.get_one(Case, case_id), "withdraw", {"still_dissatisfied": "no"})


def all_of(engine: Engine, table: type[Row], **wanted: Any) -> Sequence[Row]:
    """The rows of a table with these values, in the order in which they were made."""
    with Session(engine) as session:
        query = select(table).filter_by(**wanted).order_by(col(table.id))  # type: ignore[attr-defined]  # all have one
        found = session.exec(query).all()
        session.expunge_all()
        return found


def message(engine: Engine, id_: int) -> Message:
    return all_of(engine, Message, id=id_)[0]


def letter_message(engine: Engine, letter_id: int) -> Message:
    return all_of(engine, Message, letter_id=letter_id)[0]


def letter(engine: Engine, letter_id: int) -> Letter:
    return all_of(engine, Letter, id=letter_id)[0]


def participant(engine: Engine, case_id: int) -> Participant:
    return all_of(engine, Participant, case_id=case_id)[0]


ASKED = {"question": "Which room is it?", "answer_by": ""}


def _council(session: Session) -> None:
    if session.exec(select(Organisation)).first() is not None:
        return
    council = Organisation(slug="council", name="Anytown Council", telephone="01632 960 001")
    session.add(council)
    session.flush()
    care = Service(organisation_id=council.id or 0, slug="care", name="Social care", procedure="nhs-asc-england-2009")
    session.add(care)
    session.flush()
    session.add(Address(address="care@council.example", organisation_id=council.id or 0, service_id=care.id))


def _contact(session: Session, at: datetime) -> Contact:
    arrival = Arrival("email", "care@council.example", uuid.uuid4().bytes, at)
    session.add(Blob(sha256=arrival.raw_sha256, size=len(arrival.raw), content=arrival.raw))
    contact = Contact(key=arrival.key, channel="email", recipient=arrival.recipient, raw_sha256=arrival.raw_sha256,
                      received_at=at, sender_address=ANN, message_id="<first@example.org>")  # fmt: skip
    session.add(contact)
    session.flush()
    return contact
