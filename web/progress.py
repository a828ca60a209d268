"""Following a complaint by its secret link: whose it is, where it is, and what was said."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from storage.database import reading
from storage.tables import Case, Organisation
from templates.writing import Block, blocks, feet
from web.bodies import Body
from web.forms import Form
from web.languages import chosen, speak
from web.pages import Site, show, words_in
from web.promised import promised
from workflow.progress import Progress, find

SECRET = re.compile(r"[A-Za-z0-9_-]{16,100}")
UNTOLD = {"Referrer-Policy": "no-referrer"}  # this page posts nothing, so its address need never be told


@dataclass(frozen=True)
class Here:
    """A case as its person sees it, and the body that it is with."""

    progress: Progress
    body: Body


class LinkNotValid(Exception):
    """No case is open to this link: it is wrong, or was stopped. Both look the same."""


def with_link(work: Callable[..., Response]) -> Callable[..., Response]:
    """Only at a bearable pace, and only with a link that is valid."""

    def guarded(site: Site, request: Request, *form: Form) -> Response:
        if not site.guesses.allows(request):
            raise HTTPException(429, headers={"Retry-After": "60"})
        try:
            return work(site, request, _here(site, request), *form)
        except LinkNotValid:
            typed = words_in(form[0]) if form else []
            return show(request, "link-not-valid", status=404, typed=typed)

    return guarded


def _here(site: Site, request: Request) -> Here:
    secret = request.path_params["secret"]
    if not SECRET.fullmatch(secret):
        raise LinkNotValid
    with reading(site.door.engine) as session:
        progress = find(session, secret, site.door.clock(), chosen(request))
        if progress is None:
            raise LinkNotValid
        slug = session.exec(select(Organisation.slug).join(Case).where(Case.id == progress.case_id)).one()
    speak(request, progress.language)
    return Here(progress, site.bodies.find(slug))


@with_link
def follow(site: Site, request: Request, here: Here) -> Response:
    """Where the complaint is, what was promised because of it, and what was said."""
    page = show(
        request,
        "progress",
        here.body,
        progress=here.progress,
        promised=promised(site, here.progress),
        here=request.url.path,
        letter=letter,
    )
    page.headers.update(UNTOLD)
    return page


def letter(text: str) -> list[Block]:
    """A letter of ours as the page shows it: without its foot, which only leads to this page."""
    whole = blocks(text)
    foot = next((at for at, block in enumerate(whole) if block.is_heading and block.text in feet()), len(whole))
    return whole[:foot]
