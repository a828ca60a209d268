"""The IMAP receiver as a process of its own, which SIGKILL hits at one point: `python -m tests.servers.imap_worker`."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from imapclient import IMAPClient

from mailroom.imap_memory import Memory
from mailroom.imap_receiver import ImapReceiver
from storage.database import connect
from storage.journal import Journal
from tests.figures.receiver import ROOT
from tests.servers.mailbox import NOW, OURS

POINTS: dict[str, tuple[type[Any], str]] = {
    "before the commit": (Journal, "write"),
    "before our memory": (Memory, "remember"),
    "before the move": (IMAPClient, "move"),
    "before the move is noted": (Memory, "moved"),
}


def poll(database: str, mailbox: str, *, dies: str = "") -> int:
    """Poll once in a process of its own, which dies at this point for its second mail; its exit status."""
    command = [sys.executable, "-m", "tests.servers.imap_worker", database, mailbox, "--dies", dies]
    return subprocess.run(command, cwd=ROOT, timeout=60).returncode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database")
    parser.add_argument("mailbox")
    parser.add_argument("--dies", default="")
    options = parser.parse_args()
    if options.dies:
        place, name = POINTS[options.dies]
        setattr(place, name, _deadly(getattr(place, name)))
    engine = connect(options.database)
    with Journal(engine) as journal:
        ImapReceiver(journal, engine, options.mailbox, lambda: NOW, lambda _trouble: None,
                     is_ours=lambda address: address in OURS).poll()  # fmt: skip
    engine.dispose()


def _deadly(act: Callable[..., Any]) -> Callable[..., Any]:
    """The same act, but the second time the process ends instead, with no chance to tidy up."""
    done: list[None] = []

    @wraps(act)
    def act_or_die(*given: Any, **more: Any) -> Any:
        if done:
            os.kill(os.getpid(), signal.SIGKILL)
        done.append(None)
        return act(*given, **more)

    return act_or_die


if __name__ == "__main__":
    main()
