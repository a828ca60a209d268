"""Showing a page of the desk: its template, who looks, and what every page needs to know."""

from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from desk.sight import Sight
from templates.environments import pages

PROBLEMS = {400: "bad-request", 403: "forbidden", 404: "not-found", 405: "not-found", 413: "too-large"}


def show(name: str, me: Sight | None = None, status: int = 200, **facts: Any) -> HTMLResponse:
    """The page `templates/desk/<name>.html`."""
    html = pages().get_template(f"desk/{name}.html").render(me=me, owner="Complaints desk", home="/desk", **facts)
    return HTMLResponse(html, status)


def go(path: str) -> Response:
    """On to another page of ours, by GET."""
    return RedirectResponse(path, 303)


def problem(status: int, me: Sight | None = None) -> HTMLResponse:
    """A page that says in plain words what is wrong, and nothing of what lies behind."""
    return show(PROBLEMS.get(status, "bad-request"), me, status)
