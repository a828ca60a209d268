"""What tables keep of a case's standing, so that worklist and sweep are indexed queries: never the truth itself."""

from collections.abc import Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from storage.tables import Case, Deadline, Reminder
from workflow.safety import CLOCK as SAFETY
from workflow.standing import ClockStanding, Standing
from workflow.working_days import late_from, london

LONDON = ZoneInfo("Europe/London")
MORNING = time(8)  # when reminders of a day go out


def project(session: Session, case: Case, standing: Standing, now: datetime) -> None:
    """Rewrite the case's columns, its deadline rows and its reminders still to come."""
    if standing.state == "closed" and case.state != "closed":
        case.closed_at = now
    elif standing.state == "open":
        case.closed_at = None
    case.stage, case.state, case.outcome = standing.stage, standing.state, standing.outcome
    next_clock = standing.next_due
    case.next_clock = next_clock.id if next_clock else None
    case.next_due = late_from(next_clock.due) if next_clock and next_clock.due else None
    _project_deadlines(session, case, standing)
    _project_reminders(session, case, standing, now)
    session.add(case)


def _project_deadlines(session: Session, case: Case, standing: Standing) -> None:
    rows = {row.clock: row for row in session.exec(select(Deadline).where(Deadline.case_id == case.id))}
    for clock in standing.clocks:
        row = rows.pop(clock.id, None)
        if row is None and clock.state == "not_started":
            continue
        row = row or Deadline(case_id=_id(case), clock=clock.id, state="")
        row.state, row.start, row.base_due = clock.state, clock.start, clock.base_due
        row.due, row.promised, row.met_at = clock.due, clock.promised, clock.met_at
        row.due_at = late_from(clock.due) if clock.is_owed and clock.state != "paused" and clock.due else None
        session.add(row)
    for clock_id, row in rows.items():
        if clock_id != SAFETY:
            session.delete(row)


def _project_reminders(session: Session, case: Case, standing: Standing, now: datetime) -> None:
    wanted = {row.key: row for clock in standing.clocks for row in _reminders(case, clock)}
    existing = {row.key: row for row in session.exec(select(Reminder).where(Reminder.case_id == case.id))}
    for key, row in existing.items():
        if row.done_at is None and key not in wanted and row.clock != SAFETY:
            session.delete(row)
    today = london(now)
    for key, row in wanted.items():
        # A reminder whose day had passed before it was known would only confuse; an escalation is still due.
        if key not in existing and (row.kind == "escalation" or london(row.at) >= today):
            session.add(row)


def _reminders(case: Case, clock: ClockStanding) -> Iterator[Reminder]:
    if not clock.is_owed or clock.state == "paused" or clock.due is None:
        return
    for kind, nudges in (("reminder", clock.reminders), ("escalation", clock.escalations)):
        for nudge in nudges:
            for role in nudge.to:
                yield Reminder(
                    key=f"{case.id}:{clock.id}:{kind}:{clock.due}:{nudge.at}:{role}",
                    case_id=_id(case),
                    clock=clock.id,
                    kind=kind,
                    at=morning(nudge.at),
                    due=clock.due,
                    role=role,
                )


def morning(day: date) -> datetime:
    """Eight o'clock in London on a day."""
    return datetime.combine(day, MORNING, LONDON)


def _id(case: Case) -> int:
    assert case.id is not None
    return case.id
