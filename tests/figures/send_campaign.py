"""Kills workers at random while they send: no mail may be missed, and a second copy must be the very same mail.

python -m tests.figures.send_campaign [--messages 1000 --kills 50 --workers 4] [--database sqlite|postgresql]
"""

import argparse
import multiprocessing
import multiprocessing.process
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from mailroom.sink import Mail, kept_in
from storage.database import connect
from storage.tables import Message
from tests.databases import databases
from tests.figures import send_worker
from tests.workflow.office import acting
from workflow import outbox
from workflow.outbox import To, Words


@dataclass(frozen=True)
class Outcome:
    """What a campaign counted. `missed` must be 0, as must `changed`: second copies that are not the same bytes."""

    messages: int
    kills: int
    arrived: int
    missed: int
    second_copies: int
    changed: int
    unconfessed: int  # second copies of messages whose record does not say "possibly twice"
    seconds: float


def campaign(url: str, folder: Path, *, messages: int, kills: int, workers: int, seed: int = 1) -> Outcome:
    """Send this many mails through a real relay while this many workers are killed with SIGKILL."""
    began = time.monotonic()
    engine = connect(url)
    try:
        _owe(engine, messages)
        with _Sink(folder) as sink:
            _kill_while_sending(engine, _Workers(url, sink.relay, workers, began), kills, random.Random(seed))
        return _count(engine, kept_in(folder), messages, kills, time.monotonic() - began)
    finally:
        engine.dispose()


def _owe(engine: Engine, messages: int) -> None:
    with acting(engine) as act:
        for number in range(messages):
            words = Words(f"Reminder {number}", f"This is reminder {number}.\n" * 20)
            outbox.owe(act, f"k{number}", "reminder", To(f"p{number}@example.org"), words)


def _kill_while_sending(engine: Engine, workers: "_Workers", kills: int, chance: random.Random) -> None:
    """The kills are spread over the whole of the sending: one falls each time that a share of the mails has left."""
    all_of_them = _waiting(engine)
    try:
        for kill in range(kills):
            _wait_for(engine, all_of_them - all_of_them * (kill + 1) // (kills + 2))
            time.sleep(chance.random() * 0.02)
            workers.kill_and_replace(chance)
        _wait_for(engine, 0)
    finally:
        workers.stop()


def _wait_for(engine: Engine, left: int, seconds: float = 120) -> None:
    ends_at = time.monotonic() + seconds
    while _waiting(engine) > left:
        if time.monotonic() > ends_at:
            raise TimeoutError(f"{_waiting(engine)} mails are still waiting; {left} were expected by now")
        time.sleep(0.01)


def _waiting(engine: Engine) -> int:
    with Session(engine.execution_options(redress_reading=True)) as session:
        return session.exec(select(func.count(col(Message.id))).where(col(Message.closed_at).is_(None))).one()


def _count(engine: Engine, mails: list[Mail], messages: int, kills: int, seconds: float) -> Outcome:
    copies = Counter(mail.recipients[0] for mail in mails)
    contents = {(mail.recipients[0], mail.mail_from, mail.raw) for mail in mails}
    with Session(engine) as session:
        confessed = set(session.exec(select(Message.address).where(col(Message.possibly_twice))))
    twice = {address for address, count in copies.items() if count > 1}
    return Outcome(
        messages=messages,
        kills=kills,
        arrived=len(copies),
        missed=sum(f"p{number}@example.org" not in copies for number in range(messages)),
        second_copies=len(mails) - len(copies),
        changed=len(contents) - len(copies),
        unconfessed=len(twice - confessed),
        seconds=round(seconds, 1),
    )


class _Sink:
    """A sink in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._command = [sys.executable, "-m", "tests.figures.send_sink", str(folder)]

    def __enter__(self) -> "_Sink":
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.relay = f"smtp://127.0.0.1:{self._process.stdout.readline().strip()}"
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.communicate()


class _Workers:
    """The processes that send; each that is killed is followed by a new one, forked from one that is warm already."""

    def __init__(self, url: str, relay: str, count: int, began: float) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.figures.send_worker"])
        self._url, self._relay, self._began, self._started = url, relay, began, 0
        self._running = [self._start() for _ in range(count)]

    def kill_and_replace(self, chance: random.Random) -> None:
        """SIGKILL to any of them."""
        victim = self._running.pop(chance.randrange(len(self._running)))
        victim.kill()
        victim.join()
        self._running.append(self._start())

    def stop(self) -> None:
        for worker in self._running:
            worker.kill()
            worker.join()

    def _start(self) -> multiprocessing.process.BaseProcess:
        self._started += 1
        facts = (self._url, self._relay, f"worker-{self._started}", self._began)
        worker = self._context.Process(target=send_worker.run, args=facts)
        worker.start()
        return worker


def main() -> int:
    """The campaign from the command line; status 0 if its promises held."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--messages", type=int, default=1000)
    arguments.add_argument("--kills", type=int, default=50)
    arguments.add_argument("--workers", type=int, default=4)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = arguments.parse_args()
    os.environ["REDRESS_TEST_DATABASE"] = given.database
    with tempfile.TemporaryDirectory() as folder:
        source = databases(Path(folder))
        url = source.migrated()
        sizes = {"messages": given.messages, "kills": given.kills, "workers": given.workers, "seed": given.seed}
        outcome = campaign(url, Path(folder) / "mails", **sizes)
        source.drop(url)
        source.close()
    for name, value in asdict(outcome).items():
        print(f"{name.replace('_', ' '):14} {value}")
    return 1 if outcome.missed or outcome.changed or outcome.unconfessed or outcome.second_copies > outcome.kills else 0


if __name__ == "__main__":
    sys.exit(main())
