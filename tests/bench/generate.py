"""A large installation for measurements: many open cases with people, events, deadlines and words, in bulk."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from storage import search
from storage.database import writing
from storage.tables import Blob, Case, Contact, Deadline, Event, Organisation, Participant, Service, Staff, StaffService
from tests.town import Town
from workflow import procedure as procedures
from workflow.matching import REFERENCE_LETTERS
from workflow.working_days import late_from, london

SERVICES, HANDLERS, TOGETHER = 8, 200, 5000
RULE = "housing-ombudsman-code-2024"
NAMES = ("Ada", "Bello", "Chen", "Dewan", "Evans", "Fatima", "Gupta", "Hughes", "Ivanov", "Jones", "Khan", "Lewis")
WORDS = ("gate", "boiler", "damp", "lift", "noise", "carer", "late", "letter", "rude", "window", "rent", "repair",
         "broken", "again", "weeks", "nobody", "answer", "phone", "garden", "stairs", "mould", "leak",
         "key")  # fmt: skip


def large(town: Town, cases: int, *, seed: int = 1) -> None:
    """Add services, handlers and this many open cases to a town; the same seed makes the same ones."""
    with writing(town.engine) as session:
        services, handlers = _staff(session)
    chance, numbers = Random(seed), iter(range(cases))
    while batch := list(islice(numbers, TOGETHER)):
        with writing(town.engine) as session:
            _add(session, town.now, [_Made(number, chance, services, handlers, town.now) for number in batch])


class _Made:
    """One case to be, with all its rows."""

    def __init__(
        self, number: int, chance: Random, services: Sequence[Service], handlers: Sequence[int], now: datetime
    ) -> None:
        self.id = 1_000_000 + number
        service = chance.choice(services)
        self.name = f"{chance.choice(NAMES)} {chance.choice(NAMES)}{number % 977}"
        self.text = " ".join(chance.choices(WORDS, k=40)) + f" house{number % 9973}"
        self.received = now - timedelta(days=chance.random() * 30)
        self.due = london(self.received) + timedelta(days=7)
        self.raw = f"{number}\n{self.text}".encode()
        self.case = {
            "id": self.id, "reference": _reference(number), "organisation_id": service.organisation_id,
            "service_id": service.id, "procedure": RULE, "procedure_hash": procedures.load(RULE).hash,
            "channel": "email", "received_at": self.received, "stage": "s1", "state": "open",
            "summary": self.text[:150],
            "handler_id": chance.choice(handlers) if chance.random() < 0.9 else None,
            "urgent_at": now if chance.random() < 0.001 else None, "urgent_because": None,
            "next_due": late_from(self.due), "next_clock": "s1.acknowledge",
        }  # fmt: skip

    @property
    def sha256(self) -> str:
        return sha256(self.raw).hexdigest()


def _staff(session: Session) -> tuple[list[Service], list[int]]:
    body = Organisation(slug="large", name="Large Homes", kind="housing-association")
    session.add(body)
    session.flush()
    services = [Service(organisation_id=body.id or 0, slug=f"large-{n}", name=f"Area {n}", procedure=RULE)
                for n in range(SERVICES)]  # fmt: skip
    staff = [Staff(organisation_id=body.id or 0, email=f"handler{n}@large.example", name=f"Handler {n}")
             for n in range(HANDLERS)]  # fmt: skip
    session.add_all([*services, *staff])
    session.flush()
    for number, one in enumerate(staff):
        # The first sees every area, as the worst case; the others see two.
        theirs = services if number == 0 else [services[number % SERVICES], services[(number + 3) % SERVICES]]
        session.add_all(StaffService(staff_id=one.id or 0, service_id=service.id or 0) for service in theirs)
    return services, [one.id or 0 for one in staff]


def _add(session: Session, now: datetime, made: Sequence[_Made]) -> None:
    tables: list[tuple[type[SQLModel], Iterator[dict[str, Any]]]] = [
        (Blob, ({"sha256": one.sha256, "size": len(one.raw), "content": one.raw} for one in made)),
        (Case, (one.case for one in made)),
        (Contact, (_contact(one) for one in made)),
        (Participant, (_person(one) for one in made)),
        (Event, (_event(one) for one in made)),
        (Deadline, (_deadline(one) for one in made)),
    ]
    for table, rows in tables:
        session.execute(insert(table), list(rows))
    for one in made:
        search.begin(session, one.id, f"{one.case['reference']} {one.name} {one.text}")


def _contact(one: _Made) -> dict[str, Any]:
    return {
        "id": one.id, "key": f"large-{one.id}", "channel": "email", "recipient": "large@large.example",
        "raw_sha256": one.sha256, "received_at": one.received, "standing": "filed", "processed_at": one.received,
        "case_id": one.id, "kind": "person", "sender_name": one.name, "sender_address": f"p{one.id}@citizen.example",
        "subject": "My complaint", "text": one.text, "reply": one.text,
    }  # fmt: skip


def _person(one: _Made) -> dict[str, Any]:
    return {"case_id": one.id, "name": one.name, "email": f"p{one.id}@citizen.example"}


def _event(one: _Made) -> dict[str, Any]:
    return {
        "case_id": one.id, "name": "complaint.received", "at": one.received, "recorded_at": one.received,
        "data": {"contact": one.id, "channel": "email"},
    }  # fmt: skip


def _deadline(one: _Made) -> dict[str, Any]:
    return {
        "case_id": one.id, "clock": "s1.acknowledge", "state": "running", "start": london(one.received),
        "base_due": one.due, "due": one.due, "due_at": late_from(one.due),
    }  # fmt: skip


def _reference(number: int) -> str:
    """A reference of our own form that no other number has."""
    signs = []
    for _ in range(8):
        number, sign = divmod(number, len(REFERENCE_LETTERS))
        signs.append(REFERENCE_LETTERS[sign])
    return f"RD-{''.join(signs[:4])}-{''.join(signs[4:])}"
