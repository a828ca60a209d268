"""The whole application: what stands before every page, wherever it comes from."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from starlette.routing import Route

from app.house import House
from app.settings import Settings
from app.site import site
from workflow.office import Office
from workflow.safety import RiskWords
from workflow.tokens import Keyring

FORGED = [(b"sec-fetch-site", b"cross-site"), (b"origin", b"https://evil.example"), (b"origin", b"null")]


def test_every_form_there_is_refuses_a_post_from_another_site(engine: Engine) -> None:
    house = small_house(engine)
    application = site(house)
    taking = [
        route.path for route in application.routes if isinstance(route, Route) and "POST" in (route.methods or ())
    ]

    refused = {path: [status(application, path, header) for header in FORGED] for path in taking}
    house.journal.close()

    assert len(refused) > 12
    assert {path: answers for path, answers in refused.items() if answers != [403] * 3} == {}


def test_behind_a_proxy_that_rewrites_the_host_our_own_pages_may_post(engine: Engine) -> None:
    house = small_house(engine)

    answered = status(site(house), "/desk/sign-in", (b"origin", b"https://desk.example"))
    house.journal.close()

    assert answered != 403


def small_house(engine: Engine) -> House:
    office = Office("https://desk.example", "homes.example", Keyring((b"k" * 40,)), RiskWords({}))
    return House(Settings(), engine, office, lambda: datetime(2026, 3, 2, 10, tzinfo=UTC))


def status(application: Any, path: str, header: tuple[bytes, bytes]) -> int:
    """What an empty form is answered at this path, posted by a browser that says where it comes from."""
    told: list[dict[str, Any]] = []
    filled = re.sub(r"{.*?}", "x", path)
    kind = (b"content-type", b"application/x-www-form-urlencoded")
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": filled, "raw_path": filled.encode(),
        "query_string": b"", "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"127.0.0.1:8000"), kind, header],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    asyncio.run(application(scope, receive, send))
    return int(told[0]["status"])
