"""How fast mail becomes cases: read in limited children, filed, receipt queued. `python -m tests.bench.filing`."""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, func, select

from app import clock
from app.filing import file_waiting
from app.house import House, build
from app.settings import Settings
from storage import migrate
from storage.database import reading, writing
from storage.journal import Arrival
from storage.tables import Address, Case, Message, Organisation, Service

CORPUS = Path(__file__).parents[3] / "shared" / "tools" / "make_corpus.py"
WARM = 50
MAILBOX = "complaints@example.org"


def main() -> None:
    """Measure, and print a table or JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--mails", type=int, default=1000)
    options.add_argument("--database", default="", help="a database's URL; SQLite with synchronous=FULL if left out")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), given.mails, given.database)
    if given.json:
        sys.stdout.write(json.dumps(found) + "\n")
        return
    for name, value in found.items():
        sys.stdout.write(f"{name.replace('_', ' '):<34}{value:>12}\n")


def measure(folder: Path, mails: int, database: str) -> dict[str, Any]:
    """Store the corpus, then file it as `redress serve` would; seconds by wall and by processor."""
    raws = corpus(folder, mails)
    house = build(Settings(home=folder, database_url=database))
    migrate.migrate(house.engine)
    _town(house)
    _warm_up(house, raws[:WARM])  # a server has its templates compiled and its children up
    raws = raws[WARM:]
    warm_receipts = _count(house, Message)
    started, cpu = time.perf_counter(), _cpu()
    house.journal.write_all(
        [Arrival("email", MAILBOX, raw, clock.now(), {"mail_from": "c@example.net"}) for raw in raws]
    )
    stored = time.perf_counter()
    while file_waiting(house):
        pass
    ended = time.perf_counter()
    used = _cpu() - cpu
    cases, receipts = _count(house, Case) - WARM, _count(house, Message) - warm_receipts
    house.close()
    return {
        "mails": len(raws),
        "cases": cases,
        "receipts_queued": receipts,
        "stored_per_second": round(len(raws) / (stored - started)),
        "mail_to_case_per_second": round(len(raws) / (ended - started)),
        "cpu_ms_per_mail": round(1000 * used / len(raws), 2),
    }


def _count(house: House, table: type[SQLModel]) -> int:
    with reading(house.engine) as session:
        return session.exec(select(func.count()).select_from(table)).one()


def _warm_up(house: House, raws: list[bytes]) -> None:
    house.journal.write_all(
        [Arrival("email", MAILBOX, raw, clock.now(), {"mail_from": "c@example.net"}) for raw in raws]
    )
    while file_waiting(house):
        pass


def corpus(folder: Path, mails: int) -> list[bytes]:
    """The generated mails of the shared corpus tool, in order."""
    subprocess.run(
        [sys.executable, str(CORPUS), str(folder / "corpus"), "-n", str(mails)], check=True, capture_output=True
    )
    return [path.read_bytes() for path in sorted((folder / "corpus" / "eml").glob("*.eml"))]


def _town(house: House) -> None:
    with writing(house.engine) as session:
        council = Organisation(slug="town", name="Town Council", telephone="01632 960000")
        session.add(council)
        session.flush()
        service = Service(
            organisation_id=council.id or 0, slug="repairs", name="Repairs", procedure="housing-ombudsman-code-2024"
        )
        session.add(service)
        session.flush()
        session.add(Address(address=MAILBOX, organisation_id=council.id or 0, service_id=service.id))


def _cpu() -> float:
    """Processor seconds of this process and of its children that live: those that read the mails."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime + sum(_cpu_of(pid) for pid in _children())


def _children() -> list[str]:
    return [pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()]


def _cpu_of(pid: str) -> float:
    """As /proc/PID/stat has it: the 14th and 15th of its fields, in ticks; the second may hold spaces."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
