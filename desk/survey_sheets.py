"""Entering an answer sheet that came back on paper: by its number, and nothing shows whose it is."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select
from starlette.responses import Response

from desk import asking
from desk.edges import Visit
from desk.learning_page import acting
from desk.pages import go, show
from learning.feedback import survey_answers
from learning.feedback.survey_items import SCALE, items_for, said
from learning.feedback.survey_number import number_of, with_number
from learning.verb import Field
from storage.database import writing
from storage.tables import Service, SurveyInvitation

PAGE = "/desk/surveys/sheet"
UNKNOWN = "There is no survey of yours with this number. Check it against the sheet, and enter all of it"
OVER = "This survey was answered already, on the web or on paper, was stopped, or its time is over. Enter nothing"
NOTHING = "Choose at least one answer, or say that the sheet is empty"
MOST_TYPED = 100  # characters: no number is as long


def ask(visit: Visit) -> Response:
    """Which number stands on the sheet?"""
    return _number(visit, "", {}, done=visit.request.query_params.get("done") == "yes")


def take(visit: Visit) -> Response:
    """The number, and then the answers."""
    typed = visit.form.one("number")[:MOST_TYPED]
    with writing(visit.door.engine) as session:
        row = _of_mine(visit, session, typed)
        if row is None or row.closed_at is not None:
            return _number(visit, typed, {"number": OVER if row else UNKNOWN})
        if visit.form.one("step") != "answers":
            return _questions(visit, row, None, {})
        fields = _fields(row)
        given = asking.given_in(visit.form, fields)
        is_empty = visit.form.one("empty") == "yes"
        if is_empty == bool(survey_answers.wanted(row.grp, given)):
            return _questions(visit, row, given, {fields[0].name: NOTHING})
        _keep(visit, session, row, given)
    return go(f"{PAGE}?done=yes")


def _keep(visit: Visit, session: Session, row: SurveyInvitation, given: asking.Given) -> None:
    """An empty sheet says that they do not wish to answer."""
    if survey_answers.wanted(row.grp, given):
        survey_answers.answer(acting(visit, session), row.id or 0, given)
    else:
        survey_answers.stop(acting(visit, session), row.id or 0)


def _of_mine(visit: Visit, session: Session, typed: str) -> SurveyInvitation | None:
    """The survey with this number, if it is of a body that this person works for."""
    row = with_number(session, visit.door.office.keyring, typed)
    bodies = select(Service.organisation_id).where(col(Service.id).in_(visit.me.services))
    return row if row and row.organisation_id in session.exec(bodies).all() else None


def _fields(row: SurveyInvitation) -> tuple[Field, ...]:
    words = said()
    answers = tuple((name, words["scale"][name]) for name in SCALE)
    items = words["items"][row.grp]
    return tuple(
        Field(item.id, f"{number}. {items[item.id]}", "choice", required=False, options=answers)
        for number, item in enumerate(items_for(row.grp), 1)
    )


def _number(visit: Visit, typed: str, errors: Mapping[str, str], *, done: bool = False) -> Response:
    field = Field("number", "Number on the sheet", hint="It is like 27-K7M2-PXQD")
    return _page(visit, (field,), {"number": typed}, errors, done=done)


def _questions(visit: Visit, row: SurveyInvitation, given: asking.Given | None, errors: Mapping[str, str]) -> Response:
    return _page(visit, _fields(row), given, errors, number=number_of(visit.door.office.keyring, row),
                 is_empty=visit.form.one("empty") == "yes")  # fmt: skip


def _page(
    visit: Visit, fields: tuple[Field, ...], given: asking.Given | None, errors: Mapping[str, str], **facts: Any
) -> Response:
    asked = asking.asked(fields, given, errors)
    return show("survey-sheet", visit.me, 422 if errors else 200, fields=asked, errors=errors, **facts)
