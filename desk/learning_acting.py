"""Doing something with a lesson or an action: its form, and what happens when two people work on one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk import asking
from desk.edges import Visit
from desk.learning_page import LEARNING, acting
from desk.learning_sight import may_act_on, may_work_on, sees, the_action, the_lesson
from desk.learning_story import last_event, told
from desk.pages import go, show
from learning import record, verbs
from learning.lesson import lesson_fields, lessons
from learning.lesson.situation import action_now, lesson_now
from learning.ombudsmen import ombudsman
from learning.verb import may_not
from storage.database import reading, writing
from storage.tables import Service
from workflow.casework import Field, Refused
from workflow.casework.verbs import ChangedMeanwhile
from workflow.working_days import london

HIDDEN = {"seen_version", "seen_event"}


@dataclass(frozen=True)
class Doing:
    """What a form is for: its words and fields, whether it may be sent now, and what sending it does."""

    title: str
    does: str
    page: str  # where it comes from and goes back to
    back: str
    button: str
    fields: Sequence[Field]
    do: Callable[[asking.Given, int], str]  # gives the page to go on to
    why_not: str | None = None
    version: int = 0
    lesson_id: int = 0
    action_id: int | None = None
    is_draft: bool = False  # no field is called optional: what is left empty can be filled in later


Find = Callable[[Visit, Session], Doing]


def ask(find: Find) -> Callable[[Visit], Response]:
    """The page that shows such a form."""

    def asking_for(visit: Visit) -> Response:
        with reading(visit.door.engine) as session:
            return _form(visit, session, find(visit, session), None, {})

    return asking_for


def take(find: Find) -> Callable[[Visit], Response]:
    """The page that takes such a form."""

    def taking(visit: Visit) -> Response:
        try:
            with writing(visit.door.engine) as session:
                doing = find(visit, session)
                given = asking.given_in(visit.form, doing.fields)
                errors = asking.problems(doing.fields, given)
                if errors or doing.why_not:
                    return _form(visit, session, doing, given, errors)
                return go(doing.do(given, _seen(visit, "seen_version")))
        except Refused as error:  # everything it did is rolled back by now
            return _refused(visit, find, error)

    return taking


def new_lesson(visit: Visit, session: Session) -> Doing:
    """A lesson to be written; from a case's page, with that case and its service filled in."""
    query = select(Service).where(col(Service.id).in_(visit.me.services)).order_by(Service.name)
    services = tuple((one.slug, one.name) for one in session.exec(query))
    reference = visit.request.query_params.get("case", "")
    case = sees(session, visit.me)(reference)
    suggested = {"cases": case.reference, "source": "complaint", "subject": case.subject or "",
                 "service": session.get_one(Service, case.service_id).slug} if case else {}  # fmt: skip
    recommendation = _number(visit.request.query_params.get("recommendation", "")) if case else 0
    if case and recommendation:
        suggested |= ombudsman.suggested(ombudsman.matters_of(session, case), recommendation)
    fields = _suggesting((*lesson_fields.fields(services), lesson_fields.CASES), suggested)

    def do(given: asking.Given, _seen_version: int) -> str:
        if given["service"] not in dict(services):
            raise Refused("Select the service that must change", "service")
        written = lessons.write(acting(visit, session), given, sees(session, visit.me))
        if case and recommendation:
            ombudsman.learn(acting(visit, session), case, recommendation, written)
        return f"/desk/lessons/{written.id}"

    page = f"/desk/cases/{case.reference}" if case else "/desk/lessons"
    back = f"Case {case.reference}" if case else "Lessons"
    return Doing("Write a lesson", "Say what went wrong, why, and what must be learnt. Name nobody.", page, back,
                 "Save the lesson", fields, do)  # fmt: skip


def on_lesson(visit: Visit, session: Session) -> Doing:
    """Something that is done with a lesson or its plan."""
    lesson = the_lesson(visit, session)
    verb = verbs.LESSON_VERBS.get(visit.path("verb"))
    if verb is None:
        raise HTTPException(404)
    act, finds = acting(visit, session), sees(session, visit.me)
    now_there = lesson_now(session, lesson, london(visit.now), finds)
    is_theirs = may_work_on(visit.me, lesson) or verb.name in LEARNING

    def do(given: asking.Given, seen_version: int) -> str:
        verbs.do(act, now_there.id, verb.name, given, seen_version=seen_version, sees=finds)
        return f"{page}?done={verb.name}"

    page = f"/desk/lessons/{lesson.id}"
    why_not = may_not(act, verb, now_there) if is_theirs else "This lesson belongs to another service."
    return Doing(verb.title, verb.does, page, f"Lesson {lesson.id}", verb.title, verb.fields(act, now_there), do,
                 why_not, lesson.version, now_there.id, is_draft=verb.is_draft)  # fmt: skip


def on_action(visit: Visit, session: Session) -> Doing:
    """Something that is done with an action."""
    action = the_action(visit, session)
    verb = verbs.ACTION_VERBS.get(visit.path("verb"))
    if verb is None:
        raise HTTPException(404)
    act, now_there = acting(visit, session), action_now(session, action, london(visit.now))

    def do(given: asking.Given, seen_version: int) -> str:
        verbs.do_action(act, action.id or 0, verb.name, given, seen_version=seen_version)
        return f"{page}?done={verb.name}"

    page = f"/desk/actions/{action.id}"
    why_not = may_not(act, verb, now_there) if may_act_on(visit.me, action) else "This action is another’s."
    return Doing(verb.title, verb.does, page, f"Action {action.id}", verb.title, verb.fields(act, now_there), do,
                 why_not, action.version, now_there.plan.lesson_id, action.id, verb.is_draft)  # fmt: skip


def _refused(visit: Visit, find: Find, error: Refused) -> Response:
    """The form again with every word typed, and what is wrong; or what others have done meanwhile."""
    with reading(visit.door.engine) as session:
        doing = find(visit, session)
        given = asking.given_in(visit.form, doing.fields)
        if not isinstance(error, ChangedMeanwhile):
            return _form(visit, session, doing, given, asking.problems_of(error, doing.fields))
        after = _seen(visit, "seen_event")
        happened = record.events(session, doing.lesson_id, action_id=doing.action_id, after=after)
        changed = told(happened, sees(session, visit.me))
        return _form(visit, session, doing, given, {}, status=409, meanwhile=changed)


def _form(
    visit: Visit,
    session: Session,
    doing: Doing,
    given: asking.Given | None,
    errors: Mapping[str, str],
    *,
    status: int = 200,
    **facts: Any,
) -> Response:
    if doing.why_not:
        status = 409
    return show(
        "learning-act",
        visit.me,
        422 if errors else status,
        doing=doing,
        fields=asking.asked(doing.fields, given, errors),
        errors=errors,
        typed=_typed(visit, () if doing.why_not else doing.fields),
        seen_event=last_event(session, doing.lesson_id),
        **facts,
    )


def _typed(visit: Visit, fields: Sequence[Field]) -> list[str]:
    """Words that were typed and that the form has no place for any more: they are shown, not lost."""
    places = {f"{field.name}{part}" for field in fields for part in ("", "-day", "-month", "-year")}
    others = (values for name, values in visit.form.fields.items() if name not in places | HIDDEN)
    return [value for values in others for value in values if value]


def _suggesting(fields: Sequence[Field], suggested: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(replace(one, value=suggested.get(one.name, one.value)) for one in fields)


def _seen(visit: Visit, name: str) -> int:
    return _number(visit.form.one(name))


def _number(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else 0
