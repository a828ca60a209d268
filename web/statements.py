"""Pages about these pages: accessibility, privacy, cookies; and our own css, js and icon."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from templates.environments import STATIC, static_address
from web.pages import Site, show

STATEMENTS = ("accessibility", "privacy", "cookies")
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".govuk-frontend": "text/plain"}
A_YEAR = "public, max-age=31536000, immutable"  # the address changes with the content


def statement(site: Site, request: Request) -> Response:
    """One of the statements, in the name of the body whose page led here."""
    name, slug = request.path_params["name"], request.query_params.get("body", "")
    if name not in STATEMENTS:
        raise HTTPException(404)
    if not slug:
        return show(request, name)
    try:
        return show(request, name, site.bodies.find(slug))
    except HTTPException:
        return show(request, name)


def static(_site: Site, request: Request) -> Response:
    """A file of web/static, by the very names that are there."""
    found = {path.name: path for path in Path(STATIC).iterdir() if path.is_file()}.get(request.path_params["file"])
    if found is None:
        raise HTTPException(404)
    is_current = request.path_params["version"] == static_address().rsplit("/", 1)[-1]
    cache = A_YEAR if is_current else "no-cache"
    return FileResponse(found, media_type=TYPES.get(found.suffix, "text/plain"), headers={"Cache-Control": cache})
