"""How a case looks in a list: what it is, what comes next and when, and whether that is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from storage.tables import Case, Service, Staff
from workflow import procedure as procedures
from workflow.working_days import london


@dataclass(frozen=True)
class Row:
    """One case in a list."""

    reference: str
    summary: str
    service: str
    stage: str
    handler: str
    received: date
    due: date | None
    due_for: str
    is_late: bool
    days_late: int
    urgent_because: str
    is_urgent: bool
    is_open: bool
    outcome: str


def rows(session: Session, cases: Sequence[Case], now: datetime) -> list[Row]:
    """The cases with the names that their numbers stand for."""
    services = dict(session.exec(select(Service.id, Service.name)).all())
    ids = {case.handler_id for case in cases if case.handler_id}
    handlers = dict(session.exec(select(Staff.id, Staff.name).where(col(Staff.id).in_(ids))).all()) if ids else {}
    return [_row(case, services.get(case.service_id, ""), handlers.get(case.handler_id, ""), now) for case in cases]


def in_order(cases: Iterable[Case], ids: Sequence[int]) -> list[Case]:
    """The cases in the order of these ids."""
    found = {case.id: case for case in cases}
    return [found[id_] for id_ in ids if id_ in found]


def _row(case: Case, service: str, handler: str, now: datetime) -> Row:
    rule = procedures.load(case.procedure)
    due = london(case.next_due) - timedelta(days=1) if case.next_due else None  # it is late from the midnight after
    is_late = case.next_due is not None and case.next_due <= now
    return Row(
        case.reference,
        case.summary,
        service,
        rule.stage(case.stage).title if case.stage else "",
        handler,
        london(case.received_at),
        due,
        rule.clock(case.next_clock).title if case.next_clock else "",
        is_late,
        (london(now) - due).days if due and is_late else 0,
        case.urgent_because or "",
        case.urgent_at is not None,
        case.state == "open",
        (case.outcome or "").replace("_", " "),
    )
