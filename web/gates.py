"""What stands before every page: the headers that browsers obey, a limit on the body, and on the pace of guessing."""

import base64
import re
from hashlib import sha256

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from templates.environments import pages


class SafeHeaders:
    """Adds the security headers to every response that has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def security_headers() -> dict[str, str]:
    """No scripts but our own files, no framing, no guessing of types, nothing kept, nothing told to other sites."""
    return {
        "Content-Security-Policy": "; ".join(
            [
                "default-src 'self'",
                f"script-src 'self' {_inline_script_hash()}",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            ]
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # "no-referrer" would make browsers post with `Origin: null`, which the guard against forged posts refuses.
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }


def _inline_script_hash() -> str:
    """The page frame of the GOV.UK Design System has one inline script: allowed by the hash of its text."""
    script = re.search(r"<script>(.*?)</script>", pages().get_template("shared/layout.html").render(), re.DOTALL)
    assert script, "the frame of the pages has lost its inline script"
    return f"'sha256-{base64.b64encode(sha256(script[1].encode()).digest()).decode()}'"


class TooLarge(Exception):
    """The body of a request went over its limit."""


class BodyLimit:
    """Refuses a body that says it is too large at once, and one that turns out so when it does."""

    def __init__(self, app: ASGIApp, largest: int, refuse: ASGIApp) -> None:
        self._app, self._largest, self._refuse = app, largest, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = Headers(scope=scope).get("content-length", "")
        if said.isascii() and said.isdigit() and int(said[:20]) > self._largest:
            await self._refuse(scope, receive, send)
            return
        read = 0

        async def receive_within_limit() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._largest:
                raise TooLarge
            return message

        try:
            await self._app(scope, receive_within_limit, send)
        except TooLarge:
            await self._refuse(scope, receive, send)


class Pace:
    """How often one address may ask; kept in this process's memory."""

    def __init__(self, limit: RateLimitItem) -> None:
        self._limit = limit
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def allows(self, request: Request) -> bool:
        return self._window.hit(self._limit, request.client.host if request.client else "unknown")
