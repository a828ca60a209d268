"""The web application: the public's pages, the desk and the health page, behind the same protections."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from app.filing import file_now
from app.house import House
from app.status import health
from desk.door import DeskDoor
from desk.site import routes as desk_routes
from web.door import WebDoor
from web.gates import SafeHeaders
from web.site import error_pages
from web.site import routes as web_routes


def site(house: House, more: Sequence[BaseRoute] = ()) -> FastAPI:
    """Everything that is served; `more` are routes of the demo."""
    web = WebDoor(house.engine, house.journal, house.clock, house.office, lambda contact: file_now(house, contact))
    desk = DeskDoor(
        house.engine,
        house.journal,
        house.clock,
        house.office,
        lambda contact: file_now(house, contact),
        lambda raw, part: house.reader.part(raw, part),
    )
    handlers: dict[Any, Any] = dict(error_pages(web))
    return FastAPI(
        title="Redress",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        routes=[Route("/health", _health(house)), *more, *desk_routes(desk), *web_routes(web)],
        # Against forged posts each route that takes one has its own guard, which knows our origin behind any proxy.
        middleware=[Middleware(SafeHeaders)],
        exception_handlers=handlers,
    )


def _health(house: House) -> Any:
    def look(_request: Request) -> JSONResponse:
        """200 while everything works, 503 with the names of what does not; never anything about a person."""
        wrong, warnings = health(house)
        return JSONResponse({"ok": not wrong, "wrong": wrong, "warnings": warnings}, 503 if wrong else 200)

    return look
