"""Doing a casework verb: its form, the letter before it goes, and what happens when two people work on one case."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk import asking
from desk.asking import Given
from desk.case_page import last_event
from desk.edges import Visit, the_case
from desk.pages import go, show
from desk.story import story
from storage.database import reading, writing
from storage.tables import Case, Participant
from templates.writing import Written, blocks
from workflow import casework
from workflow.casework import Field, Refused, Verb
from workflow.casework.situation import situation
from workflow.casework.verbs import ChangedMeanwhile
from workflow.checklist import LetterIncomplete
from workflow.office import Act
from workflow.ways import way_to

HIDDEN = {"seen_version", "seen_event", "step"}


def ask(visit: Visit) -> Response:
    """The verb's form, or why it can't be done now."""
    with reading(visit.door.engine) as session:
        return _form(visit, session, the_case(visit, session), None, {})


def take(visit: Visit) -> Response:
    """Look at the letter first where there is one to look at; else do it."""
    verb, step = _verb(visit), visit.form.one("step")
    if step == "change":
        with reading(visit.door.engine) as session:
            case = the_case(visit, session)
            return _form(visit, session, case, asking.given_in(visit.form, _fields(visit, session, case)), {})
    if verb.letters and step != "send" and (looked := _look_at_letter(visit, verb)) is not None:
        return looked
    return _do(visit, verb)


def _look_at_letter(visit: Visit, verb: Verb) -> Response | None:
    """The letter as it would go out; it can't, while an item is missing. None when there is no letter."""
    with writing(visit.door.engine) as session:  # the verb is done and undone, to see what it would send
        case = the_case(visit, session)
        fields = _fields(visit, session, case)
        given = asking.given_in(visit.form, fields)
        errors = asking.problems(fields, given)
        if not errors:
            try:
                letter = casework.preview(_act(visit, session), case, verb.name, given)
            except (Refused, LetterIncomplete) as error:
                errors = asking.problems_of(error, fields)
        if errors:
            return _form(visit, session, case, given, errors)
        people = situation(session, case, visit.now).participants
        return _preview(visit, case, verb, letter, given, fields, people) if letter else None


def _do(visit: Visit, verb: Verb) -> Response:
    try:
        with writing(visit.door.engine) as session:
            case = the_case(visit, session)
            fields = _fields(visit, session, case)
            given = asking.given_in(visit.form, fields)
            if errors := asking.problems(fields, given):
                return _form(visit, session, case, given, errors)
            casework.do(_act(visit, session), case, verb.name, given, seen_version=_seen(visit, "seen_version"))
            is_in_sight = visit.me.may_see(case)
    except (Refused, LetterIncomplete) as error:  # everything it did is rolled back by now
        return _refused(visit, error)
    home = f"/desk/cases/{case.reference}" if is_in_sight else "/desk"
    return go(f"{home}?done={verb.name}")


def _refused(visit: Visit, error: Refused | LetterIncomplete) -> Response:
    """The form again with every word typed, and what is wrong; or what others have done meanwhile."""
    with reading(visit.door.engine) as session:
        case = the_case(visit, session)
        fields = _fields(visit, session, case)
        given = asking.given_in(visit.form, fields)
        if isinstance(error, ChangedMeanwhile):
            changed = story(session, case, after=_seen(visit, "seen_event"))
            return _form(visit, session, case, given, {}, status=409, meanwhile=changed)
        return _form(visit, session, case, given, asking.problems_of(error, fields))


def _form(
    visit: Visit,
    session: Session,
    case: Case,
    given: Given | None,
    errors: Mapping[str, str],
    *,
    status: int = 200,
    **facts: Any,
) -> Response:
    verb = _verb(visit)
    why_not = casework.allowed(visit.me.actor, situation(session, case, visit.now))[verb.name]
    if why_not:
        return show("not-now", visit.me, 409, case=case, verb=verb, why_not=why_not, typed=_typed(visit, ()), **facts)
    fields = _fields(visit, session, case)
    return show(
        "act",
        visit.me,
        422 if errors else status,
        case=case,
        verb=verb,
        fields=asking.asked(fields, _suggested(visit, fields) if given is None else given, errors),
        errors=errors,
        seen_event=last_event(session, case),
        typed=_typed(visit, fields),
        **facts,
    )


def _suggested(visit: Visit, fields: Sequence[Field]) -> Given:
    """What we suggest, or what a link on the case page chose, such as one of several letters."""
    chosen = visit.request.query_params
    return {
        field.name: chosen[field.name] if chosen.get(field.name) in dict(field.options) else field.value
        for field in fields
    }


def _typed(visit: Visit, fields: Sequence[Field]) -> list[str]:
    """Words that were typed and that the form has no place for any more: they are shown, not lost."""
    places = {f"{field.name}{part}" for field in fields for part in ("", "-day", "-month", "-year")}
    others = {name: values for name, values in visit.form.fields.items() if name not in places | HIDDEN}
    return [value for values in others.values() for value in values if value]


def _preview(
    visit: Visit,
    case: Case,
    verb: Verb,
    letter: Written,
    given: Given,
    fields: Sequence[Field],
    people: Sequence[Participant],
) -> Response:
    seen = {name: visit.form.one(name) for name in ("seen_version", "seen_event")}
    hidden = [(name, value) for field in fields for name, value in _as_posted(field, given[field.name])]
    items = [field.label for field in fields if field.item]
    ways = [way_to(person) for person in people]
    return show(
        "preview",
        visit.me,
        case=case,
        verb=verb,
        letter=letter,
        blocks=blocks(letter.text),
        hidden=hidden,
        items=items,
        seen=seen,
        ways=[way for way in ways if way],
        nobody="" if all(ways) else "There is no safe way on record to reach everyone: a task will say so.",
        recall_seconds=int(visit.door.office.recall_for.total_seconds()),
    )


def _as_posted(field: Field, value: str) -> list[tuple[str, str]]:
    """A value as the form would post it again."""
    if field.kind != "date" or not value:
        return [(field.name, value)]
    return [(f"{field.name}-{part}", said) for part, said in asking.Asked(field, value).parts.items()]


def _fields(visit: Visit, session: Session, case: Case) -> tuple[Field, ...]:
    return _verb(visit).fields(_act(visit, session), situation(session, case, visit.now))


def _act(visit: Visit, session: Session) -> Act:
    return Act(session, visit.door.office, visit.me.actor, visit.now)


def _verb(visit: Visit) -> Verb:
    verb = casework.VERBS.get(visit.path("verb"))
    if verb is None:
        raise HTTPException(404)
    return verb


def _seen(visit: Visit, name: str) -> int:
    digits = visit.form.one(name)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else 0
