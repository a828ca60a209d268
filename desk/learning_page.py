"""The page of a lesson with its plan, and the page of an action: what may be done now, what is missing, its story."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlmodel import Session, select
from starlette.responses import Response

from desk import learning_rows
from desk.edges import Visit
from desk.learning_sight import may_act_on, may_work_on, sees, the_action, the_lesson
from desk.learning_story import told
from desk.pages import show
from learning import record, verbs
from learning import words as learning_words
from learning.lesson.situation import ActionNow, LessonNow, action_now, lesson_now, owners
from learning.plan.elements import DATED
from learning.verb import Verb
from storage.database import reading
from storage.tables import Organisation, Service
from workflow.office import Act
from workflow.subjects import subjects
from workflow.working_days import london

Thing = TypeVar("Thing", LessonNow, ActionNow)
LEARNING = ("implemented",)  # what those may do who must learn a lesson that is not theirs


def lesson(visit: Visit) -> Response:
    """Everything about a lesson: what happened, who must learn it, its plan with what is missing, its story."""
    with reading(visit.door.engine) as session:
        row = the_lesson(visit, session)
        finds = sees(session, visit.me)
        now_there = lesson_now(session, row, london(visit.now), finds)
        act = acting(visit, session)
        visible = [case for _, case in now_there.cases if visit.me.may_see(case)]
        is_ours = may_work_on(visit.me, row)
        may = {
            name: None if is_ours or name in LEARNING else "It belongs to another service."
            for name in verbs.LESSON_VERBS
        }
        return show(
            "learning-lesson",
            visit.me,
            there=now_there,
            lesson=row,
            done=verbs.LESSON_VERBS.get(visit.request.query_params.get("done", "")),
            actions=_actions(session, now_there, visit),
            subject=subjects().get(row.subject or "", ""),
            said=learning_words.said(),
            place=_place(session, row.organisation_id, row.service_id),
            learners=[(one, _place(session, one.organisation_id, one.service_id)) for one in now_there.learners],
            visible=visible,
            unseen=len(now_there.cases) - len(visible),
            story=told(record.events(session, now_there.id), finds),
            names=owners(session, _people(now_there)),
            **_split(act, verbs.LESSON_VERBS, now_there, may),
        )


def action(visit: Visit) -> Response:
    """Everything about an action: its nine elements, what is due next, what may be done now, its story."""
    with reading(visit.door.engine) as session:
        row = the_action(visit, session)
        now_there = action_now(session, row, london(visit.now))
        may = {name: None if may_act_on(visit.me, row) else "It is another’s." for name in verbs.ACTION_VERBS}
        happened = record.events(session, now_there.plan.lesson_id, action_id=row.id)
        lesson_there = lesson_now(session, now_there.lesson, london(visit.now))
        return show(
            "learning-action",
            visit.me,
            there=now_there,
            action=row,
            row=learning_rows.rows(session, [row], visit.now)[0],
            dated=DATED,
            said=learning_words.said(),
            lacks=lesson_there.lacks(row),
            responsible=lesson_there.owner_of(row.owner_id),
            done=verbs.ACTION_VERBS.get(visit.request.query_params.get("done", "")),
            story=told(happened, sees(session, visit.me), of_one=True),
            **_split(acting(visit, session), verbs.ACTION_VERBS, now_there, may),
        )


def acting(visit: Visit, session: Session) -> Act:
    return Act(session, visit.door.office, visit.me.actor, visit.now)


def _split(
    act: Act, table: Mapping[str, Verb[Thing]], now_there: Thing, may: Mapping[str, str | None]
) -> dict[str, Any]:
    """What this person can do now, and what they can't and why."""
    why_nots = {name: may[name] or why_not for name, why_not in verbs.why_nots(act, table, now_there).items()}
    return {
        "can": [table[name] for name, why_not in why_nots.items() if why_not is None],
        "closed_off": [(table[name], why_not) for name, why_not in why_nots.items() if why_not],
    }


def _actions(session: Session, now_there: LessonNow, visit: Visit) -> Sequence[Any]:
    rows = learning_rows.rows(session, now_there.actions, visit.now)
    return [(row, action, now_there.lacks(action)) for row, action in zip(rows, now_there.actions, strict=True)]


def _people(now_there: LessonNow) -> set[int]:
    plan = now_there.plan
    wanted = {now_there.lesson.written_by_id, plan.owner_id if plan else None, plan.agreed_by_id if plan else None}
    return {one for one in wanted if one}


def _place(session: Session, organisation_id: int, service_id: int | None) -> str:
    body = session.exec(select(Organisation.name).where(Organisation.id == organisation_id)).one()
    return f"{body}: {session.get_one(Service, service_id).name}" if service_id else body
