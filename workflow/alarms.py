"""Alarms about the installation itself: a calendar that runs out, contacts that nobody has looked at."""

from datetime import timedelta

from sqlmodel import col, select

from storage.tables import Contact, Organisation, Task
from workflow import tasks
from workflow.office import Act
from workflow.working_days import covers_until, runs_out_soon

LOOK_WITHIN = timedelta(days=1)  # at what is held or in quarantine


def raise_due(act: Act) -> None:
    """Make a task, once, for each alarm that is due now."""
    for nation in act.session.exec(select(Organisation.nation).distinct()):
        if runs_out_soon(act.now, nation):
            until = covers_until(nation)
            words = f"The bank holidays of {nation} are only known until {until}. Install a newer version of Redress."
            tasks.add(act, None, "calendar", f"calendar:{nation}:{until}", words)
    oldest = act.session.exec(
        select(Contact).where(Contact.standing == "quarantined").order_by(col(Contact.id)).limit(1)
    ).first()
    if oldest is not None and act.now - oldest.received_at > LOOK_WITHIN:
        words = "Something that came in could not be filed and nobody has looked at it for a day. See the quarantine."
        tasks.add(act, None, "quarantine", f"quarantine:{oldest.id}", words)


def open_alarms(act: Act) -> list[Task]:
    """The alarms that nobody has dealt with."""
    query = select(Task).where(col(Task.service_id).is_(None), col(Task.case_id).is_(None), col(Task.done_at).is_(None))
    return list(act.session.exec(query))
