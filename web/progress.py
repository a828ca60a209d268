"""Following a complaint by its secret link: where it is, adding to it, withdrawing, going on, stopping the link."""

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from sqlmodel import Session, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from storage.database import reading, writing
from storage.journal import Arrival
from storage.tables import Case, Organisation
from templates import words
from web.check import canonical, file_quietly
from web.drafts import new_token
from web.forms import Form
from web.pages import Site, show
from web.uploads import problems
from workflow.answers import tidy
from workflow.progress import Progress, find, revoke
from workflow.questionnaire import questions

LONGEST = 50_000  # characters
SECRET = re.compile(r"[A-Za-z0-9_-]{16,100}")
UNTOLD = {"Referrer-Policy": "no-referrer"}  # this page posts nothing, so its address need never be told


class LinkNotValid(Exception):
    """No case is open to this link: it is wrong, or was stopped. Both look the same."""


def with_link(work: Callable[..., Response]) -> Callable[..., Response]:
    """Only at a bearable pace, and only with a link that is valid."""

    def guarded(site: Site, request: Request, *form: Form) -> Response:
        if not site.guesses.allows(request):
            raise HTTPException(429, headers={"Retry-After": "60"})
        try:
            return work(site, request, _progress(site, request), *form)
        except LinkNotValid:
            return show("link-not-valid", status=404)

    return guarded


def _progress(site: Site, request: Request) -> Progress:
    secret = request.path_params["secret"]
    if not SECRET.fullmatch(secret):
        raise LinkNotValid
    with reading(site.door.engine) as session:
        found = find(session, secret, site.door.clock())
    if found is None:
        raise LinkNotValid
    return found


@with_link
def follow(_site: Site, request: Request, progress: Progress) -> Response:
    """Where the complaint is, and what was said."""
    page = show("progress", progress=progress, here=request.url.path, owner=progress.organisation_name)
    page.headers.update(UNTOLD)
    return page


@with_link
def ask(_site: Site, request: Request, progress: Progress) -> Response:
    """A form of this case: add, withdraw, next-stage or stop."""
    act = _act(request, progress)
    return _form(request, progress, act, {}, {}, new_token())


@with_link
def take(site: Site, request: Request, progress: Progress, form: Form) -> Response:
    """What they said, raw first; then filed."""
    act = _act(request, progress)
    if act == "stop":
        return _stop(site, progress)
    given = {name: tidy(form.one(name)) for name in ("text", "why", "still_dissatisfied")}
    if errors := _errors(act, given, form):
        return _form(request, progress, act, given, errors, form.one("once"))
    said, files = _said(act, given, form)
    _store(site, progress, said, files, form.one("once"))
    return show("progress-done", act=act, here=_home(request), owner=progress.organisation_name)


def _act(request: Request, progress: Progress) -> str:
    """The form asked for. Raises a 404 when there is no such form, or this case does not allow it now."""
    allowed = {
        "add": progress.may_add,
        "withdraw": progress.may_withdraw,
        "next-stage": progress.may_ask_next_stage,
        "stop": True,
    }
    act = str(request.path_params.get("act", "add"))
    if not allowed.get(act):
        raise HTTPException(404)
    return act


def _errors(act: str, given: Mapping[str, str], form: Form) -> dict[str, str]:
    """What is wrong, by field."""
    if act == "withdraw" and given["still_dissatisfied"] not in ("yes", "no"):
        return {"still_dissatisfied": words.questionnaire()["progress"]["still_dissatisfied"]}
    for name in ("text", "why"):
        if len(given[name]) > LONGEST:
            return {name: words.questionnaire()["progress"]["too_long"].format(longest=f"{LONGEST:,}")}
    if act != "add":
        return {}
    question = next(each for each in questions(()) if each.id == "files")
    if wrong := problems(question, form, 0):
        return {"files": wrong[0]}
    return {} if given["text"] or form.uploads else {"text": words.questionnaire()["progress"]["nothing"]}


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


def _store(site: Site, progress: Progress, said: Mapping[str, Any], files: tuple[bytes, ...], once: str) -> None:
    with reading(site.door.engine) as session:
        recipient = _slug(session, progress.case_id)
    envelope = {"form": "progress", "participant": progress.participant_id}
    arrival = Arrival(
        "web",
        recipient,
        canonical(said),
        site.door.clock(),
        envelope,
        token=f"{progress.participant_id}:{once[:100]}",
        files=files,
    )
    stored = site.door.journal.write(arrival)
    file_quietly(site, stored.contact_id)


def _slug(session: Session, case_id: int) -> str:
    query = select(Organisation.slug).join(Case).where(Case.id == case_id)
    return session.exec(query).one()


def _stop(site: Site, progress: Progress) -> Response:
    with writing(site.door.engine) as session:
        revoke(session, progress.participant_id, site.door.clock())
    return show("progress-stopped", owner=progress.organisation_name)


def _form(
    request: Request,
    progress: Progress,
    act: str,
    given: Mapping[str, str],
    errors: Mapping[str, str],
    once: str,
) -> Response:
    return show(
        f"progress-{act}",
        status=422 if errors else 200,
        progress=progress,
        given=given,
        errors=errors,
        once=once,
        action=request.url.path,
        back=_home(request),
        owner=progress.organisation_name,
    )


def _home(request: Request) -> str:
    return f"/progress/{request.path_params['secret']}"
