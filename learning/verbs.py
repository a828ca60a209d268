"""Everything that can be done with a lesson or an action, in two visible tables, and the one way to do any of it."""

from collections.abc import Mapping
from typing import TypeVar

from learning.lesson.learners import LEARNERS
from learning.lesson.lessons import LESSONS
from learning.lesson.situation import ActionNow, LessonNow, Sees, action_now, lesson_now, sees_none
from learning.plan.action_verbs import ACTIONS
from learning.plan.actions import settle
from learning.plan.planning import PLANNING
from learning.plan.plans import IllegalStep
from learning.record import lock
from learning.verb import Given, Refused, Verb, may_not
from storage.tables import Action, ActionPlan
from workflow.casework.verbs import ChangedMeanwhile
from workflow.office import Act
from workflow.working_days import london

LESSON_VERBS: Mapping[str, Verb[LessonNow]] = {verb.name: verb for verb in (*LESSONS, *LEARNERS, *PLANNING)}
ACTION_VERBS: Mapping[str, Verb[ActionNow]] = {verb.name: verb for verb in ACTIONS}
Thing = TypeVar("Thing", LessonNow, ActionNow)


def do(
    act: Act, lesson_id: int, name: str, given: Given, *, seen_version: int | None = None, sees: Sees = sees_none
) -> None:
    """Do something with a lesson or its plan, in the act's transaction. Refused says why not, and nothing has changed.

    `seen_version` is the lesson's when the person was shown it: ChangedMeanwhile if it moved on since. `sees` finds
    complaints by reference, of those that whoever acts may see.
    """
    lesson = lock(act.session, lesson_id)
    _must_be_as_seen(lesson.version, seen_version, "lesson")
    _try(act, LESSON_VERBS, name, lesson_now(act.session, lesson, london(act.now), sees), given)
    lesson.version += 1
    act.session.add(lesson)


def do_action(act: Act, action_id: int, name: str, given: Given, *, seen_version: int | None = None) -> None:
    """Do something with an action; as `do`. The lesson is locked, and with it all its actions."""
    plan = act.session.get_one(ActionPlan, act.session.get_one(Action, action_id).plan_id)
    lock(act.session, plan.lesson_id)
    # Its own row too, which a sweep for reminders that are due locks.
    action = act.session.get_one(Action, action_id, populate_existing=True, with_for_update={"key_share": True})
    _must_be_as_seen(action.version, seen_version, "action")
    now_there = action_now(act.session, action, london(act.now))
    _try(act, ACTION_VERBS, name, now_there, given)
    action.version += 1
    settle(act, now_there)


def why_nots(act: Act, verbs: Mapping[str, Verb[Thing]], now_there: Thing) -> dict[str, str | None]:
    """For each verb: None when this person may do it now, else why not."""
    return {name: may_not(act, verb, now_there) for name, verb in verbs.items()}


def _try(act: Act, verbs: Mapping[str, Verb[Thing]], name: str, now_there: Thing, given: Given) -> None:
    verb = verbs.get(name)
    if verb is None:
        raise Refused(f"There is no verb {name!r}. There are: {', '.join(verbs)}")
    if why_not := may_not(act, verb, now_there):
        raise Refused(why_not)
    try:
        with act.session.begin_nested():  # what was written before it was refused is undone
            verb.act(act, now_there, given)
    except IllegalStep as illegal:
        raise Refused(str(illegal)) from illegal


def _must_be_as_seen(version: int, seen: int | None, what: str) -> None:
    if seen is not None and version != seen:
        raise ChangedMeanwhile(
            f"Someone else changed this {what} while you were working on it. Nothing was overwritten."
        )
