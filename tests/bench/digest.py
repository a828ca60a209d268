"""How fast the quarterly digest is in a database of ten years: `python -m tests.bench.digest [--cases N] [--json]`.

Cold: each run is a process of its own that has read nothing yet, and the file is dropped from the system's cache first.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import delete, make_url
from sqlmodel import Session, col, func, select

from app import digests
from app.clock import SimulatedClock
from app.house import build
from app.settings import Settings
from storage.database import connect, reading
from storage.tables import Case, DigestSent, Event, Message, Staff
from tests.bench.years import CASES, NOW, years

ONE_SECONDS, ONE_MEGABYTES, ALL_SECONDS = 10.0, 300.0, 60.0  # the goals


def main() -> int:
    """Print the figures; exit status 1 where one misses its goal."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=CASES)
    options.add_argument("--database", help="one that tests.bench.years made; a SQLite file of our own if not given")
    options.add_argument("--json", action="store_true")
    options.add_argument("--leaders", choices=["one", "all"], help=argparse.SUPPRESS)  # in a process of its own
    asked = options.parse_args()
    if asked.leaders:
        print(json.dumps(_sent(asked.database, asked.leaders)))
        return 0
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        found = measure(asked.database or _made(Path(folder), asked.cases))
    print(json.dumps(found) if asked.json else _in_words(found))
    return 0 if all(found["met"].values()) else 1


def measure(url: str) -> dict[str, Any]:
    """Figures of one leader of everything, then of all the others of one service each."""
    _forget(url)
    one, rest = _run(url, "one"), _run(url, "all")
    met = {"one_seconds": one["seconds"] < ONE_SECONDS, "one_megabytes": one["megabytes"] < ONE_MEGABYTES,
           "all_seconds": rest["seconds"] < ALL_SECONDS}  # fmt: skip
    return {"database": make_url(url).get_backend_name(), **_size(url), "one": one, "all": rest, "met": met}


def _made(folder: Path, cases: int) -> str:
    url = f"sqlite:///{folder / 'years.sqlite'}"
    engine = connect(url)
    years(engine, cases)
    engine.dispose()
    return url


def _forget(url: str) -> None:
    """As if none had been sent, so that a database can be measured again."""
    engine = connect(url)
    with Session(engine) as session:
        session.execute(delete(DigestSent))
        session.execute(delete(Message).where(col(Message.kind) == "digest"))
        session.commit()
    engine.dispose()


def _run(url: str, leaders: str) -> dict[str, Any]:
    if (file := make_url(url).database) and url.startswith("sqlite"):
        with Path(file).open("rb") as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    command = [sys.executable, "-m", "tests.bench.digest", "--database", url, "--leaders", leaders]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)  # type: ignore[no-any-return]  # an object


def _sent(url: str, leaders: str) -> dict[str, Any]:
    """Send what is owed; for one leader alone the others are disabled meanwhile."""
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as home:
        house = build(Settings(home=Path(home), database_url=url), SimulatedClock(NOW))
        with Session(house.engine) as session:
            for staff in session.exec(select(Staff).where(Staff.role == "leader", Staff.id != 1)):
                staff.disabled_at = NOW if leaders == "one" else None
            session.commit()
        began, used = time.monotonic(), time.process_time()
        number = digests.send_due(house)
        seconds, processor = time.monotonic() - began, time.process_time() - used
        house.close()
    memory = _most_memory()
    return {"digests": number, "seconds": round(seconds, 2), "processor_seconds": round(processor, 2),
            "megabytes": round(memory)}  # fmt: skip


def _most_memory() -> float:
    """The most that this process held, in MB; getrusage would tell of the one that started it, if that held more."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _size(url: str) -> dict[str, int]:
    engine = connect(url)
    with reading(engine) as session:
        cases = session.exec(select(func.max(Case.id))).one() or 0
        events = session.exec(select(func.max(Event.id))).one() or 0
        sent = len(session.exec(select(col(DigestSent.id))).all())
    engine.dispose()
    return {"cases": cases, "events": events, "digests": sent}


def _in_words(found: dict[str, Any]) -> str:
    lines = [f"{found['cases']:,} cases, {found['events']:,} events, {found['database']}"]
    for name, words in (("one", "one leader of 50 services, cold"), ("all", "200 leaders of 50 services")):
        one = found[name]
        took = f"{one['seconds']} s ({one['processor_seconds']} of processor)"
        lines.append(f"{words}: {one['digests']} digests in {took}, {one['megabytes']} MB")
    return "\n".join([*lines, f"goals met: {found['met']}"])


if __name__ == "__main__":
    sys.exit(main())
