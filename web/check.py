"""The last look at what was written, and sending it: once, however often the button is pressed."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from storage import draft_files
from storage.database import writing
from storage.journal import Arrival
from storage.tables import FormDraft
from web import complaint, drafts
from web.bodies import Body
from web.forms import Form
from web.languages import reads
from web.pages import Site, go, show
from workflow.answers import tidy
from workflow.questionnaire import Question, asked, complete, next_question, questions, summary
from workflow.tokens import digest

log = logging.getLogger("redress.web")


def look(site: Site, request: Request) -> Response:
    """Check your answers. The page carries them all, so that none is lost if we fail."""
    here = complaint.visit(site, request)
    if not here.once:
        return go(here.home)
    if next_question(here.every, here.answers):
        return go(here.next())
    return show(
        request,
        "check",
        here.body,
        rows=summary(here.every, here.answers),
        carried=carried(here.every, here.answers),
        files=here.files,
        once=here.once,
        has_changed=request.query_params.get("changed") == "yes",
    )


def carried(every: Sequence[Question], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The answers as the fields of a form."""
    fields = []
    for question in asked(every, answers):
        if question.kind != "files":
            answer = answers.get(question.id, "")
            fields += [(question.id, str(value)) for value in (answer if isinstance(answer, list) else [answer])]
    return fields


def _shows_others(here: complaint.Visit, form: Form) -> bool:
    """Whether the page that was looked at showed other answers than we keep now."""
    kept = carried(here.every, here.answers)
    shown = {name: values for name, values in form.fields.items() if name != "once"}
    now = {name: [value for other, value in kept if other == name] for name, _ in kept}
    return bool(shown) and next_question(here.every, here.answers) is None and _tidied(shown) != _tidied(now)


def _tidied(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: [tidy(value) for value in values] for name, values in fields.items()}


@dataclass(frozen=True)
class Ready:
    """A draft that can be sent; `token` is the one-time token that makes sending it again the same arrival."""

    draft_hash: str
    token: str
    answers: Mapping[str, Any]
    files: tuple[bytes, ...]


def send(site: Site, request: Request, form: Form) -> Response:
    """Store the complaint durably, then say where its reference stands."""
    body = site.bodies.find(request.path_params["slug"])
    with writing(site.door.engine) as session:
        draft, cookie = _draft(site, session, request, form, body)
        if draft.contact_key:
            return go(f"/complain/{body.slug}/sent/{draft.token_hash}")
        here = complaint.of_draft(body, draft, reads(request))
        if drafts.token_of(request) == here.once and _shows_others(here, form):
            # Changed in another tab: nobody may send words that they do not see.
            return go(f"{here.home}/check?changed=yes")
        ready = _ready(session, body, draft, form, reads(request))
        missing = next_question(questions(body.options), draft.answers)
    if missing is None:
        _store(site, body, ready)
    response = go(f"/complain/{body.slug}/{missing.page if missing else f'sent/{ready.draft_hash}'}")
    if cookie:
        home = f"/complain/{body.slug}"
        drafts.give_cookie(response, cookie, home, secure=site.is_secure)
    return response


def discard(site: Site, request: Request, _form: Form) -> Response:
    """Delete everything that was written."""
    body = site.bodies.find(request.path_params["slug"])
    with writing(site.door.engine) as session:
        draft = drafts.find(session, drafts.token_of(request), site.door.clock(), lock=True)
        if draft and not draft.contact_key:
            drafts.discard(session, draft)
    page = show(request, "discarded", body)
    drafts.take_cookie(page, f"/complain/{body.slug}")
    return page


def _draft(site: Site, session: Session, request: Request, form: Form, body: Body) -> tuple[FormDraft, str]:
    """The draft that this button belongs to, made again from the form if we lost it (then with a new cookie)."""
    token_hash = _once(form) or drafts.token_of(request)
    draft = session.get(FormDraft, token_hash, with_for_update=True) if token_hash else None
    if draft:
        return draft, ""
    token = drafts.new_token()
    draft = drafts.begin(session, site.door.clock(), digest(token))
    drafts.keep_answers(draft, _restored(body, form), site.door.clock())
    return draft, token


def _restored(body: Body, form: Form) -> dict[str, Any]:
    """The answers that the form carried, each checked again."""
    answers: dict[str, Any] = {"files": []}
    for question in questions(body.options):
        if question.when(answers) and question.id in form.fields:
            given = [value for value in form.all(question.id) if value]
            taken, _ = complaint.judge(
                [question], answers, {question.id: given if question.kind == "choices" else form.one(question.id)}
            )
            answers |= taken
        elif question.kind == "choices":
            answers[question.id] = []
    return answers


def _ready(session: Session, body: Body, draft: FormDraft, form: Form, language: str) -> Ready:
    answers = complete(questions(body.options), body.options, draft.answers, language) | {"files": draft.files}
    return Ready(draft.token_hash, _once(form) or draft.token_hash, answers, draft_files.bytes_of(session, draft.files))


def _store(site: Site, body: Body, ready: Ready) -> None:
    raw = canonical(ready.answers)
    now = site.door.clock()
    stored = site.door.journal.write(
        Arrival("web", body.slug, raw, now, {"form": "complaint"}, token=ready.token, files=ready.files)
    )
    with writing(site.door.engine) as session:
        draft = session.get(FormDraft, ready.draft_hash, with_for_update=True)
        if draft:
            drafts.mark_sent(draft, stored.key, site.door.clock())
    file_quietly(site, stored.contact_id)


def canonical(data: Mapping[str, Any]) -> bytes:
    """One way to write the same data down, so that the same form again has the same key."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def file_quietly(site: Site, contact_id: int) -> None:
    """File it now if that works. It is stored: whatever fails here is tried again later, and is no reason to say no."""
    try:
        site.door.file_now(contact_id)
    except Exception as error:  # noqa: BLE001 - see above
        log.warning("filing contact %s has to wait: %s", contact_id, type(error).__name__)


def _once(form: Form) -> str:
    once = form.one("once")
    return once if drafts.is_token_hash(once) else ""
