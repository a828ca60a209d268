"""What is due next on an action, and who is reminded of it on which day; rows of reminders like those of cases."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import col, select

from learning.nudging import Nudge, nudges, renew
from storage.tables import Action, Reminder
from workflow.office import Act
from workflow.working_days import late_from, london

TAKE_UP_WITHIN = timedelta(days=7)  # our own rule: what did not work gets a new date within a week

# Our own rule: the owner first, then who answers for it.
NUDGES: tuple[Nudge, ...] = (
    ("reminder", -5, ("owner",)),
    ("reminder", 0, ("owner",)),
    ("escalation", 1, ("owner", "manager")),
    ("escalation", 5, ("senior_lead",)),
)


@dataclass(frozen=True)
class Step:
    """Something due on an action by the end of a London day: start, review, complete, check, audit or reopen."""

    name: str
    due: date


def open_steps(action: Action) -> list[Step]:
    """What is due on an action as it stands, the first date first. Pure."""
    dates = {
        "agreed": {"start": action.starts},
        "in_progress": {"review": action.review_on, "complete": action.completes},
        "done": {"check": action.check_on},
        "checked": {"audit": action.audit_on},
        "embedded": {"audit": action.audit_on},
        "failed": {"reopen": london(action.failed_at) + TAKE_UP_WITHIN if action.failed_at else None},
    }.get(action.state, {})
    return sorted((Step(name, due) for name, due in dates.items() if due), key=lambda step: (step.due, step.name))


def project(act: Act, action: Action) -> None:
    """Rewrite what an action shows in lists, and its reminders still to come, after each change."""
    steps = open_steps(action)
    action.next_step = steps[0].name if steps else None
    action.next_due = late_from(steps[0].due) if steps else None
    act.session.add(action)
    act.session.flush()
    about = ("action", action.id or 0)
    renew(act, about, [row for step in steps for row in nudges(act, action.organisation_id,
                       f"action:{action.id}:{step.name}", about, step.name, step.due, NUDGES)])  # fmt: skip


def may_still_come(action: Action, due: Reminder) -> bool:
    """Whether the step and the date that a reminder speaks of are still those of the action."""
    return any(step.name == due.clock and step.due == due.due for step in open_steps(action))


def open_reminders(act: Act, action: Action) -> list[Reminder]:
    """The reminders of an action that are still to come, in order."""
    query = select(Reminder).where(Reminder.about == "action", Reminder.about_id == action.id)
    return list(act.session.exec(query.where(col(Reminder.done_at).is_(None)).order_by(col(Reminder.at))))
