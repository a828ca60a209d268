"""Reminders before a date and on it, escalations after it: due rows that are claimed, written and marked in one act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from storage.tables import Deadline, Reminder
from workflow import case_reminders
from workflow.office import Act
from workflow.record import bring_up_to_date, lock_if_free
from workflow.safety import CLOCK as SAFETY
from workflow.working_days import london


@dataclass(frozen=True)
class Kind:
    """One kind of thing that has dates to be reminded of; `app/reminding.py` lists them all.

    `locked` gives the thing with this number, nobody else's to change until the transaction ends, or None at once
    where another has it or it is gone. `is_owed` says whether the reminder's date still stands and is not kept;
    `tell` writes to everyone whom it is for.
    """

    locked: Callable[[Act, int], Any]
    is_owed: Callable[[Act, Any, Reminder], bool]
    tell: Callable[[Act, Any, Reminder], None]


Kinds = Mapping[str, Kind]
CASES: Kinds = {"case": Kind(case_reminders.locked, case_reminders.is_owed, case_reminders.tell)}


def due(act: Act, most: int | None = None) -> list[int]:
    """Ids of the reminders that are due, the longest due first; reads no others."""
    query = select(Reminder.id).where(col(Reminder.done_at).is_(None), Reminder.at <= act.now)
    return [id_ for id_ in act.session.exec(query.order_by(col(Reminder.at), col(Reminder.id)).limit(most)) if id_]


def send(act: Act, reminder_id: int, kinds: Kinds = CASES) -> bool:
    """Send one reminder to everyone it is for, and mark it done. False, and nothing, if another has it or did it.

    Many rows are done in one commit, so nobody waits for the thing it is about: two that hold many might wait for
    each other. The thing is locked before its reminder is read.
    """
    query = select(Reminder).where(Reminder.id == reminder_id, col(Reminder.done_at).is_(None))
    named = select(Reminder.about, Reminder.case_id, Reminder.about_id).where(Reminder.id == reminder_id)
    about = act.session.exec(named).first()
    if about is None:
        return False
    kind = kinds[about[0]]
    thing = kind.locked(act, about[1] or about[2] or 0)
    reminder = act.session.exec(query.execution_options(populate_existing=True)).first()
    if thing is None or reminder is None:
        return False
    reminder.done_at = act.now
    act.session.add(reminder)
    if kind.is_owed(act, thing, reminder) and not _is_past(reminder, act.now):
        kind.tell(act, thing, reminder)
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
    case = lock_if_free(
        act.session, act.session.exec(select(Deadline.case_id).where(Deadline.id == deadline_id)).first()
    )
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
