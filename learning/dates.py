"""What is due next on an action, and who is reminded of it on which day; rows of reminders like those of cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import col, select

from storage.tables import Action, Reminder
from workflow import bodies
from workflow.office import Act
from workflow.projection import morning
from workflow.working_days import Calendar, calendar_for, late_from, london

TAKE_UP_WITHIN = timedelta(days=7)  # our own rule: what did not work gets a new date within a week

# kind, working days from the date (before it when negative), and who is told: the owner first, then who answers for it
NUDGES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
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
    calendar = calendar_for(bodies.organisation(act.session, action.organisation_id).nation)
    wanted = {row.key: row for step in steps for row in _reminders(action, step, calendar)}
    query = select(Reminder).where(Reminder.about == "action", Reminder.about_id == action.id)
    existing = {row.key: row for row in act.session.exec(query)}
    for key, row in existing.items():
        if row.done_at is None and key not in wanted:
            act.session.delete(row)
    act.session.add_all(row for key, row in wanted.items() if key not in existing and _is_wanted(row, london(act.now)))


def _is_wanted(row: Reminder, today: date) -> bool:
    """A reminder whose day had passed before it was known would only confuse; an escalation is still due."""
    return row.kind == "escalation" or london(row.at) >= today


def _reminders(action: Action, step: Step, calendar: Calendar) -> Iterator[Reminder]:
    for kind, days, roles in NUDGES:
        on = calendar.add(step.due, days)
        for role in roles:
            yield Reminder(
                key=f"action:{action.id}:{step.name}:{kind}:{step.due}:{on}:{role}",
                about="action",
                about_id=action.id,
                clock=step.name,
                kind=kind,
                at=morning(on),
                due=step.due,
                role=role,
            )


def may_still_come(action: Action, due: Reminder) -> bool:
    """Whether the step and the date that a reminder speaks of are still those of the action."""
    return any(step.name == due.clock and step.due == due.due for step in open_steps(action))


def open_reminders(act: Act, action: Action) -> list[Reminder]:
    """The reminders of an action that are still to come, in order."""
    query = select(Reminder).where(Reminder.about == "action", Reminder.about_id == action.id)
    return list(act.session.exec(query.where(col(Reminder.done_at).is_(None)).order_by(col(Reminder.at))))
