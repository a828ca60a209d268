"""The lists of lessons and of actions: what was learnt, what is being done about it, and what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select
from starlette.responses import Response

from desk import learning_rows
from desk.edges import Visit
from desk.learning_sight import actions_in_sight, lessons_in_sight
from desk.pages import show
from learning.words import word
from storage.database import reading
from storage.tables import Action, ActionPlan, Lesson, LessonCase, Service
from workflow.working_days import london

PAGE = 50
FILTERS = (("all", "All actions of my services"), ("mine", "My actions"), ("late", "Late"), ("ended", "Ended"))
LESSONS = (("open", "Being worked on"), ("unplanned", "Without an agreed plan"), ("closed", "Closed"))


@dataclass(frozen=True)
class LessonRow:
    """One lesson in a list."""

    number: int
    title: str
    service: str
    source: str
    written: date
    cases: int
    actions: int
    ended: int
    late: int
    is_agreed: bool
    is_closed: bool


def lessons(visit: Visit) -> Response:
    """Lessons, the latest first: those being worked on, those without an agreed plan, or those that are closed."""
    which = _chosen(visit, LESSONS)
    agreed = select(ActionPlan.lesson_id).where(col(ActionPlan.agreed_at).is_not(None))
    kind = {
        "open": col(Lesson.closed_at).is_(None),
        "unplanned": col(Lesson.closed_at).is_(None) & col(Lesson.id).not_in(agreed),
        "closed": col(Lesson.closed_at).is_not(None),
    }[which]
    before = _before(visit)
    with reading(visit.door.engine) as session:
        query = select(Lesson).where(lessons_in_sight(visit.me), kind, col(Lesson.id) < before)
        found = session.exec(query.order_by(col(Lesson.id).desc()).limit(PAGE + 1)).all()
        rows = _lesson_rows(session, found[:PAGE], visit)
    onward = rows[-1].number if len(found) > PAGE else None
    return show("learning-lessons", visit.me, rows=rows, which=which, filters=LESSONS, onward=onward)


def actions(visit: Visit) -> Response:
    """Actions by the date that comes first: all, one's own, those that are late, or those that have ended."""
    which = _chosen(visit, FILTERS)
    with reading(visit.door.engine) as session:
        query = select(Action).where(actions_in_sight(visit.me), _kind(visit, which))
        order = (col(Action.next_due).is_(None), col(Action.next_due), col(Action.id))
        found = session.exec(query.order_by(*order).limit(learning_rows.MOST)).all()
        rows = learning_rows.rows(session, found, visit.now)
    return show("learning-actions", visit.me, rows=rows, which=which, filters=FILTERS, most=learning_rows.MOST)


def _kind(visit: Visit, which: str) -> ColumnElement[bool]:
    if which == "late":
        return col(Action.next_due) <= visit.now
    if which == "mine":
        return (col(Action.owner_id) == visit.me.staff_id) & ~_has_ended()
    ended = _has_ended()
    return ended if which == "ended" else ~ended


def _has_ended() -> ColumnElement[bool]:
    """Dropped; or embedded, with no audit to come."""
    return col(Action.state).in_(("embedded", "dropped")) & col(Action.next_due).is_(None)


def _lesson_rows(session: Session, found: Sequence[Lesson], visit: Visit) -> list[LessonRow]:
    ids = [lesson.id for lesson in found]
    services = dict(session.exec(select(Service.id, Service.name)).all())
    linked = select(LessonCase.lesson_id, func.count()).where(col(LessonCase.lesson_id).in_(ids))
    cases = dict(session.exec(linked.group_by(col(LessonCase.lesson_id))).all())
    plans = session.exec(select(ActionPlan).where(col(ActionPlan.lesson_id).in_(ids))).all()
    acted = session.exec(select(Action).where(col(Action.plan_id).in_([plan.id for plan in plans]))).all()
    return [_lesson_row(lesson, services, cases, plans, acted, visit) for lesson in found]


def _lesson_row(
    lesson: Lesson,
    services: dict[int | None, str],
    cases: dict[int, int],
    plans: Sequence[ActionPlan],
    acted: Sequence[Action],
    visit: Visit,
) -> LessonRow:
    plan = next((one for one in plans if one.lesson_id == lesson.id), None)
    own = [action for action in acted if plan and action.plan_id == plan.id]
    return LessonRow(
        lesson.id or 0,
        lesson.title,
        services.get(lesson.service_id, ""),
        word("source", lesson.source),
        london(lesson.written_at),
        cases.get(lesson.id or 0, 0),
        len(own),
        sum(action.state in ("embedded", "dropped") for action in own),
        sum(action.next_due is not None and action.next_due <= visit.now for action in own),
        bool(plan and plan.agreed_at),
        lesson.closed_at is not None,
    )


def _chosen(visit: Visit, filters: Sequence[tuple[str, str]]) -> str:
    which = visit.request.query_params.get("show", "")
    return which if which in dict(filters) else filters[0][0]


def _before(visit: Visit) -> int:
    digits = visit.request.query_params.get("before", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else 10**9
