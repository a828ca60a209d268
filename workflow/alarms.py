"""Alarms about the installation itself: a calendar that runs out, what nobody has looked at, reminders that fail."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import Contact, Organisation, Reminder, Task
from workflow import tasks
from workflow.office import Act
from workflow.working_days import covers_until, london, runs_out_soon

LOOK_WITHIN = timedelta(days=1)  # at what is held or in quarantine
REMIND_WITHIN = timedelta(hours=1)


def raise_due(act: Act) -> None:
    """Make a task, once, for each alarm that is due now."""
    for nation in act.session.exec(select(Organisation.nation).distinct()):
        if runs_out_soon(act.now, nation):
            until = covers_until(nation)
            words = f"The bank holidays of {nation} are only known until {until}. Install a newer version of Redress."
            raise_once(act, "calendar", f"calendar:{nation}:{until}", words)
    quarantined = select(Contact).where(Contact.standing == "quarantined")
    if (oldest := _oldest(act, quarantined)) and act.now - oldest.received_at > LOOK_WITHIN:
        words = "Something that came in could not be filed and nobody has looked at it for a day. See the quarantine."
        raise_once(act, "quarantine", f"quarantine:{oldest.id}", words)
    held = select(Contact).where(Contact.standing == "waiting", col(Contact.held_because).is_not(None))
    if (oldest := _oldest(act, held)) and act.now - (oldest.processed_at or oldest.received_at) > LOOK_WITHIN:
        words = "Something is held beside a case and nobody has decided on it for a day. See the tasks of kind held."
        raise_once(act, "held_long", f"held_long:{oldest.id}", words)


def of_reminder(act: Act, reminder_id: int) -> None:
    """One could not be sent: when that is so for an hour, it does not mend itself, and what it reminds of is missed."""
    reminder = act.session.get(Reminder, reminder_id)
    if reminder is not None and act.now - reminder.at > REMIND_WITHIN:
        words = "A reminder or escalation could not be sent for an hour, and others may fail with it. Look at the log."
        raise_once(act, "reminder_failing", f"reminder_failing:{london(act.now)}", words)  # one a day, however many


def _oldest(act: Act, query: SelectOfScalar[Contact]) -> Contact | None:
    return act.session.exec(query.order_by(col(Contact.id)).limit(1)).first()


def raise_once(act: Act, kind: str, key: str, words: str) -> None:
    """Make the task; where another worker's tick makes it at this very moment, once is enough."""
    with suppress(IntegrityError), act.session.begin_nested():
        tasks.add(act, None, kind, key, words)


def open_alarms(act: Act) -> list[Task]:
    """The alarms that nobody has dealt with."""
    query = select(Task).where(col(Task.service_id).is_(None), col(Task.case_id).is_(None), col(Task.done_at).is_(None))
    return list(act.session.exec(query))
