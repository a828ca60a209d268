"""What stands before every page: the headers that browsers obey, a limit on the body, and on the pace of guessing."""

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from templates.headers import safe_headers


class SafeHeaders:
    """Adds the security headers to every response that has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = safe_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


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
