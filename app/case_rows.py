"""Cases and contacts as plain rows, for the command line."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.commands.foreseen import Unknown
from storage.tables import Attachment, Blob, Case, Contact, Event, Staff
from workflow import casework
from workflow.alike import possible_duplicates
from workflow.casework.situation import situation
from workflow.office import SYSTEM
from workflow.record import standing_of
from workflow.working_days import london

# What fits beside each other on a terminal of 80 columns; `--json` has all.
COLUMNS = ("reference", "state", "stage", "next_due", "overdue", "urgent", "handler")


def cases(session: Session, now: datetime, *, state: str, overdue: bool, most: int) -> list[dict[str, Any]]:
    """Cases by the date that comes first, as `redress case list --json` prints them."""
    query = select(Case, Staff.email).join(Staff, col(Case.handler_id) == Staff.id, isouter=True)
    if state != "all":
        query = query.where(Case.state == state)
    if overdue:
        query = query.where(col(Case.next_due) <= now, Case.state == "open")
    order = (col(Case.urgent_at).is_(None), col(Case.next_due).is_(None), col(Case.next_due), col(Case.id))
    return [_row(case, handler, now) for case, handler in session.exec(query.order_by(*order).limit(most))]


def case(session: Session, now: datetime, reference: str) -> dict[str, Any]:
    """Everything the command line tells of one case."""
    found = find(session, reference)
    handler = session.get(Staff, found.handler_id) if found.handler_id else None
    now_there = situation(session, found, now)
    events = session.exec(select(Event).where(Event.case_id == found.id).order_by(col(Event.at), col(Event.id)))
    return {
        **_row(found, handler.email if handler else None, now),
        "moves": list(now_there.standing.moves),
        "verbs": [name for name, why_not in casework.allowed(SYSTEM, now_there).items() if why_not is None],
        "clocks": _clocks(session, found, now),
        "people": [
            {"id": one.id, "role": one.role, "prefers": one.prefers, "avoid": one.avoid}
            for one in now_there.participants
        ],
        "heads": [{"id": one.id, "text": one.text, "outcome": one.outcome} for one in now_there.heads],
        "letters": [
            {"id": one.id, "kind": one.kind, "relayed_at": one.relayed_at, "not_served_at": one.not_served_at}
            for one in now_there.letters
        ],
        "tasks": [{"id": one.id, "kind": one.kind, "text": one.text} for one in now_there.tasks],
        "held": [{"id": one.id, "because": one.held_because} for one in now_there.held],
        "events": [
            {"at": row.at, "name": row.name, "by": row.by, "because": row.because, "data": row.data} for row in events
        ],
    }


def in_words(found: dict[str, Any]) -> Iterator[str]:
    """A case, line by line."""
    yield f"{found['reference']}  {found['procedure']}  stage {found['stage']}  {found['state']}"
    for clock in found["clocks"]:
        yield f"  {clock['id']}: {clock['state'].replace('_', ' ')}" + (f", due {clock['due']}" if clock["due"] else "")
        for row in clock["because"]:
            yield f"      {row['date']}  {row['text']}  [{row['source']}]"
    yield "  Story:"
    for event in found["events"]:
        yield f"    {event['at']:%Y-%m-%d %H:%M}  {event['name']}  by {event['by']}" + (
            f": {event['because']}" if event["because"] else ""
        )
    yield f"  You may: {', '.join(found['verbs'])}"


def contacts(session: Session, *, standing: str | None, most: int) -> list[dict[str, Any]]:
    query = select(Contact, Case.reference).join(Case, col(Contact.case_id) == Case.id, isouter=True)
    if standing:
        query = query.where(Contact.standing == standing)
    rows = session.exec(query.order_by(col(Contact.id).desc()).limit(most))
    return [_contact_row(one, reference) for one, reference in rows]


def contact(session: Session, number: int) -> dict[str, Any]:
    one = _contact(session, number)
    found = session.get(Case, one.case_id) if one.case_id else None
    files = session.exec(select(Attachment).where(Attachment.contact_id == one.id))
    return {
        **_contact_row(one, found.reference if found else None),
        "from": one.sender_address,
        "subject": one.subject,
        "text": one.text,
        "reply": one.reply,
        "held_because": one.held_because,
        "error": one.error,
        "rules": one.reading.get("rules", []),
        "problems": one.reading.get("problems", []),
        "possible_duplicates": possible_duplicates(session, one.case_id).get(one.id, []) if one.case_id else [],
        "attachments": [{"name": row.name, "type": row.type, "size": row.size, "sha256": row.sha256} for row in files],
        "raw_sha256": one.raw_sha256,
    }


def raw(session: Session, number: int) -> bytes:
    return session.get_one(Blob, _contact(session, number).raw_sha256).content


def find(session: Session, reference: str) -> Case:
    found = session.exec(select(Case).where(Case.reference == reference.upper())).first()
    if found is None:
        raise Unknown(f"There is no case {reference}. See: redress case list")
    return found


def _contact(session: Session, number: int) -> Contact:
    one = session.get(Contact, number)
    if one is None:
        raise Unknown(f"There is no contact {number}. See: redress contact list")
    return one


def _row(found: Case, handler: str | None, now: datetime) -> dict[str, Any]:
    late = found.state == "open" and found.next_due is not None and found.next_due <= now
    return {
        "reference": found.reference,
        "procedure": found.procedure,
        "stage": found.stage,
        "state": found.state,
        "channel": found.channel,
        "received_at": found.received_at.isoformat(),
        "next_due": _due_date(found),
        "next_clock": found.next_clock,
        "overdue": late,
        "urgent": found.urgent_at is not None,
        "handler": handler,
        "kind": found.kind,
        "outcome": found.outcome,
    }


def _due_date(found: Case) -> str | None:
    """The London date on which it is due: the day before the midnight from which it is late."""
    from datetime import timedelta

    return (london(found.next_due - timedelta(seconds=1))).isoformat() if found.next_due else None


def _clocks(session: Session, found: Case, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": clock.id,
            "state": clock.state,
            "start": clock.start,
            "base_due": clock.base_due,
            "due": clock.due,
            "promised": clock.promised,
            "met_at": clock.met_at,
            "because": [{"date": row.date, "text": row.text, "source": row.source} for row in clock.because],
        }
        for clock in standing_of(session, found, now).clocks
    ]


def _contact_row(one: Contact, reference: str | None) -> dict[str, Any]:
    return {
        "id": one.id,
        "received_at": one.received_at.isoformat(),
        "channel": one.channel,
        "recipient": one.recipient,
        "standing": one.standing,
        "kind": one.kind,
        "case": reference,
    }
