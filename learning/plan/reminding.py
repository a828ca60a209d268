"""Reminders of an action's dates: whether one is still owed, whom it tells, and how the date came about."""

from collections.abc import Iterator
from datetime import date

from sqlmodel import select

from learning.lesson.told import behind_lesson
from learning.nudging import write_to
from learning.plan import giving
from learning.plan.dates import NUDGES, may_still_come
from learning.record import events, note
from learning.words import word
from storage.tables import Action, ActionPlan, LearningEvent, Lesson, Reminder, Staff
from templates.dates import with_weekday
from templates.writing import write
from workflow import tasks
from workflow.office import Act
from workflow.reminders import Kind

DATE_OF = {"start": "starts", "review": "review_on", "complete": "completes", "check": "check_on", "audit": "audit_on"}


def locked(act: Act, action_id: int) -> Action | None:
    """The action, locked; None at once where another has it."""
    query = select(Action).where(Action.id == action_id).with_for_update(key_share=True, skip_locked=True)
    return act.session.exec(query.execution_options(populate_existing=True)).first()


def is_owed(_act: Act, action: Action, due: Reminder) -> bool:
    """Whether what it speaks of is still to be done, by that date."""
    return may_still_come(action, due)


def tell(act: Act, action: Action, due: Reminder) -> None:
    """Write to everyone whom this reminder or escalation is for; a task says so where there is nobody."""
    plan = act.session.get_one(ActionPlan, action.plan_id)
    lesson = act.session.get_one(Lesson, plan.lesson_id)
    told = giving.answerable(act, action, due.role)
    written = write(f"action_{due.kind}", _facts(act, lesson, action, due))
    write_to(act, told, f"action_{due.kind}", f"{action.id}:{due.clock}:{due.due}", written)
    if not told:
        words_ = f"Nobody could be told of a {due.kind} of action {action.id}. Give its service a manager"
        data = {"page": f"/desk/actions/{action.id}"}
        tasks.add(act, None, "nobody_told", f"nobody_told:action:{action.id}:{due.role}", words_, data)
    data_ = {"step": due.clock, "due": due.due.isoformat(), "role": due.role, "staff": [one.id for one in told]}
    note(act, plan.lesson_id, f"action.{due.kind}", action=action, data=data_)


ACTION = Kind(locked, is_owed, tell)


def _facts(act: Act, lesson: Lesson, action: Action, due: Reminder) -> dict[str, object]:
    owner = act.session.get(Staff, action.owner_id) if action.owner_id else None
    return {
        **giving.facts_of(act, lesson, action),
        "step": word("step", due.clock),
        "due": with_weekday(due.due),
        "owner": f"with {owner.name}" if owner else f"with the team {action.team}",
        "to_do": word("to_do", due.clock),
        "because": list(_because(act, lesson, action, due)),
        "why_told": word("why_told", due.role),
    }


def _because(act: Act, lesson: Lesson, action: Action, due: Reminder) -> Iterator[str]:
    """How the date was counted: set in the plan, moved since, and on which day who is told."""
    moved, who = False, behind_lesson(act.session, lesson.id or 0)
    for event in events(act.session, lesson.id or 0, action_id=action.id):
        if event.name == "action.agreed":
            yield f"{with_weekday(event.at)}: the plan was agreed by {event.by}"
        elif event.name == "action.failed" and due.clock == "reopen":
            yield f"{with_weekday(event.at)}: it did not work ({event.by}). A new date is to be set within 7 days"
        elif (old_new := _moved(event, due.clock)) is not None:
            moved = True
            yield f"{with_weekday(event.at)}: {event.by} moved the date{_from(old_new)}: {who.out_of(event.because)}"
    if not moved and due.clock in DATE_OF:
        yield f"{with_weekday(due.due)}: the date that the plan set"
    yield _rule(due)


def _moved(event: LearningEvent, step: str) -> list[str | None] | None:
    """The old and the new date, if this event moved the one of this step."""
    name = DATE_OF.get(step, "")
    if event.name == "action.progress" and name == "review_on":
        return event.data.get("review_on")
    return event.data.get("dates", {}).get(name) if name else None


def _from(old_new: list[str | None]) -> str:
    return f" from {with_weekday(date.fromisoformat(old_new[0]))}" if old_new[0] else ""


def _rule(due: Reminder) -> str:
    days = sorted({days for kind, days, _ in NUDGES if kind == "reminder"})
    if due.kind == "reminder":
        return f"Reminders go {-days[0]} working days before the date and on it"
    return "It is late from the midnight after the date; managers are told 1 working day after, leaders after 5"
