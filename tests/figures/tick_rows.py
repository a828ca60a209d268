"""What an idle tick looks at: as much at 100,000 open cases as at 100. `python -m tests.figures.tick_rows`."""

import argparse
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, insert
from sqlmodel import col, select

from app.clock import SimulatedClock
from app.house import House, build
from app.settings import Settings
from app.tick import watch
from storage import migrate
from storage.database import writing
from storage.tables import Case, Deadline, Message, Organisation, Reminder, Service
from tests.town import at
from workflow import outbox

NOW = at("2026-03-02")


def main() -> None:
    """Count at two sizes, and print both."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, nargs="+", default=[100, 100_000])
    sizes = options.parse_args().cases
    found = [steps_of_an_idle_tick(size) for size in sizes]
    for size, steps in zip(sizes, found, strict=True):
        sys.stdout.write(
            f"{size:>9,} open cases: {steps:,} steps of the database's machine in a tick with nothing due\n"
        )
    sys.exit(0 if len(set(found)) == 1 else 1)


def steps_of_an_idle_tick(cases: int) -> int:
    """Steps of SQLite's virtual machine in one tick; each row that is looked at takes several."""
    with tempfile.TemporaryDirectory() as folder:
        house = build(Settings(home=Path(folder)), SimulatedClock(NOW))
        try:
            migrate.migrate(house.engine)
            fill(house.engine, cases)
            watch(house)  # the first tick prepares its statements
            return _counted(house)
        finally:
            house.close()


def fill(engine: Engine, cases: int) -> None:
    """Open cases whose dates, reminders and letters all lie ahead."""
    with writing(engine) as session:
        session.add(Organisation(id=1, slug="town", name="Town"))
        session.flush()
        session.add(
            Service(id=1, organisation_id=1, slug="repairs", name="Repairs", procedure="housing-ombudsman-code-2024")
        )
        session.flush()
        later = [NOW + timedelta(days=1 + number % 90, seconds=number % 1000) for number in range(cases)]
        session.execute(insert(Case), [_case(number, due) for number, due in enumerate(later, 1)])
        session.execute(insert(Deadline), [_deadline(number, due) for number, due in enumerate(later, 1)])
        session.execute(insert(Reminder), [_reminder(number, due) for number, due in enumerate(later, 1)])
        session.execute(insert(Message), [_message(number, due) for number, due in enumerate(later, 1)])
    with writing(engine) as session:
        assert len(session.exec(select(col(Case.id)).limit(2)).all()) == 2
        session.connection().exec_driver_sql("ANALYZE")


def _counted(house: House) -> int:
    """Run a tick with a counter on every connection that the engine hands out."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    def watch_connection(connection: Any, *_given: Any) -> None:
        connection.set_progress_handler(count, 1)

    house.engine.dispose()
    event.listen(house.engine, "connect", watch_connection)
    _tick(house)
    first = counted
    _tick(house)  # the second has no connection to set up
    return counted - first


def _tick(house: House) -> None:
    watch(house)
    with writing(house.engine) as session:
        assert outbox.claim_next(session, NOW, "idle") is None


def _case(number: int, due: datetime) -> dict[str, Any]:
    return {
        "id": number, "reference": f"RD-{number:08}", "organisation_id": 1, "service_id": 1, "channel": "email",
        "procedure": "housing-ombudsman-code-2024", "procedure_hash": "", "received_at": NOW, "next_due": due,
        "state": "open", "kind": "complaint", "language": "en", "stage": "s1", "summary": "", "definition": "",
        "outcomes_sought": "", "version": 1,
    }  # fmt: skip


def _deadline(number: int, due: datetime) -> dict[str, Any]:
    return {"case_id": number, "clock": "s1.acknowledge", "state": "running", "due": due.date(), "due_at": due}


def _reminder(number: int, due: datetime) -> dict[str, Any]:
    return {
        "key": str(number), "case_id": number, "clock": "s1.acknowledge", "kind": "reminder", "at": due,
        "due": due.date(), "role": "handler",
    }  # fmt: skip


def _message(number: int, due: datetime) -> dict[str, Any]:
    return {
        "key": str(number), "number": number, "channel": "email", "kind": "receipt", "is_automatic": True, "text": "",
        "address": "jo@citizen.example", "subject": "", "sender": "", "sender_name": "", "envelope_sender": "",
        "message_id": str(number), "created_at": NOW, "send_after": due, "tries": 0, "possibly_twice": False,
    }  # fmt: skip


if __name__ == "__main__":
    main()
