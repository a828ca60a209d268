"""The Telegram channel as a process of its own, wired as in production, to be killed again and again."""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.telegram import answering, living  # loaded once, here: so starting again costs no imports
from bot.telegram.channel import Channel
from bot.telegram.door import TelegramDoor
from storage.database import connect
from tests.town import KEYRING
from workflow import safety
from workflow.office import Office

ROOT = Path(__file__).parents[2]
LOADED = (answering, living)
STARTED = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)


class Process:
    """A channel that can be killed and started again, at once, on the same database."""

    def __init__(self, url: str, api: str, token: str, overall: float) -> None:
        options = [url, api, token, str(overall)]
        command = [sys.executable, "-m", "tests.figures.chat_worker", *options]
        self._parent = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._pid = 0

    def start(self) -> None:
        """Return when it runs."""
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
    """For each line read, fork a channel and wait for its end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("api")
    parser.add_argument("token")
    parser.add_argument("overall", type=float)
    options = parser.parse_args()
    status, began = 0, time.monotonic()
    while sys.stdin.readline():
        if (child := os.fork()) == 0:
            _run(options, began)
            return
        status = os.waitpid(child, 0)[1]
    sys.exit(os.waitstatus_to_exitcode(status))


def _run(options: argparse.Namespace, began: float) -> None:
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told.set())
    engine = connect(options.database)
    office = Office("https://redress.example", "complaints.example", KEYRING, safety.load())
    door = TelegramDoor(
        engine,
        office,
        lambda: datetime.fromtimestamp(STARTED.timestamp() + time.monotonic() - began, UTC),
        lambda _error: None,
        options.token,
        options.api,
        overall=options.overall,
        in_a_chat=options.overall,
    )
    channel = Channel(door)
    channel.start()
    print(os.getpid(), flush=True)
    told.wait()
    channel.stop()
    engine.dispose()


if __name__ == "__main__":
    main()
