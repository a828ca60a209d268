"""A web server of another organisation, on a port of its own, that answers as a test wants it to."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Asked"], None]


class Asked(BaseHTTPRequestHandler):
    """One request to the server."""

    protocol_version = "HTTP/1.1"
    theirs: "FeedServer"

    def do_GET(self) -> None:
        self.theirs.asked.append(dict(self.headers))
        with suppress(OSError):  # who asked may have hung up: that is what some tests want
            self.theirs.answer(self)

    def log_message(self, *_said: object) -> None:
        """Silent."""

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


@dataclass
class FeedServer:
    """Where it is, what it was asked, and how it answers."""

    answer: Answer = lambda asked: asked.say(404)
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def gives(self, body: bytes, **headers: str) -> None:
        self.answer = lambda asked: asked.say(200, body, **headers)


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    theirs = FeedServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Their", (Asked,), {"theirs": theirs}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    theirs.url = f"http://127.0.0.1:{server.server_port}/feed"
    yield theirs
    server.shutdown()
    thread.join()
    server.server_close()


def drips(asked: Asked) -> None:
    """A byte now and then, for as long as anybody listens."""
    asked.send_response(200)
    asked.send_header("Content-Length", "1000")
    asked.end_headers()
    for _ in range(200):
        asked.wfile.write(b" ")
        asked.wfile.flush()
        time.sleep(0.05)
