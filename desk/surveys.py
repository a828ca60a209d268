"""Surveys on paper: printing a letter with its answer sheet, recording that it was posted, entering what came back."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk import asking
from desk.edges import Visit
from desk.learning_acting import Doing
from desk.learning_page import acting
from desk.pages import show
from desk.printing import copy_of
from learning.feedback import survey_post
from learning.feedback.survey_items import SCALE, items_for, said
from learning.feedback.survey_number import number_of
from learning.verb import Field
from storage.database import reading
from storage.tables import Case, Message, Organisation, Participant, SurveyInvitation
from workflow.working_days import london

THEIRS = "You deal with this complaint, so somebody else must post this: whoever prints it could answer it."
REOPENED = "The complaint was opened again. Do not send it: they are asked when it is closed again."
UNSAFE = "They have said meanwhile that post is not safe for them. Do not send it."


@dataclass(frozen=True)
class Sheet:
    """The answer sheet: all that it says of whose it is is its number."""

    number: str
    language: str
    statements: tuple[str, ...]
    answers: tuple[str, ...]


def printed(visit: Visit) -> Response:
    """The letter and its sheet, as pages for paper."""
    with reading(visit.door.engine) as session:
        message, row, person, why_not = _to_post(visit, session)
        organisation = session.get_one(Organisation, row.organisation_id)
        return show(
            "print-survey",
            visit.me,
            status=409 if why_not else 200,
            why_not=why_not,
            number=message.id,
            copy=copy_of(message, person, row.language),
            sheet=sheet_of(visit, row),
            words=said(row.language)["sheet"],
            organisation=organisation,
            address=", ".join((organisation.name, *organisation.postal_address.splitlines())),
        )


def posting(visit: Visit, session: Session) -> Doing:
    """On which day it was posted."""
    message, _row, _person, why_not = _to_post(visit, session)

    def do(given: asking.Given, _seen_version: int) -> str:
        survey_post.posted(acting(visit, session), message.id or 0, date.fromisoformat(given["on"]))
        return "/desk/tasks"

    field = Field("on", "Posted on", "date", value=london(visit.now).isoformat())
    does = "After that nobody can look up any more whose survey had which number."
    return Doing("Record that a survey was posted", does, f"/desk/surveys/{message.id}", "The survey", "Record posting",
                 (field,), do, why_not)  # fmt: skip


def sheet_of(visit: Visit, row: SurveyInvitation) -> Sheet:
    """What is printed on the sheet, in the language of the letter."""
    words = said(row.language)
    statements = tuple(words["items"][row.grp][item.id] for item in items_for(row.grp))
    answers = tuple(words["scale"][name] for name in SCALE)
    return Sheet(number_of(visit.door.office.keyring, row), row.language, statements, answers)


def _to_post(visit: Visit, session: Session) -> tuple[Message, SurveyInvitation, Participant, str | None]:
    """The letter, whose it is, and why it must not be posted by this person. Raises a 404 for one they may not see."""
    found = survey_post.to_post(session, visit.number("survey"))
    if found is None:
        raise HTTPException(404)
    message, row = found
    case, person = session.get_one(Case, row.case_id), session.get_one(Participant, row.participant_id)
    if not visit.me.may_see(case):
        raise HTTPException(404)
    return message, row, person, _why_not(visit, case, person)


def _why_not(visit: Visit, case: Case, person: Participant) -> str | None:
    if case.handler_id == visit.me.staff_id:
        return THEIRS
    if case.state != "closed":
        return REOPENED
    return UNSAFE if "post" in person.avoid else None
