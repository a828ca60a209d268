"""Who may see which lessons and actions, and work on them: by service, by what must be learnt, by what is one's own."""

import logging
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException

from desk.edges import Visit
from desk.sight import Sight, case_in_sight
from learning.lesson.situation import Sees
from storage.tables import Action, ActionPlan, Lesson, LessonLearner, Service

log = logging.getLogger("redress.desk")


def lessons_in_sight(me: Sight) -> ColumnElement[bool]:
    """Lessons of one's services, those that one's services must learn, and those of one's own plans and actions."""
    own = select(ActionPlan.lesson_id).where(ActionPlan.owner_id == me.staff_id)
    acting = select(ActionPlan.lesson_id).join(Action).where(Action.owner_id == me.staff_id)
    bodies = select(Service.organisation_id).where(col(Service.id).in_(me.services))
    learning = select(LessonLearner.lesson_id).where(
        or_(
            col(LessonLearner.service_id).in_(me.services),
            col(LessonLearner.staff_id) == me.staff_id,
            col(LessonLearner.service_id).is_(None) & col(LessonLearner.organisation_id).in_(bodies),
        )
    )
    is_mine: Any = or_(*(col(Lesson.id).in_(query) for query in (own, acting, learning)))
    return or_(col(Lesson.service_id).in_(me.services), is_mine)


def actions_in_sight(me: Sight) -> ColumnElement[bool]:
    """Actions of one's services, and one's own."""
    return or_(col(Action.service_id).in_(me.services), col(Action.owner_id) == me.staff_id)


def the_lesson(visit: Visit, session: Session) -> Lesson:
    """The lesson in the address. Raises the same 404 whether there is none or it is not this person's to see."""
    query = select(Lesson).where(Lesson.id == visit.number("lesson"), lessons_in_sight(visit.me))
    return _found(visit, session.exec(query).first())


def the_action(visit: Visit, session: Session) -> Action:
    """The action in the address, likewise: whoever sees its lesson sees it."""
    query = select(Action).join(ActionPlan).join(Lesson)
    query = query.where(Action.id == visit.number("action"), lessons_in_sight(visit.me))
    return _found(visit, session.exec(query).first())


def may_work_on(me: Sight, lesson: Lesson) -> bool:
    """Whether the lesson and its plan are this person's to change; others may say what they changed themselves."""
    return lesson.service_id in me.services


def may_act_on(me: Sight, action: Action) -> bool:
    return action.service_id in me.services or action.owner_id == me.staff_id


def sees(session: Session, me: Sight) -> Sees:
    """Finds complaints by their references, of those that this person may see."""
    return lambda reference: case_in_sight(session, me, reference)


Row = TypeVar("Row", Lesson, Action)


def _found(visit: Visit, row: Row | None) -> Row:
    if row is None:
        log.warning("lesson not in sight of staff %s: %s", visit.me.staff_id, visit.doing)
        raise HTTPException(404)
    return row
