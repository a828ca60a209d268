"""The web server of every test of pages: it runs from test to test, and each test puts its own pages behind it."""

import atexit
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

_FREE: list["Port"] = []


@contextmanager
def on_a_port(app: ASGIApp) -> Iterator[str]:
    """Where the application is served; whatever it still does is done when this ends."""
    port = _FREE.pop() if _FREE else Port()
    port.app = app
    yield port.url
    port.finish()
    _FREE.append(port)


class Port:
    """A server in a thread of its own. To start and stop one for each test takes a fifth of a second."""

    app: ASGIApp

    def __init__(self) -> None:
        self._answering = 0
        config = uvicorn.Config(self._answer, interface="asgi3", port=0, log_level="critical", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="pages", daemon=True)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._thread.join(0.01)
        self.url = f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"
        atexit.register(self._stop)

    def finish(self) -> None:
        """Wait for what an answer has left to do, so that no test's work goes on in the next."""
        while self._answering:
            time.sleep(0.001)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._answering += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._answering -= 1

    def _stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(5)
