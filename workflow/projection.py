"""What tables keep of a case's standing, so that worklist and sweep are indexed queries: never the truth itself."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel, insert, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.gathered import gather
from storage.tables import Case, Deadline, Reminder
from workflow.safety import CLOCK as SAFETY
from workflow.standing import ClockStanding, Standing
from workflow.working_days import late_from, london

Row = TypeVar("Row", Deadline, Reminder)
LONDON = ZoneInfo("Europe/London")
DEADLINES, REMINDERS = (insert(SQLModel.metadata.tables[name]) for name in ("deadline", "reminder"))
MORNING = time(8)  # when reminders of a day go out


def project(session: Session, case: Case, standing: Standing, now: datetime) -> None:
    """Rewrite the case's columns, its deadline rows and its reminders still to come."""
    project_case(case, standing)
    _project_deadlines(session, case, standing)
    _project_reminders(session, case, standing, now)
    session.add(case)


def project_new(session: Session, case: Case, standing: Standing, now: datetime) -> None:
    """The deadlines and reminders of a case that has none yet: nothing to read, and written with those of others."""
    today = london(now)
    reminders = (row for clock in standing.clocks for row in _reminders(case, clock) if _is_wanted(row, today))
    gather(session, DEADLINES, ({"case_id": case.id, **_columns(clock)} for clock in _begun(standing)))
    gather(session, REMINDERS, reminders)


def project_case(case: Case, standing: Standing) -> None:
    """Rewrite the case's own columns."""
    case.stage, case.state, case.outcome = standing.stage, standing.state, standing.outcome
    next_clock = standing.next_due
    case.next_clock = next_clock.id if next_clock else None
    case.next_due = late_from(next_clock.keep_by) if next_clock and next_clock.keep_by else None


def _project_deadlines(session: Session, case: Case, standing: Standing) -> None:
    rows = {row.clock: row for row in session.exec(_anew(Deadline, case))}
    for clock in _begun(standing):
        row = rows.pop(clock.id, None) or Deadline(case_id=_id(case), clock=clock.id, state="")
        for name, value in _columns(clock).items():
            if getattr(row, name) != value:
                setattr(row, name, value)
        session.add(row)
    for clock_id, row in rows.items():
        if clock_id != SAFETY:
            session.delete(row)


def _anew(table: type[Row], case: Case) -> SelectOfScalar[Row]:
    """The rows of a case as they are now that it is locked: what this session held of them may be older."""
    return select(table).where(table.case_id == case.id).execution_options(populate_existing=True)


def _begun(standing: Standing) -> Iterator[ClockStanding]:
    return (clock for clock in standing.clocks if clock.state != "not_started")


def _columns(clock: ClockStanding) -> dict[str, Any]:
    is_running = clock.is_owed and clock.state != "paused"
    return {
        "clock": clock.id,
        "state": clock.state,
        "start": clock.start,
        "base_due": clock.base_due,
        "due": clock.due,
        "promised": clock.promised,
        "due_at": late_from(clock.due) if is_running and clock.due else None,
        "met_at": clock.met_at,
    }


def _project_reminders(session: Session, case: Case, standing: Standing, now: datetime) -> None:
    wanted = {row["key"]: row for clock in standing.clocks for row in _reminders(case, clock)}
    existing = {row.key: row for row in session.exec(_anew(Reminder, case))}
    for key, row in existing.items():
        if row.done_at is None and key not in wanted and row.clock != SAFETY:
            session.delete(row)
    new = [row for key, row in wanted.items() if key not in existing and _is_wanted(row, london(now))]
    session.add_all(Reminder(**row) for row in new)


def _is_wanted(reminder: Mapping[str, Any], today: date) -> bool:
    """A reminder whose day had passed before it was known would only confuse; an escalation is still due."""
    return reminder["kind"] == "escalation" or london(reminder["at"]) >= today


def _reminders(case: Case, clock: ClockStanding) -> Iterator[dict[str, Any]]:
    """The columns of each reminder that this clock wants now, one for each role."""
    if not clock.is_owed or clock.state == "paused" or clock.keep_by is None:
        return
    for kind, nudges in (("reminder", clock.reminders), ("escalation", clock.escalations)):
        due = clock.keep_by if kind == "reminder" else clock.due
        for nudge in nudges:
            for role in nudge.to:
                yield {
                    "key": f"{case.id}:{clock.id}:{kind}:{due}:{nudge.at}:{role}",
                    "case_id": _id(case),
                    "clock": clock.id,
                    "kind": kind,
                    "at": morning(nudge.at),
                    "due": due,
                    "role": role,
                }


def morning(day: date) -> datetime:
    """Eight o'clock in London on a day."""
    return datetime.combine(day, MORNING, LONDON)


def _id(case: Case) -> int:
    assert case.id is not None
    return case.id
