"""What was learnt from complaints, for everybody to read: the list, one lesson, and stopping the emails about them."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from learning.public import published, stakeholders
from storage.database import reading, writing
from storage.tables import Stakeholder
from web.bodies import SLUG
from web.caching import kept
from web.forms import Form
from web.languages import reads
from web.pages import Site, show
from workflow.office import COMPLAINANT, Act
from workflow.subjects import subjects

MOST_PAGES = 1_000


def listed(site: Site, request: Request) -> Response:
    """Every published lesson, of one organisation or subject if asked."""
    slug, subject, page = asked(request)
    with reading(site.door.engine) as session:
        entries, more = published.entries(session, body=slug, subject=subject, page=page)
        bodies, about = published.bodies(session), published.subjects(session)
    body = site.bodies.find(slug) if slug else None
    facts: dict[str, Any] = {
        "bodies": bodies,
        "about": about,
        "chosen": slug,
        "subject": subject,
        "page": page,
        "more": more,
    }
    return kept(request, show(request, "learning", body, entries=entries, **facts))


def lesson(site: Site, request: Request) -> Response:
    """One published lesson; 410 for one that was withdrawn."""
    slug = request.path_params["lesson"]
    if not SLUG.fullmatch(slug):
        raise HTTPException(404)
    with reading(site.door.engine) as session:
        entry = published.find(session, slug)
        if entry is None and published.was_withdrawn(session, slug):
            return show(request, "learning-withdrawn", status=410)
    if entry is None:
        raise HTTPException(404)
    shown_in = entry.language(reads(request))
    return kept(request, show(request, "learning-lesson", entry=entry, it=entry.texts[shown_in], shown_in=shown_in))


def ask_stop(site: Site, request: Request) -> Response:
    """A button that stops the emails about what is published: a mail scanner that only looks stops nothing."""
    with reading(site.door.engine) as session:
        row = stakeholders.find(session, request.path_params["secret"])
        if row is None:
            raise HTTPException(404)
        return _stop_page(request, row)


def stop(site: Site, request: Request, _form: Form) -> Response:
    """Stop them: by the button, or by the mail program's own (RFC 8058)."""
    with writing(site.door.engine) as session:
        row = stakeholders.find(session, request.path_params["secret"])
        if row is None:
            raise HTTPException(404)
        stakeholders.stop(Act(session, site.door.office, COMPLAINANT, site.door.clock()), row)
        return _stop_page(request, row)


def asked(request: Request) -> tuple[str, str, int]:
    """Organisation, subject and page of the list. Raises a 404 for what can't be any."""
    said = request.query_params
    slug, subject, page = said.get("organisation", ""), said.get("subject", ""), said.get("page", "1")
    is_page = page.isascii() and page.isdigit() and 0 < int(page[:9]) <= MOST_PAGES
    if (slug and not SLUG.fullmatch(slug)) or (subject and subject not in subjects()) or not is_page:
        raise HTTPException(404)
    return slug, subject, int(page)


def _stop_page(request: Request, row: Stakeholder) -> Response:
    return show(request, "learning-stop", who=row.name, is_stopped=row.stopped_at is not None)
