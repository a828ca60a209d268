"""In which language someone reads our pages: the one they chose, remembered in a cookie until their browser closes."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from templates.languages import LANGUAGES, OWN_NAME, other

COOKIE = "language"
ASKED = "lang"  # as in ?lang=cy


def chosen(request: Request) -> str:
    """The language they chose; empty when they chose none."""
    language = request.cookies.get(COOKIE, "")
    return language if language in LANGUAGES else ""


def reads(request: Request) -> str:
    """The language to show a page in: the one they chose, or of the case that the page is about, or else English."""
    return chosen(request) or getattr(request.state, "language", "") or LANGUAGES[0]


def speak(request: Request, language: str) -> None:
    """This page is about a person who is written to in this language: it is shown so, unless they chose another."""
    request.state.language = language


def switch(request: Request, *, secure: bool) -> Response | None:
    """The same page again in the language asked for, which is remembered; None when none was asked for."""
    language = request.query_params.get(ASKED, "")
    if language not in LANGUAGES:
        return None
    # One slash only: what begins with two would be another site's address.
    response = RedirectResponse("/" + request.url.path.lstrip("/") + _query(request), 303)
    response.set_cookie(COOKIE, language, httponly=True, samesite="lax", secure=secure)
    return response


def elsewise(request: Request) -> Mapping[str, str] | None:
    """The way to this page in the other language; None where going there would lose what was posted."""
    if request.method != "GET":
        return None
    language = other(reads(request))
    return {"address": _query(request, language), "language": language, "name": OWN_NAME[language]}


def _query(request: Request, language: str = "") -> str:
    """What this page was asked, with this language or with none."""
    query = [(name, value) for name, value in request.query_params.multi_items() if name != ASKED]
    query += [(ASKED, language)] if language else []
    return f"?{urlencode(query)}" if query else ""
