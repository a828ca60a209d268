"""The plan of a lesson: its owner, how things are put right and made to last, its actions, and agreeing it."""

from sqlmodel import select

from learning.afterwards import informed
from learning.lesson.asked import colleague, colleagues
from learning.lesson.situation import LessonNow
from learning.lesson.told import refuse_named_actions
from learning.plan import dates, elements, plans
from learning.plan.giving import give
from learning.record import note
from learning.verb import ANSWERABLE, Field, Given, Refused, Verb, text
from storage.tables import Action, ActionPlan, Lesson, Staff
from workflow.office import Act


def set_plan(act: Act, now_there: LessonNow, given: Given) -> None:
    """Say who owns the plan, how the matter is put right for the person, and how the learning will last."""
    plan = now_there.plan or _draft(act, now_there)
    was = {"owner": plan.owner_id, "put_right": plan.put_right, "embedded_when": plan.embedded_when}
    staff = colleague(act, text(given, "owner"), "owner")
    plan.owner_id = staff.id if staff else None
    plan.put_right, plan.embedded_when = text(given, "put_right"), text(given, "embedded_when")
    act.session.add(plan)
    note(act, now_there.id, "plan.changed", data={"was": was})


def add_action(act: Act, now_there: LessonNow, given: Given) -> Action:
    """Add an action to the plan, as a draft."""
    plan = now_there.plan or _draft(act, now_there)
    action = Action(
        plan_id=plan.id or 0,
        organisation_id=now_there.lesson.organisation_id,
        service_id=now_there.lesson.service_id,
    )
    elements.fill(act, action, given)
    plan.closed_at = now_there.lesson.closed_at = None
    act.session.add_all([plan, action, now_there.lesson])
    act.session.flush()
    note(act, now_there.id, "action.added", action=action, data={"what": action.what})
    return action


def agree(act: Act, now_there: LessonNow, given: Given) -> None:
    """Agree the plan: every drafted action is agreed, and its dates and reminders begin to count."""
    plan = now_there.plan
    lacks = _lacks(now_there)
    if plan is None or lacks:
        raise Refused(" ".join(["The plan can’t be agreed yet.", *(f"{one}." for one in lacks)]))
    refuse_named_actions(act.session, now_there.id, _drafts(now_there))
    plan.agreed_at, plan.agreed_by_id = plan.agreed_at or act.now, plan.agreed_by_id or act.by.staff_id
    act.session.add(plan)
    note(act, now_there.id, "plan.agreed", because=text(given, "because"))
    for action in _drafts(now_there):
        plans.move(action, "agree", now=act.now)
        dates.project(act, action)
        note(act, now_there.id, "action.agreed", action=action)
        give(act, now_there.lesson, action)
    informed.tell(act, now_there.id)


def close_if_ended(act: Act, plan: ActionPlan, lesson_id: int) -> None:
    """A plan is closed when every action has ended; it opens again when one comes back. The lesson goes with it."""
    states = act.session.exec(select(Action.state).where(Action.plan_id == plan.id)).all()
    has_ended = all(state in plans.ENDED for state in states)
    if has_ended == (plan.closed_at is not None):
        return
    lesson = act.session.get_one(Lesson, lesson_id)
    plan.closed_at = lesson.closed_at = act.now if has_ended else None
    act.session.add_all([plan, lesson])
    note(act, lesson_id, "plan.closed" if has_ended else "plan.reopened")
    informed.tell_soon(act, lesson_id)


def _draft(act: Act, now_there: LessonNow) -> ActionPlan:
    plan = ActionPlan(lesson_id=now_there.id, drafted_at=act.now)
    act.session.add(plan)
    act.session.flush()
    note(act, now_there.id, "plan.drafted")
    return plan


def _lacks(now_there: LessonNow) -> list[str]:
    of_actions = [one.words for action in now_there.actions for one in now_there.lacks(action)]
    return list(dict.fromkeys([*(one.words for one in now_there.plan_lacks), *of_actions]))


def _drafts(now_there: LessonNow) -> list[Action]:
    return [action for action in now_there.actions if action.state == "drafted"]


def _may_agree(_act: Act, now_there: LessonNow) -> str | None:
    if not _drafts(now_there):
        return "There is no drafted action to agree." if now_there.actions else "Add an action first."
    return "Mend first what the plan lacks: see the check on this page." if _lacks(now_there) else None


def _plan_fields(act: Act, now_there: LessonNow) -> tuple[Field, ...]:
    plan = now_there.plan
    owner = act.session.get(Staff, plan.owner_id) if plan and plan.owner_id else None
    lesson = now_there.lesson
    return (
        Field("owner", "Who owns the plan", "staff", value=owner.email if owner else "",
              options=colleagues(act, lesson.organisation_id, lesson.service_id)),
        Field("put_right", "How the matter is put right for the person who complained", "long_text",
              value=plan.put_right if plan else "",
              hint="What was or will be done for them, by when. They read it in a letter: write to them"),
        Field("embedded_when", "How the learning will last, and what that will look like", "long_text",
              value=plan.embedded_when if plan else "", hint="What somebody would see a year from now"),
    )  # fmt: skip


PLANNING: tuple[Verb[LessonNow], ...] = (
    Verb("set_plan", "Describe the plan", "Say who owns it, how things are put right, and how the learning will last.",
         set_plan, _plan_fields, lambda _a, _n: None, events=("plan.drafted", "plan.changed")),
    Verb("add_action", "Add an action", "Add an action with the nine elements. You can save a draft and go on later.",
         add_action, lambda act, n: elements.fields(act, n.lesson), lambda _a, _n: None, events=("action.added",),
         is_draft=True),
    Verb("agree", "Agree the plan", "From now on its dates count, and its owners are reminded.", agree,
         lambda _a, _n: (Field("because", "Note", required=False),), _may_agree, roles=ANSWERABLE,
         events=("plan.agreed", "action.agreed")),
)  # fmt: skip
