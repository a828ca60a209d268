"""Taking down a complaint for someone who rang, wrote by post or came in: the same questions, the same way in."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlmodel import col, select
from starlette.responses import Response

from desk import asking, words
from desk.edges import Visit
from desk.pages import go, show
from desk.sight import case_in_sight
from storage.database import reading
from storage.journal import Arrival
from storage.tables import Organisation, Service
from templates.dates import with_weekday
from workflow import procedure as procedures
from workflow.answers import NotAnAnswer, validate
from workflow.casework import Field
from workflow.posted import MOST_FILES, Form
from workflow.projection import morning
from workflow.questionnaire import Option, Question, asked, complete, questions
from workflow.working_days import london

CHANNELS = ("telephone", "post", "in_person")
NOT_ASKED = ("consent", "files")  # staff tell the person how it is used; a scan has a field of its own

FOR_SOMEONE_ELSE = ("about_name", "authority")


def ask(visit: Visit) -> Response:
    """The form, on one page: whoever fills it in is listening or reading, not thinking of the next question."""
    return _form(visit, {"received_on": london(visit.now).isoformat(), "about": "self"}, {})


def take(visit: Visit) -> Response:
    """Store it as any channel stores what comes in, then file it at once."""
    services = _services(visit)
    every = _questions(services)
    given = _given(visit, _fields(every))
    answers, errors = _checked(every, given)
    errors |= _problems(visit, given)
    if errors:
        return _form(visit, given, errors)
    stored = visit.door.journal.write(_arrival(visit, complete(every, services, answers), given))
    reference = visit.door.file_now(stored.contact_id)
    with reading(visit.door.engine) as session:
        case = case_in_sight(session, visit.me, reference) if reference else None
    return go(f"/desk/cases/{case.reference}" if case else "/desk?stored=yes")


def _arrival(visit: Visit, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Arrival:
    kept = [
        {"name": one.name, "type": one.type, "size": len(one.content), "sha256": sha256(one.content).hexdigest()}
        for one in visit.form.uploads
    ]
    return Arrival(
        given["channel"],
        _organisation(visit, str(answers["service"])),
        json.dumps({**answers, "files": kept}, ensure_ascii=False, sort_keys=True).encode(),
        _received_at(date.fromisoformat(given["received_on"]), visit.now),
        {"entered_by": visit.me.staff_id},
        token=visit.form.one("once"),  # pressing the button twice is one complaint
        files=tuple(one.content for one in visit.form.uploads),
    )


def _received_at(day: date, now: datetime) -> datetime:
    """The morning of the day on which it was received; never later than now."""
    return min(morning(day), now)


def _checked(every: Sequence[Question], given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for question in asked(every, given):
        try:
            answers[question.id] = validate(question, given[question.id])
        except NotAnAnswer as error:
            errors[question.id] = str(error)
    return answers, errors


def _problems(visit: Visit, given: Mapping[str, Any]) -> dict[str, str]:
    said, errors = words.said()["new"], {}
    if given["channel"] not in CHANNELS:
        errors["channel"] = said["channel_missing"]
    if not asking.is_date(given["received_on"]):
        errors["received_on"] = said["received_on_missing"]
    elif date.fromisoformat(given["received_on"]) > london(visit.now):
        errors["received_on"] = said["received_on_future"]
    elif (began := _procedure_began(visit, given["service"])) and date.fromisoformat(given["received_on"]) < began:
        errors["received_on"] = said["received_on_before"].format(day=with_weekday(began))
    if wrong := _wrong_files(visit.form):
        errors["files"] = wrong
    return errors


def _wrong_files(form: Form) -> str:
    """What is wrong with the files chosen, in words; empty when nothing is."""
    said = words.said()["new"]
    if form.too_large:
        return str(said["files_too_large"])
    if form.empty:
        return str(said["files_empty"]).format(name=form.empty[0])
    return str(said["files_too_many"]) if len(form.uploads) > MOST_FILES else ""


def _procedure_began(visit: Visit, service: str) -> date | None:
    """A year mistyped would make the case decades late under rules that were not there yet."""
    with reading(visit.door.engine) as session:
        procedure = session.exec(select(Service.procedure).where(Service.slug == service)).first()
    return procedures.load(procedure).valid_from if procedure else None


def _form(visit: Visit, given: Mapping[str, Any], errors: Mapping[str, str]) -> Response:
    fields = _fields(_questions(_services(visit)))
    shown = [asking.Asked(field, given.get(field.name, ""), errors.get(field.name, "")) for field in fields]
    once = visit.form.one("once") or secrets.token_urlsafe(16)
    return show("new", visit.me, 422 if errors else 200, fields=shown, errors=errors, once=once)


def _given(visit: Visit, fields: Sequence[Field]) -> dict[str, Any]:
    """What was typed; where several can be chosen, all that were."""
    several = {field.name: visit.form.all(field.name) for field in fields if field.kind == "choices"}
    return {**asking.given_in(visit.form, fields), **several}


def _fields(every: Sequence[Question]) -> list[Field]:
    said = words.said()["new"]
    channels = tuple((channel, words.channel(channel).capitalize()) for channel in CHANNELS)
    return [
        Field("channel", said["channel"], "choice", options=channels),
        Field("received_on", said["received_on"], "date", hint=said["received_on_hint"]),
        *(_field(question) for question in every),
    ]


def _field(question: Question) -> Field:
    kind = question.kind if question.kind in ("long_text", "choice", "choices") else "text"
    options = tuple((option.value, option.text) for option in question.options)
    hint = words.said()["new"]["for_someone_else"] if question.id in FOR_SOMEONE_ELSE else question.hint
    return Field(question.id, question.title, kind, question.required, hint, options)


def _questions(services: Sequence[Option]) -> list[Question]:
    return [question for question in questions(services) if question.id not in NOT_ASKED]


def _services(visit: Visit) -> list[Option]:
    with reading(visit.door.engine) as session:
        query = select(Service, Organisation).join(Organisation, col(Service.organisation_id) == Organisation.id)
        mine = query.where(col(Service.id).in_(visit.me.services)).order_by(Organisation.name, Service.name)
        return [Option(service.slug, f"{service.name}, {body.name}") for service, body in session.exec(mine)]


def _organisation(visit: Visit, service: str) -> str:
    """The slug of the organisation, which stands for the address that a form was sent to."""
    with reading(visit.door.engine) as session:
        query = select(Organisation.slug).join(Service, col(Service.organisation_id) == Organisation.id)
        return session.exec(query.where(Service.slug == service)).one()
