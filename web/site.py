"""Every address of the public's pages, in one table."""

from asgi_cross_origin_protection import CrossOriginProtection
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, ExceptionHandler, Receive, Scope, Send

from web import (
    check,
    complaint,
    learning_feeds,
    learning_pages,
    progress,
    sent,
    statements,
    survey,
    telling,
    updates,
    uploads,
)
from web.bodies import Bodies
from web.door import WebDoor
from web.edges import Reading, Taking, getting, posting
from web.forms import LARGEST_FORM, LARGEST_UPLOAD
from web.gates import BodyLimit, Pace, SafeHeaders
from web.languages import switch
from web.pages import Site, problem, show

PAGES_A_MINUTE = 60  # of progress, per address
UPLOADS_AN_HOUR = 300  # per address, which a whole library or law centre may share


def routes(door: WebDoor) -> list[BaseRoute]:
    """The public's pages, each behind its gates."""
    site = _site(door)
    complain = "/complain/{slug}"
    follow = "/progress/{secret}"
    choices = "/updates/{secret}"
    asked = "/survey/{secret}"
    return [
        _show(site, "/", complaint.front),
        _show(site, complain, complaint.start),
        _show(site, f"{complain}/check", check.look),
        _take(site, f"{complain}/send", check.send),
        _take(site, f"{complain}/discard", check.discard),
        _show(site, f"{complain}/sent/{{once}}", sent.reference),
        _show(site, f"{complain}/equality/{{once}}", sent.equality),
        _take(site, f"{complain}/equality/{{once}}", sent.take_equality),
        _take(site, f"{complain}/files", uploads.take, LARGEST_UPLOAD),
        _show(site, f"{complain}/{{page}}", complaint.ask),
        _take(site, f"{complain}/{{page}}", complaint.take),
        _show(site, follow, progress.follow),
        _take(site, f"{follow}/add", telling.take, LARGEST_UPLOAD),
        _show(site, f"{follow}/{{act}}", telling.ask),
        _take(site, f"{follow}/{{act}}", telling.take),
        _show(site, choices, updates.look),
        _take(site, choices, updates.take),
        _show(site, f"{choices}/stop", updates.ask_stop),
        _take(site, f"{choices}/stop", updates.stop),
        _show(site, "/survey", survey.ask_number),
        _take(site, "/survey", survey.take_number),
        _show(site, asked, survey.ask),
        _take(site, asked, survey.take),
        _show(site, f"{asked}/stop", survey.ask_stop),
        _take(site, f"{asked}/stop", survey.stop),
        _show(site, "/learning", learning_pages.listed),
        _show(site, "/learning/feed.atom", learning_feeds.atom),
        _show(site, "/learning/feed.json", learning_feeds.as_json),
        _show(site, "/learning/stop/{secret}", learning_pages.ask_stop),
        _take(site, "/learning/stop/{secret}", learning_pages.stop),
        _show(site, "/learning/{lesson}", learning_pages.lesson),
        _show(site, "/help/{name}", statements.statement),
        _show(site, "/static/{version}/{file}", statements.static),
    ]


def application(door: WebDoor) -> Starlette:
    """The public's pages by themselves, with pages for what is not there."""
    return Starlette(routes=routes(door), exception_handlers=error_pages(door), middleware=[Middleware(SafeHeaders)])


def error_pages(door: WebDoor) -> dict[int | type[Exception], ExceptionHandler]:
    """For the whole application: a page for an address we don't have, and for a failure nobody caught."""
    site = _site(door)

    async def not_here(request: Request, error: Exception) -> Response:
        switched = switch(request, secure=site.is_secure)
        return switched or problem(site, request, error if isinstance(error, HTTPException) else HTTPException(400))

    async def failed(request: Request, _error: Exception) -> Response:
        return show(request, "failed", status=500)

    return {HTTPException: not_here, 500: failed}


def _site(door: WebDoor) -> Site:
    guesses, uploads = Pace(RateLimitItemPerMinute(PAGES_A_MINUTE)), Pace(RateLimitItemPerHour(UPLOADS_AN_HOUR))
    return Site(door, Bodies(door.engine), guesses, uploads)


def _show(site: Site, path: str, work: Reading) -> Route:
    return Route(path, getting(site, work), methods=["GET"], middleware=[Middleware(SafeHeaders)])


def _take(site: Site, path: str, work: Taking, largest: int = LARGEST_FORM) -> Route:
    gates = [
        Middleware(SafeHeaders),
        Middleware(CrossOriginProtection, allowed_origins=[_origin(site)], deny_app=_refusal(site, 403)),
        Middleware(BodyLimit, largest=largest, refuse=_refusal(site, 413)),
    ]
    return Route(path, posting(site, work), methods=["POST"], middleware=gates)


def _origin(site: Site) -> str:
    """Our own pages' origin, as browsers name it."""
    return "/".join(site.door.office.public_url.split("/")[:3])


def _refusal(site: Site, status: int) -> ASGIApp:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await problem(site, Request(scope), HTTPException(status))(scope, receive, send)

    return refuse
