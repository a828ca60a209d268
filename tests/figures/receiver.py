"""The SMTP receiver and journal as a process of their own, wired as in production, to be killed or traced."""

import argparse
import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, event

from mailroom.smtp_receiver import SmtpReceiver, SmtpSettings
from storage.database import connect
from storage.journal import Journal
from tests.ports import free_port

OURS = "complaints@council.example"
ROOT = Path(__file__).parents[2]


class Process:
    """A receiver process that can be killed and started again, at once, on the same database and port."""

    def __init__(self, url: str, *, before: Sequence[str] = (), options: Sequence[str] = ()) -> None:
        """`before`: words to run it under, such as strace's."""
        self.address = ("127.0.0.1", free_port())
        command = [*before, sys.executable, "-m", "tests.figures.receiver", url, str(self.address[1]), *options]
        self._parent = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._pid = 0

    @property
    def pid(self) -> int:
        """Of the receiver itself, while it runs."""
        return self._pid

    def start(self) -> None:
        """Return when it listens."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(b"start\n")
        self._parent.stdin.flush()
        self._pid = int(self._parent.stdout.readline())

    def kill(self) -> None:
        """SIGKILL: it gets no chance to finish anything."""
        os.kill(self._pid, signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, for good; the exit status."""
        os.kill(self._pid, signal.SIGTERM)
        self._parent.communicate(timeout=60)
        return self._parent.returncode


def main() -> None:
    """For each line read, fork a receiver and wait for its end: so starting again costs no imports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("port", type=int)
    parser.add_argument("--synchronous", default="FULL", help="SQLite's; OFF shows that a figure notices")
    parser.add_argument("--loop", default="uvloop", choices=["uvloop", "asyncio"])
    options = parser.parse_args()
    status = 0
    while sys.stdin.readline():
        if (child := os.fork()) == 0:
            _run(options)
            return
        status = os.waitpid(child, 0)[1]
    sys.exit(os.waitstatus_to_exitcode(status))


def _run(options: argparse.Namespace) -> None:
    engine = connect(options.database)
    if options.synchronous != "FULL":
        _make_careless(engine, options.synchronous)
    with asyncio.Runner(loop_factory=_loop_factory(options.loop)) as runner:
        runner.run(_serve(engine, options.port))
    engine.dispose()


async def _serve(engine: Engine, port: int) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    with Journal(engine) as journal:
        started, began = datetime(2027, 3, 1, 9, 30, tzinfo=UTC), time.monotonic()
        receiver = SmtpReceiver(
            journal,
            lambda address: address == OURS,
            lambda: datetime.fromtimestamp(started.timestamp() + time.monotonic() - began, UTC),
            SmtpSettings(hostname="mx.council.example", domains=frozenset({"council.example"})),
            lambda: 1 << 40,
        )
        await receiver.start("127.0.0.1", port)
        gc.freeze()  # as app.serving does
        print(os.getpid(), flush=True)
        await stopping.wait()
        await receiver.stop()


def _make_careless(engine: Engine, synchronous: str) -> None:
    def be_careless(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA synchronous={synchronous}")  # type: ignore[attr-defined]  # a DBAPI connection

    event.listen(engine, "connect", be_careless)


def _loop_factory(name: str) -> "type[asyncio.AbstractEventLoop]":
    if name == "uvloop":
        import uvloop

        return uvloop.Loop
    return asyncio.SelectorEventLoop


if __name__ == "__main__":
    main()
