"""Reminders before a date and on it, escalations after it: due rows that are claimed, written and marked in one act."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import Case, Deadline, Reminder, Staff
from templates.dates import with_time, with_weekday
from templates.writing import write
from workflow import outbox, people, tasks, triage
from workflow import procedure as procedures
from workflow.office import Act
from workflow.outbox import To, Words
from workflow.record import bring_up_to_date, lock_if_free, note, standing_of
from workflow.safety import CLOCK as SAFETY
from workflow.working_days import london

ALARM_EVERY = timedelta(days=1)


def due(act: Act, most: int | None = None) -> list[int]:
    """Ids of the reminders that are due, the longest due first; reads no others."""
    query = select(Reminder.id).where(col(Reminder.done_at).is_(None), Reminder.at <= act.now)
    return [id_ for id_ in act.session.exec(query.order_by(col(Reminder.at), col(Reminder.id)).limit(most)) if id_]


def send(act: Act, reminder_id: int) -> bool:
    """Send one reminder to everyone it is for, and mark it done. False, and nothing, if another has it or did it."""
    case = _free_case(act, select(Reminder.case_id).where(Reminder.id == reminder_id))
    query = select(Reminder).where(Reminder.id == reminder_id, col(Reminder.done_at).is_(None))
    reminder = act.session.exec(query.execution_options(populate_existing=True)).first()
    if case is None or reminder is None:
        return False
    reminder.done_at = act.now
    act.session.add(reminder)
    if reminder.kind == "alarm":
        _alarm(act, case, reminder)
    elif _still_owed(act.session, case, reminder) and not _is_past(reminder, act.now):
        _remind(act, case, reminder)
    return True


def _is_past(reminder: Reminder, now: datetime) -> bool:
    """A reminder of a day that has gone by, after an outage, only confuses: the escalation says that it is late."""
    return reminder.kind == "reminder" and london(now) > reminder.due


def passed(act: Act, most: int | None = None) -> list[int]:
    """Ids of the deadlines that have passed and are not yet marked late; reads no others."""
    query = select(Deadline.id).where(*_has_passed(act.now))
    return [id_ for id_ in act.session.exec(query.order_by(col(Deadline.due_at), col(Deadline.id)).limit(most)) if id_]


def mark_late(act: Act, deadline_id: int) -> bool:
    """Mark a deadline as late, and bring its case up to date. False, and nothing, if another has it or did it."""
    case = _free_case(act, select(Deadline.case_id).where(Deadline.id == deadline_id))
    query = select(Deadline).where(Deadline.id == deadline_id, *_has_passed(act.now))
    deadline = act.session.exec(query.execution_options(populate_existing=True)).first()
    if case is None or deadline is None:
        return False
    deadline.state = "overdue"
    act.session.add(deadline)
    if deadline.clock != SAFETY:
        bring_up_to_date(act.session, case, act.now)
    return True


def _has_passed(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return col(Deadline.due_at) <= now, col(Deadline.met_at).is_(None), col(Deadline.state) != "overdue"


def _free_case(act: Act, of: SelectOfScalar[int]) -> Case | None:
    """The case of a due row, locked before the row is read; None where another has it, or the row is gone.

    Many rows are done in one commit, so nobody waits here: two that hold many cases might wait for each other.
    """
    return lock_if_free(act.session, act.session.exec(of).first())


def _still_owed(session: Session, case: Case, due: Reminder) -> bool:
    row = session.exec(select(Deadline).where(Deadline.case_id == case.id, Deadline.clock == due.clock)).first()
    if row is None or row.due_at is None:
        return False
    return due.due == (row.due if due.kind == "escalation" else keep_by(row))


def keep_by(row: Deadline) -> date | None:
    """The date to keep: the rule's, or an earlier one that the person was told."""
    return min(row.promised, row.due) if row.promised and row.due else row.due


def _remind(act: Act, case: Case, due: Reminder) -> None:
    clock = standing_of(act.session, case, act.now).clock(due.clock)
    handler = act.session.get(Staff, case.handler_id) if case.handler_id else None
    facts = {
        **triage.staff_facts(act, case),
        "clock": procedures.load(case.procedure).clock(due.clock).title,
        "due": with_weekday(due.due),
        "days_left": "",
        "because": [f"{with_weekday(row.date)}: {row.text} ({row.source})" for row in clock.because],
        "role": due.role.replace("_", " "),
        "handler": f"handler: {handler.name}" if handler else "no handler yet",
    }
    written = write(due.kind, facts)
    told = _told(act, case, due)
    for one in told:
        # One mail a person, date and clock, though they may hold several of the roles it goes to.
        key = f"{due.kind}:{case.id}:{due.clock}:{due.due}:{due.at:%Y%m%d}:{one.id}"
        to = To(one.email, staff_id=one.id)
        outbox.owe(act, key, due.kind, to, Words(written.subject, written.text, written.html), case=case)
    data = {"clock": due.clock, "due": due.due.isoformat(), "role": due.role, "staff": [one.id for one in told]}
    note(act, case, f"{due.kind}.sent", data=data)


def _alarm(act: Act, case: Case, due: Reminder) -> None:
    facts = {**triage.staff_facts(act, case), "kinds": case.urgent_because or "", "by": with_time(due.at)}
    written = write("safety_alarm", facts)
    told = _told(act, case, due)
    for one in told:
        to = To(one.email, staff_id=one.id)
        outbox.owe(
            act,
            f"{due.key}:{one.id}",
            "safety_alarm",
            to,
            Words(written.subject, written.text, written.html),
            case=case,
        )
    note(act, case, "safety.alarm", data={"role": due.role, "staff": [one.id for one in told]})
    _alarm_again(act, due)


def _alarm_again(act: Act, due: Reminder) -> None:
    """Each day until somebody has looked: the review marks what waits as done."""
    first = due.key.partition("@")[0]
    at = act.now + ALARM_EVERY
    again = Reminder(
        key=f"{first}@{at:%Y%m%d%H%M}",
        case_id=due.case_id,
        clock=due.clock,
        kind=due.kind,
        at=at,
        due=due.due,
        role=due.role,
    )
    act.session.add(again)


def _told(act: Act, case: Case, due: Reminder) -> list[Staff]:
    """Who is told; where there is nobody, a task says so instead, or it would be missed in silence."""
    told = people.holding(act.session, case, due.role)
    if not told:
        words = f"Nobody could be told of a {due.kind} ({due.role.replace('_', ' ')}). Give this service a manager."
        tasks.add(act, case, "nobody_told", f"nobody_told:{case.id}:{due.role}", words)
    return told
