"""What was promised because of a complaint, for tests of the public's pages: a plan that is agreed, with one action."""

from datetime import date
from typing import Any

from sqlmodel import Session, select

from learning.afterwards import informed
from storage.database import writing
from storage.tables import Action, ActionPlan, Case, KeepInformed, Lesson, LessonCase, UpdateSent
from tests.web.town import Town
from workflow.office import SYSTEM, Act
from workflow.record import write_down

WHAT = "Somebody answers the lift's alarm day and night"
ANSWERED = ("s1.acknowledged", "s1.response_sent")  # our answer to the complaint has left


def promised(there: Town, ends: tuple[str, ...] = ANSWERED, **action: Any) -> str:
    """Agree a plan for the complaint made last, and tell its people; gives the path of the person's choices."""
    case = there.cases()[-1]
    with writing(there.engine) as session:
        where: dict[str, Any] = {"organisation_id": case.organisation_id, "service_id": case.service_id}
        lesson = Lesson(title="Nobody hears the alarm", what_happened="It rang.", written_at=there.now, **where)
        session.add(lesson)
        session.flush()
        plan = ActionPlan(lesson_id=lesson.id or 0, drafted_at=there.now, agreed_at=there.now)
        session.add_all([plan, LessonCase(lesson_id=lesson.id or 0, case_id=case.id or 0, linked_at=there.now)])
        session.flush()
        for event in ends:
            write_down(Act(session, there.office, SYSTEM, there.now), session.get_one(Case, case.id), event)
        told = {"what": WHAT, "state": "agreed", "completes": date(2026, 4, 30), **action}
        session.add(Action(plan_id=plan.id or 0, **where, **told))
        informed.tell(Act(session, there.office, SYSTEM, there.now), lesson.id or 0)
        return informed.link(there.office, _theirs(session)).removeprefix(there.office.public_url)


def over(there: Town) -> None:
    """The person has been told what changed because of them."""
    with writing(there.engine) as session:
        row = _theirs(session)
        session.add(UpdateSent(key="changed", participant_id=row.participant_id, case_id=row.case_id, kind="changed",
                               at=there.now))  # fmt: skip


def choice(there: Town) -> KeepInformed:
    with Session(there.engine) as session:
        return _theirs(session)


def _theirs(session: Session) -> KeepInformed:
    return session.exec(select(KeepInformed)).one()
