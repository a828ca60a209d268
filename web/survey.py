"""Surveys: a page with the answer that was clicked in the mail, which only the button sends; and a way to stop them."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from learning.feedback import survey_answers
from learning.feedback.survey_items import SCALE, items_for, said
from learning.feedback.survey_items import page as words_for
from learning.feedback.survey_number import with_number
from learning.feedback.surveys import secret_of
from storage.database import reading, writing
from storage.tables import Organisation, SurveyInvitation
from web.bodies import Body
from web.forms import Form
from web.languages import reads, speak
from web.pages import Site, go, show
from web.progress import SECRET
from workflow.office import COMPLAINANT, Act

MOST_TYPED = 100  # characters: no number is as long


def with_survey(work: Callable[..., Response]) -> Callable[..., Response]:
    """Only at a bearable pace, and only with a link that is valid."""

    def guarded(site: Site, request: Request, *form: Form) -> Response:
        if not site.guesses.allows(request):
            raise HTTPException(429, headers={"Retry-After": "60"})
        secret = request.path_params["secret"]
        with reading(site.door.engine) as session:
            row = survey_answers.find(session, secret) if SECRET.fullmatch(secret) else None
            slug = session.get_one(Organisation, row.organisation_id).slug if row else ""
        if row is None:
            return show(request, "link-not-valid", status=404)
        speak(request, row.language)
        return work(site, request, row, site.bodies.find(slug), *form)

    return guarded


@with_survey
def ask(site: Site, request: Request, row: SurveyInvitation, body: Body) -> Response:
    """The questions, with what was clicked in the mail or pressed in a chat chosen already.

    Nothing is kept: programs open links too.
    """
    if row.closed_at is not None:
        return _told(request, row, body, "over")
    chosen = survey_answers.wanted(row.grp, {**(row.given or {}), **dict(request.query_params)})
    return _page(site, request, row, body, chosen, {})


@with_survey
def take(site: Site, request: Request, row: SurveyInvitation, body: Body, form: Form) -> Response:
    """The answers, kept without who gave them."""
    given = survey_answers.wanted(row.grp, {name: values[0] for name, values in form.fields.items()})
    if row.closed_at is None and not given:
        first = items_for(row.grp)[0].id
        return _page(site, request, row, body, {}, {first: words_for(row.grp, reads(request))["none"]})
    with writing(site.door.engine) as session:
        was_open = survey_answers.answer(_act(site, session), row.id or 0, given)
    return _told(request, row, body, "done" if was_open else "over")


@with_survey
def ask_stop(_site: Site, request: Request, row: SurveyInvitation, body: Body) -> Response:
    """A button: opening a link must stop nothing."""
    return show(request, "survey-stop", body, words=words_for(row.grp, reads(request)), action=request.url.path)


@with_survey
def stop(site: Site, request: Request, row: SurveyInvitation, body: Body, _form: Form) -> Response:
    """The button, or a mail program's own (RFC 8058)."""
    with writing(site.door.engine) as session:
        were_kept = survey_answers.stop(_act(site, session), row.id or 0)
    return _told(request, row, body, "done" if were_kept else "stopped")


def ask_number(_site: Site, request: Request) -> Response:
    """Whoever was asked by post has no link to follow, but a number to type."""
    return show(request, "survey-number", words=said(reads(request))["number"])


def take_number(site: Site, request: Request, form: Form) -> Response:
    """On to the survey with this number."""
    if not site.guesses.allows(request):
        raise HTTPException(429, headers={"Retry-After": "60"})
    typed, keyring = form.one("number")[:MOST_TYPED], site.door.office.keyring
    with reading(site.door.engine) as session:
        row = with_number(session, keyring, typed)
        secret = secret_of(keyring, row) if row else ""
    if secret:
        return go(f"/survey/{secret}")
    words = said(reads(request))["number"]
    return show(request, "survey-number", status=422, words=words, typed=typed, errors={"number": words["wrong"]})


def _act(site: Site, session: Any) -> Act:
    return Act(session, site.door.office, COMPLAINANT, site.door.clock())


def _told(request: Request, row: SurveyInvitation, body: Body, what: str) -> Response:
    return show(request, "survey-told", body, words=words_for(row.grp, reads(request)), what=what)


def _page(
    site: Site,
    request: Request,
    row: SurveyInvitation,
    body: Body,
    chosen: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    words = said(reads(request))
    return show(
        request,
        "survey",
        body,
        422 if errors else 200,
        words=words_for(row.grp, reads(request)),
        items={item.id: words["items"][row.grp][item.id] for item in items_for(row.grp)},
        scale={name: words["scale"][name] for name in SCALE},
        chosen=chosen,
        errors=errors,
        floor=site.door.office.survey_floor,
        action=request.url.path,
    )
