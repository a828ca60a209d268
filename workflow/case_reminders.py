"""Reminders of a case's dates: whether one is still owed, whom it tells, what it says; and alarms of its safety."""

from datetime import date, timedelta

from sqlmodel import Session, select

from storage.tables import Case, Deadline, Reminder, Staff
from templates.dates import with_time, with_weekday
from templates.writing import write
from workflow import outbox, people, tasks, triage
from workflow import procedure as procedures
from workflow.office import Act
from workflow.outbox import To, Words
from workflow.record import lock_if_free, note, standing_of

ALARM_EVERY = timedelta(days=1)


def locked(act: Act, case_id: int) -> Case | None:
    """The case, locked; None at once where another has it."""
    return lock_if_free(act.session, case_id)


def is_owed(act: Act, case: Case, due: Reminder) -> bool:
    """Whether the date it speaks of is still the date to keep, and not kept; an alarm is owed until looked at."""
    if due.kind == "alarm":
        return True
    row = act.session.exec(select(Deadline).where(Deadline.case_id == case.id, Deadline.clock == due.clock)).first()
    if row is None or row.due_at is None:
        return False
    return due.due == (row.due if due.kind == "escalation" else keep_by(row))


def keep_by(row: Deadline) -> date | None:
    """The date to keep: the rule's, or an earlier one that the person was told."""
    return min(row.promised, row.due) if row.promised and row.due else row.due


def tell(act: Act, case: Case, due: Reminder) -> None:
    """Write to everyone whom this reminder, escalation or alarm is for."""
    if due.kind == "alarm":
        _alarm(act, case, due)
    else:
        _remind(act, case, due)


def _remind(act: Act, case: Case, due: Reminder) -> None:
    clock = standing_of(act.session, case, act.now).clock(due.clock)
    facts = {
        **triage.staff_facts(act, case),
        "clock": procedures.load(case.procedure).clock(due.clock).title,
        "due": with_weekday(due.due),
        "days_left": "",
        "because": [f"{with_weekday(row.date)}: {row.text} ({row.source})" for row in clock.because],
        "role": due.role.replace("_", " "),
        "handler": _handler(act.session, case),
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


def _handler(session: Session, case: Case) -> str:
    handler = session.get(Staff, case.handler_id) if case.handler_id else None
    return f"handler: {handler.name}" if handler else "no handler yet"


def _alarm(act: Act, case: Case, due: Reminder) -> None:
    facts = {**triage.staff_facts(act, case), "kinds": case.urgent_because or "", "by": with_time(due.at)}
    written = write("safety_alarm", facts)
    told = _told(act, case, due)
    for one in told:
        to, words = To(one.email, staff_id=one.id), Words(written.subject, written.text, written.html)
        outbox.owe(act, f"{due.key}:{one.id}", "safety_alarm", to, words, case=case)
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
