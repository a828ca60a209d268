"""The limited child itself (`python -m mailroom.inside`): reads one mail after another, and may die of any of them."""

import json
import resource
import signal
import socket
import sys
from typing import Any

from mailroom import frames, reading


def main() -> None:
    """Serve the socket that stands in for standard input until the parent closes it."""
    settings = json.loads(sys.argv[1])
    _limit(settings["memory"])
    with socket.socket(fileno=0) as channel:
        while True:
            try:
                request, raw = json.loads(frames.receive(channel)), frames.receive(channel)
            except (EOFError, ConnectionError):
                return
            signal.setitimer(signal.ITIMER_PROF, settings["cpu_seconds"])  # SIGPROF ends us, as nothing catches it
            answer = _answer(request, raw)
            signal.setitimer(signal.ITIMER_PROF, 0)
            frames.send(channel, *answer)


def _limit(memory: int) -> None:
    """No more memory than this, no file written, no core left behind with somebody's mail in it."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(request: dict[str, Any], raw: bytes) -> tuple[bytes, bytes]:
    if request["want"] == "part":
        try:
            return b"ok", reading.part(raw, request["index"])
        except IndexError:
            return b"none", b""
    how = reading.outline if request["want"] == "outline" else reading.read
    more = {"ours": request["ours"]} if request["want"] == "read" else {}
    return b"ok", frames.from_reading(how(raw, envelope_sender=request["envelope_sender"], **more))


if __name__ == "__main__":
    main()
