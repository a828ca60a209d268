"""Builders of lessons and plans for tests: an upheld complaint, a lesson from it, and a plan that can be agreed."""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from learning import verbs
from learning.lesson.lessons import write
from learning.lesson.situation import LessonNow, lesson_now
from learning.record import events
from storage.database import reading, writing
from storage.tables import Action, ActionPlan, Case, Lesson
from tests.town import Town
from workflow.office import Actor
from workflow.working_days import london

LESSON = {
    "service": "care",
    "title": "A missed visit must be noticed the same day",
    "source": "complaint",
    "what_happened": "Nobody noticed that a visit was missed.",
    "cause_kind": "process",
    "cause": "Nobody looks at the list of visits in the evening.",
    "evidence": "The log of visits of that week.",
    "is_systemic": "yes",
    "subject": "delay",
}
PLAN = {"owner": "hana@town.example", "put_right": "An apology, and a carer who is known to her.",
        "embedded_when": "A year on, each missed visit is noticed by six in the evening."}  # fmt: skip
ACTION = {
    "what": "The duty officer checks the list of visits each evening at six",
    "failing": "A missed visit was not noticed",
    "impact": "She had no meal that evening",
    "owner": "hana@town.example",
    "starts": "2026-01-12",
    "completes": "2026-02-27",
    "standards": "CQC regulation 12: safe care",
    "involvement": "She reads the new instruction before it is used",
    "review_how": "In the team’s meeting",
    "review_on": "2026-02-06",
    "check_how": "Mina looks at a week of lists",
    "check_on": "2026-03-06",
    "audit_how": "Twice a year, 20 visits drawn by lot",
    "audit_on": "2026-06-05",
    "measure": "Missed visits noticed the same day",
    "baseline": "3 of 10",
    "target": "10 of 10",
}


def actor(here: Town, who: str) -> Actor:
    one = here.staff(who)
    return Actor(one.name, one.id, one.role)


def lesson(here: Town, *references: str | None, by: str = "hana", **given: str) -> int:
    """Somebody writes a lesson, from these complaints if any; gives its number."""
    cases = " ".join(reference for reference in references if reference)
    with writing(here.engine) as session:
        return write(here.act(session, actor(here, by)), {**LESSON, "cases": cases, **given}, seeing(session)).id or 0


def seeing(session: Session) -> Callable[[str], Case | None]:
    """Whoever acts may see every complaint."""
    return lambda reference: session.exec(select(Case).where(Case.reference == reference)).first()


def do(
    here: Town,
    lesson_id: int,
    verb: str,
    *,
    by: str = "mina",
    version: int | None = None,
    given: Mapping[str, str] | None = None,
    **more: str,
) -> None:
    """Somebody does something with a lesson or its plan."""
    with writing(here.engine) as session:
        act = here.act(session, actor(here, by))
        verbs.do(act, lesson_id, verb, {**(given or {}), **more}, seen_version=version, sees=seeing(session))


def act_on(
    here: Town,
    action_id: int,
    verb: str,
    *,
    by: str = "hana",
    version: int | None = None,
    given: Mapping[str, str] | None = None,
    **more: str,
) -> None:
    """Somebody does something with an action."""
    with writing(here.engine) as session:
        act = here.act(session, actor(here, by))
        verbs.do_action(act, action_id, verb, {**(given or {}), **more}, seen_version=version)


def drafted(here: Town, *references: str | None, **changed: str) -> tuple[int, int]:
    """A lesson with a plan of one action that can be agreed: the numbers of both."""
    number = lesson(here, *references)
    do(here, number, "set_plan", given=PLAN)
    do(here, number, "add_action", given={**ACTION, **changed})
    return number, actions(here, number)[-1].id or 0


def agreed(here: Town, *references: str | None, **changed: str) -> tuple[int, int]:
    """The same, agreed by Mina."""
    number, action = drafted(here, *references, **changed)
    do(here, number, "agree")
    return number, action


def look(here: Town, lesson_id: int) -> LessonNow:
    with reading(here.engine) as session:
        return lesson_now(session, session.get_one(Lesson, lesson_id), london(here.now))


def actions(here: Town, lesson_id: int) -> Sequence[Action]:
    with reading(here.engine) as session:
        plan = session.exec(select(ActionPlan).where(ActionPlan.lesson_id == lesson_id)).one()
        return session.exec(select(Action).where(Action.plan_id == plan.id).order_by(col(Action.id))).all()


def action(here: Town, action_id: int) -> Action:
    with reading(here.engine) as session:
        return session.get_one(Action, action_id)


def happened(here: Town, lesson_id: int) -> list[str]:
    """The names of what happened to a lesson, its plan and actions."""
    with reading(here.engine) as session:
        return [event.name for event in events(session, lesson_id)]


def upheld(here: Town) -> str:
    """A complaint about repairs in which fault was found."""
    reference = here.mail("There is damp in my bedroom.")
    assert reference
    here.do(reference, "assign", to="hana@town.example")
    here.do(reference, "acknowledge", complaint_definition="Damp.", outcomes_sought="A repair.",
            responsible_and_not_responsible="We are responsible for the wall.")  # fmt: skip
    here.send()
    here.do(reference, "decide", head="1", outcome="upheld", reasons="Nobody came.", remedy="An apology.")
    return reference
