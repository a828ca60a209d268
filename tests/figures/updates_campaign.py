"""Kills workers at random while they write updates that are due: each person gets one, and nobody two.

python -m tests.figures.updates_campaign [--people 10000 --kills 40 --workers 4] [--database sqlite|postgresql]
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
from datetime import date, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import Engine, insert
from sqlmodel import Session, col, func, select

from storage.database import connect, reading, writing
from storage.tables import (
    Action,
    ActionPlan,
    Case,
    KeepInformed,
    Lesson,
    LessonCase,
    Message,
    Organisation,
    Participant,
    Service,
    UpdateSent,
)
from tests.databases import databases
from tests.figures import updates_worker
from tests.figures.updates_worker import NOW

PROCEDURE = "housing-ombudsman-code-2024"


@dataclass(frozen=True)
class Outcome:
    """What a campaign counted. `missed` and `twice` must be 0."""

    people: int
    kills: int
    missed: int
    twice: int
    unremembered: int  # messages without the row that says what was told
    seconds: float


def campaign(url: str, *, people: int, kills: int, workers: int, seed: int = 1) -> Outcome:
    """Let this many people have an update due, while this many workers are killed with SIGKILL."""
    began, chance = time.monotonic(), random.Random(seed)
    engine = connect(url)
    try:
        with writing(engine) as session:
            _promise(session, people)
        _kill_while_writing(engine, url, people, kills, workers, chance)
        return _count(engine, people, kills, time.monotonic() - began)
    finally:
        engine.dispose()


def _kill_while_writing(engine: Engine, url: str, people: int, kills: int, workers: int, chance: random.Random) -> None:
    """The kills are spread over the whole of the writing: one falls each time that a share of the updates is owed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.figures.updates_worker"])
    running: list[BaseProcess] = []
    try:
        for kill in range(kills + 1):
            while len(running) < workers:
                running.append(context.Process(target=updates_worker.run, args=(url,)))
                running[-1].start()
            _wait_for(engine, people - people * (kill + 1) // (kills + 1) if kill < kills else 0)
            time.sleep(chance.random() * 0.05)
            victim = running.pop(chance.randrange(len(running)))
            victim.kill()
            victim.join()
    finally:
        for one in running:
            one.kill()
            one.join()


def _wait_for(engine: Engine, left: int, seconds: float = 600) -> None:
    ends_at = time.monotonic() + seconds
    while (waiting := _waiting(engine)) > left:
        if time.monotonic() > ends_at:
            raise TimeoutError(f"{waiting} updates are still due; {left} were expected by now")
        time.sleep(0.02)


def _waiting(engine: Engine) -> int:
    with reading(engine) as session:
        return session.exec(select(func.count(col(KeepInformed.id))).where(col(KeepInformed.next_at) <= NOW)).one()


def _count(engine: Engine, people: int, kills: int, seconds: float) -> Outcome:
    with Session(engine) as session:
        copies = Counter(session.exec(select(Message.participant_id).where(Message.kind == "update")))
        told = set(session.exec(select(UpdateSent.participant_id).where(UpdateSent.kind == "update")))
    return Outcome(
        people=people,
        kills=kills,
        missed=people - len(copies),
        twice=sum(count > 1 for count in copies.values()),
        unremembered=len(set(copies) - told),
        seconds=round(seconds, 1),
    )


def _promise(session: Session, people: int) -> None:
    """One lesson that many complaints stand behind, its action agreed, and everyone's next update due."""
    session.add(Organisation(id=1, slug="town", name="Town Homes"))
    session.flush()
    session.add(Service(id=1, organisation_id=1, slug="repairs", name="Repairs", procedure=PROCEDURE))
    session.flush()
    session.add(
        Lesson(id=1, title="Lifts", what_happened="They stood still.", written_at=NOW, organisation_id=1, service_id=1)
    )
    session.flush()
    session.add(ActionPlan(id=1, lesson_id=1, drafted_at=NOW, agreed_at=NOW))
    session.flush()
    promised = Action(plan_id=1, what="Look at each lift weekly", state="agreed", completes=date(2026, 6, 1),
                      organisation_id=1, service_id=1)  # fmt: skip
    session.add(promised)
    numbers = range(1, people + 1)
    case = {"organisation_id": 1, "service_id": 1, "procedure": PROCEDURE, "procedure_hash": "", "channel": "email",
            "received_at": NOW, "stage": "s1"}  # fmt: skip
    session.execute(insert(Case), [{**case, "id": n, "reference": f"RD-{n:08}"} for n in numbers])
    person = {"name": "", "prefers": "email", "avoid": []}
    people_rows = [{**person, "id": n, "case_id": n, "email": f"p{n}@example.org"} for n in numbers]
    session.execute(insert(Participant), people_rows)
    session.execute(insert(LessonCase), [{"lesson_id": 1, "case_id": n, "linked_at": NOW} for n in numbers])
    before = {"kind": "intended", "at": NOW - timedelta(weeks=4), "facts": {}}
    told = [{**before, "key": f"intended:{n}", "participant_id": n, "case_id": n} for n in numbers]
    session.execute(insert(UpdateSent), told)
    due = {"channel": "email", "every_weeks": 4}
    session.execute(
        insert(KeepInformed),
        [{**due, "participant_id": n, "case_id": n, "next_at": NOW - timedelta(seconds=n)} for n in numbers],
    )


def main() -> int:
    """The campaign from the command line; status 0 if its promises held."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=10_000)
    arguments.add_argument("--kills", type=int, default=40)
    arguments.add_argument("--workers", type=int, default=4)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = arguments.parse_args()
    os.environ["REDRESS_TEST_DATABASE"] = given.database
    with tempfile.TemporaryDirectory() as folder:
        source = databases(Path(folder))
        url = source.migrated()
        outcome = campaign(url, people=given.people, kills=given.kills, workers=given.workers, seed=given.seed)
        source.drop(url)
        source.close()
    for name, value in asdict(outcome).items():
        print(f"{name.replace('_', ' '):14} {value}")
    return 1 if outcome.missed or outcome.twice or outcome.unremembered else 0


if __name__ == "__main__":
    sys.exit(main())
