"""Kills workers at random while the digests of a quarter are due: each leader gets theirs, and nobody gets it twice.

python -m tests.figures.digests_campaign [--services 60 --kills 30 --workers 4] [--database sqlite|postgresql]
"""

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import Engine, insert
from sqlmodel import Session, col, func, select

from storage.database import connect, reading, writing
from storage.tables import Case, DigestSent, Message, Organisation, Service, Staff, StaffService
from tests.databases import databases
from tests.figures import digests_worker
from tests.town import at
from workflow import procedure as procedures

PROCEDURE = "housing-ombudsman-code-2024"
LEADERS = 2  # of each service: they are told the same, and each gets a mail
HAD, MISSED = "2025Q3", ("2025Q4", "2026Q1")  # the last that everyone had; what is owed after an outage of months


@dataclass(frozen=True)
class Outcome:
    """What a campaign counted. `missed`, `twice` and `unremembered` must be 0."""

    owed: int
    kills: int
    missed: int
    twice: int
    unremembered: int  # mails without the row that says that they were owed, or the other way round
    seconds: float


def campaign(url: str, *, services: int, kills: int, workers: int, seed: int = 1) -> Outcome:
    """Let every leader of this many services be owed digests, while this many workers are killed with SIGKILL."""
    began, chance = time.monotonic(), random.Random(seed)
    engine = connect(url)
    try:
        with writing(engine) as session:
            owed = _settle(session, services)
        _kill_while_making(engine, url, len(owed), kills, workers, chance)
        return _count(engine, owed, kills, time.monotonic() - began)
    finally:
        engine.dispose()


def _kill_while_making(engine: Engine, url: str, owed: int, kills: int, workers: int, chance: random.Random) -> None:
    """The kills are spread over the whole of the making: one falls each time that a share of the digests is owed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.figures.digests_worker"])
    running: list[BaseProcess] = []
    try:
        for kill in range(kills + 1):
            while len(running) < workers:
                running.append(context.Process(target=digests_worker.run, args=(url,)))
                running[-1].start()
            _wait_for(engine, owed * (kill + 1) // (kills + 1) if kill < kills else owed)
            time.sleep(chance.random() * 0.3)
            victim = running.pop(chance.randrange(len(running)))
            victim.kill()
            victim.join()
    finally:
        for one in running:
            one.kill()
            one.join()


def _wait_for(engine: Engine, wanted: int, seconds: float = 240) -> None:
    ends_at = time.monotonic() + seconds
    while (done := _done(engine)) < wanted:
        if time.monotonic() > ends_at:
            raise TimeoutError(f"{done} digests are in the outbox; {wanted} were expected by now")
        time.sleep(0.02)


def _done(engine: Engine) -> int:
    with reading(engine) as session:
        return session.exec(select(func.count(col(DigestSent.id))).where(DigestSent.period != HAD)).one()


def _count(engine: Engine, owed: set[tuple[int | None, str]], kills: int, seconds: float) -> Outcome:
    with Session(engine) as session:
        mails = session.exec(select(Message.staff_id, Message.key).where(Message.kind == "digest"))
        copies = Counter((staff_id, key.split(":")[2]) for staff_id, key in mails)
        sent = select(DigestSent.staff_id, DigestSent.period).where(DigestSent.period != HAD)
        told: set[tuple[int | None, str]] = set(session.exec(sent))
    return Outcome(
        owed=len(owed),
        kills=kills,
        missed=len(owed - set(copies)),
        twice=sum(count > 1 for count in copies.values()) + len(set(copies) - owed),
        unremembered=len(set(copies) ^ told),
        seconds=round(seconds, 1),
    )


def _settle(session: Session, services: int) -> set[tuple[int | None, str]]:
    """Services with a complaint and their own leaders, who had one digest long ago; gives what each is owed."""
    session.add(Organisation(id=1, slug="town", name="Town Homes"))
    session.flush()
    numbers, people = range(1, services + 1), range(1, LEADERS * services + 1)
    session.add_all(
        Service(id=n, organisation_id=1, slug=f"s{n}", name=f"Service {n}", procedure=PROCEDURE) for n in numbers
    )
    session.add_all(
        Staff(id=n, organisation_id=1, email=f"p{n}@town.example", name=f"Person {n}", role="leader") for n in people
    )
    session.flush()
    session.add_all(StaffService(staff_id=n, service_id=(n - 1) // LEADERS + 1) for n in people)
    session.add_all(
        DigestSent(key=f"1:{HAD}:{n}", organisation_id=1, staff_id=n, period=HAD, at=at("2026-01-19")) for n in people
    )
    case = {"organisation_id": 1, "procedure": PROCEDURE, "procedure_hash": procedures.load(PROCEDURE).hash,
            "channel": "email", "received_at": at("2026-02-04"), "stage": "s1"}  # fmt: skip
    session.execute(insert(Case), [{**case, "service_id": n, "reference": f"RD-{n:08}"} for n in numbers])
    return {(n, period) for n in people for period in MISSED}


def main() -> int:
    """The campaign from the command line; status 0 if its promises held."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--services", type=int, default=60)
    arguments.add_argument("--kills", type=int, default=30)
    arguments.add_argument("--workers", type=int, default=4)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = arguments.parse_args()
    os.environ["REDRESS_TEST_DATABASE"] = given.database
    with tempfile.TemporaryDirectory() as folder:
        source = databases(Path(folder))
        url = source.migrated()
        outcome = campaign(url, services=given.services, kills=given.kills, workers=given.workers, seed=given.seed)
        source.drop(url)
        source.close()
    for name, value in asdict(outcome).items():
        print(f"{name:14} {value}")
    return 1 if outcome.missed or outcome.twice or outcome.unremembered else 0


if __name__ == "__main__":
    sys.exit(main())
