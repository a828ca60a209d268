"""What someone says on the page that follows their case: they add to it, withdraw, go on, or stop the link."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlmodel import select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from storage.database import reading, writing
from storage.journal import Arrival
from storage.tables import Contact
from templates import words
from templates.languages import OWN_NAME
from web.check import canonical, file_quietly
from web.drafts import new_token
from web.forms import Form
from web.languages import reads
from web.pages import Site, show
from web.progress import Here, with_link
from web.uploads import problems
from workflow.answers import tidy
from workflow.office import COMPLAINANT, Act
from workflow.progress import Progress, revoke, write_in
from workflow.questionnaire import questions

LONGEST = 50_000  # characters


@with_link
def ask(_site: Site, request: Request, here: Here) -> Response:
    """A form of this case: add, withdraw, next-stage, stop or language."""
    act = _act(request, here.progress)
    return _form(request, here, act, {}, {}, new_token())


@with_link
def take(site: Site, request: Request, here: Here, form: Form) -> Response:
    """What they said, raw first; then filed."""
    given = {name: tidy(form.one(name)) for name in ("text", "why", "still_dissatisfied")}
    if _was_said(site, request, here, given, form):
        return _done(request, here, str(request.path_params["act"]))
    act = _act(request, here.progress)
    if act == "stop":
        return _stop(site, request, here)
    if act == "language":
        return _speak(site, request, here, form.one("language"))
    if errors := _errors(act, given, form, reads(request)):
        return _form(request, here, act, given, errors, form.one("once"))
    stored = site.door.journal.write(_arrival(site, request, here, act, given, form))
    file_quietly(site, stored.contact_id)
    return _done(request, here, act)


def _was_said(site: Site, request: Request, here: Here, given: Mapping[str, str], form: Form) -> bool:
    """Whether a button pressed twice has done its work, so that the case no longer allows it."""
    act = request.path_params.get("act")
    if act not in ("withdraw", "next-stage"):
        return False
    key = _arrival(site, request, here, act, given, form).key
    with reading(site.door.engine) as session:
        return session.exec(select(Contact.id).where(Contact.key == key)).first() is not None


def _done(request: Request, here: Here, act: str) -> Response:
    return show(request, "progress-done", here.body, act=act, here=_home(request))


def _act(request: Request, progress: Progress) -> str:
    """The form asked for. Raises a 404 when there is no such form, or this case does not allow it now."""
    allowed = {
        "add": progress.may_add,
        "withdraw": progress.may_withdraw,
        "next-stage": progress.may_ask_next_stage,
        "stop": True,
        "language": True,
    }
    act = str(request.path_params.get("act", "add"))
    if not allowed.get(act):
        raise HTTPException(404)
    return act


def _errors(act: str, given: Mapping[str, str], form: Form, language: str) -> dict[str, str]:
    """What is wrong, by field."""
    said = words.questionnaire(language)["progress"]
    if act == "withdraw" and given["still_dissatisfied"] not in ("yes", "no"):
        return {"still_dissatisfied": said["still_dissatisfied"]}
    for name in ("text", "why"):
        if len(given[name]) > LONGEST:
            return {name: said["too_long"].format(longest=f"{LONGEST:,}")}
    if act != "add":
        return {}
    question = next(each for each in questions((), language) if each.id == "files")
    if wrong := problems(question, form, 0):
        return {"files": wrong[0]}
    return {} if given["text"] or form.uploads else {"text": said["nothing"]}


def _said(act: str, given: Mapping[str, str], form: Form) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """What the case is told, and the files."""
    if act == "withdraw":
        return {"withdraw": True, "still_dissatisfied": given["still_dissatisfied"] == "yes", "why": given["why"]}, ()
    if act == "next-stage":
        return {"next_stage": True, "why": given["why"]}, ()
    files = [_described(upload.name, upload.type, upload.content) for upload in form.uploads]
    return {"add": given["text"], "files": files}, tuple(upload.content for upload in form.uploads)


def _described(name: str, kind: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "type": kind, "size": len(content), "sha256": sha256(content).hexdigest()}


def _arrival(site: Site, request: Request, here: Here, act: str, given: Mapping[str, str], form: Form) -> Arrival:
    said, files = _said(act, given, form)
    return Arrival(
        "web",
        here.body.slug,
        canonical({**said, "language": reads(request)}),
        site.door.clock(),
        {"form": "progress", "participant": here.progress.participant_id},
        token=f"{here.progress.participant_id}:{form.one('once')[:100]}",
        files=files,
    )


def _stop(site: Site, request: Request, here: Here) -> Response:
    with writing(site.door.engine) as session:
        act = Act(session, site.door.office, COMPLAINANT, site.door.clock())
        revoke(act, here.progress.case_id, here.progress.participant_id)
    return show(request, "progress-stopped", here.body)


def _speak(site: Site, request: Request, here: Here, language: str) -> Response:
    """From now on we write to them in this language."""
    with writing(site.door.engine) as session:
        act = Act(session, site.door.office, COMPLAINANT, site.door.clock())
        write_in(act, here.progress.case_id, language)
    return _done(request, here, "language")


def _form(
    request: Request,
    here: Here,
    act: str,
    given: Mapping[str, str],
    errors: Mapping[str, str],
    once: str,
) -> Response:
    return show(
        request,
        f"progress-{act}",
        here.body,
        422 if errors else 200,
        progress=here.progress,
        languages=OWN_NAME,
        given=given,
        errors=errors,
        once=once,
        action=request.url.path,
        back=_home(request),
    )


def _home(request: Request) -> str:
    return f"/progress/{request.path_params['secret']}"
