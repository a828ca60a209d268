"""After sending: the reference, what happens next with dates, and the voluntary equality questions."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from storage.database import reading, writing
from storage.tables import Case, Contact, Deadline, EqualityAnswer, FormDraft, Message, Participant
from templates.dates import LONDON
from web import drafts
from web.forms import Form
from web.languages import reads
from web.pages import Site, go, show
from workflow.questionnaire import equality_questions
from workflow.tokens import progress_secret_of
from workflow.ways import may_email, way_to


@dataclass(frozen=True)
class Next:
    """What the person is told of their case."""

    reference: str
    dates: Mapping[str, date]  # acknowledge, respond: by when
    emailed: bool  # the receipt goes to them by email
    may_email: bool
    by_post: bool
    by_telephone: bool  # the one way they left us
    progress: str  # the link to follow it, empty when there is none


def reference(site: Site, request: Request) -> Response:
    """The reference page, for two hours after sending."""
    body, draft = site.bodies.find(request.path_params["slug"]), _sent(site, request)
    with reading(site.door.engine) as session:
        contact = session.exec(select(Contact).where(Contact.key == draft.contact_key)).first()
        case = session.get(Case, contact.case_id) if contact and contact.case_id else None
        facts = _next(site, session, case) if case else None
    return show(request, "sent", body, next=facts, equality=f"/complain/{body.slug}/equality/{draft.token_hash}")


def _next(site: Site, session: Session, case: Case) -> Next:
    deadlines = session.exec(select(Deadline).where(Deadline.case_id == case.id, Deadline.state != "stopped"))
    dates = {deadline.clock: deadline.due for deadline in deadlines if deadline.due}
    person = session.exec(
        select(Participant).where(Participant.case_id == case.id).order_by(col(Participant.id))
    ).first()
    return Next(
        case.reference,
        {duty: dates[f"{case.stage}.{duty}"] for duty in ("acknowledge", "respond") if f"{case.stage}.{duty}" in dates},
        _is_emailed(session, case),
        bool(person and may_email(person)),
        bool(person and (way := way_to(person)) and way.channel == "post"),
        bool(person and not way_to(person) and person.telephone and "telephone" not in person.avoid),
        _progress_link(site, person) if person else "",
    )


def _is_emailed(session: Session, case: Case) -> bool:
    """Whether its receipt goes by email: a mailbox gets one a day, so that nobody can flood another's."""
    query = select(Message.id).where(Message.case_id == case.id, Message.kind == "receipt", Message.channel == "email")
    return session.exec(query).first() is not None


def _progress_link(site: Site, person: Participant) -> str:
    secret = progress_secret_of(site.door.office.keyring, person.id or 0, person.progress_hash)
    return site.door.office.link(f"/progress/{secret}") if secret and person.progress_revoked_at is None else ""


def equality(site: Site, request: Request) -> Response:
    """The voluntary questions."""
    body, draft = site.bodies.find(request.path_params["slug"]), _sent(site, request)
    if draft.answers.get("equality"):
        return show(request, "thanks", body)
    return show(request, "equality", body, asked=equality_questions(reads(request)), action=request.url.path)


def take_equality(site: Site, request: Request, form: Form) -> Response:
    """Keep what was answered, apart from the case, the person and the day."""
    body = site.bodies.find(request.path_params["slug"])
    answers = {
        name: form.one(name)
        for name, (_, options) in equality_questions().items()
        if form.one(name) in {option.value for option in options}
    }
    with writing(site.door.engine) as session:
        draft = drafts.sent(session, request.path_params["once"], site.door.clock())
        if draft is None:
            raise HTTPException(404)
        if answers and not draft.answers.get("equality"):
            session.add(_apart(site, body.id, _service_id(body.services, draft), answers))
            draft.answers = {**draft.answers, "equality": True}
    return go(request.url.path) if answers else show(request, "thanks", body)


def _apart(site: Site, organisation_id: int, service_id: int | None, answers: Mapping[str, Any]) -> EqualityAnswer:
    month = site.door.clock().astimezone(LONDON).date().replace(day=1)
    # A number by chance: one in order of arrival would say whose answers these are.
    return EqualityAnswer(
        id=secrets.randbelow(2**31 - 1) + 1,
        organisation_id=organisation_id,
        service_id=service_id,
        month=month,
        answers=dict(answers),
    )


def _service_id(services: Any, draft: FormDraft) -> int | None:
    slug = draft.answers.get("service")
    return next((service.id for service in services if service.slug == slug or len(services) == 1), None)


def _sent(site: Site, request: Request) -> FormDraft:
    """The complaint sent from this browser a short while ago. Raises a 404 when there is none, or no longer."""
    with reading(site.door.engine) as session:
        draft = drafts.sent(session, request.path_params["once"], site.door.clock())
    if draft is None:
        raise HTTPException(404)
    return draft
