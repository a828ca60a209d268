"""Ten years of complaints for measurements: 1.5 million cases with 8 events each, made inside the database itself.

`python -m tests.bench.years --database sqlite:////tmp/years.sqlite [--cases 1500000]`. The same number makes the same
rows. The words of cases are not put into the search index.
"""

import argparse
import sys
import time
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from storage.database import connect
from storage.migrate import migrate
from storage.tables import Organisation, Service, Staff, StaffService
from tests.town import at
from workflow import procedure as procedures

CASES, SERVICES, LEADERS = 1_500_000, 50, 200
IN_QUARTER = 40_000 / 1_500_000  # of all cases: those received in the last quarter
RULE = "housing-ombudsman-code-2024"
FIRST, QUARTER, NOW = at("2016-10-01"), at("2026-07-01"), at("2026-10-14")
QUARTER_END = at("2026-10-01")

# What the two databases say differently.
SAYS = {
    "sqlite": {"instant": "strftime('%Y-%m-%d %H:%M:%S.000000', {}, 'unixepoch')", "day": "date({}, 'unixepoch')",
               "padded": "printf('%08d', n)", "json": "'{}'"},
    "postgresql": {"instant": "to_timestamp({})", "day": "CAST(to_timestamp({}) AT TIME ZONE 'UTC' AS DATE)",
                   "padded": "lpad(n::text, 8, '0')", "json": "'{}'::jsonb"},
}  # fmt: skip
QUICK: dict[str, tuple[str, ...]] = {
    "sqlite": ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-200000"),
    "postgresql": (),
}
EVENTS = ("complaint.received", "case.assigned", "s1.acknowledged", "contact.joined", "head.decided", "letter.sent",
          "s1.response_sent", "complaint.closed")  # fmt: skip
SUBJECTS = ("delay", "decision", "quality", "conduct", "communication", "access", "charges", "property")
CHANNELS = ("email", "web", "telephone", "post", "telegram")


def main() -> None:
    """Make such a database, and say how long it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", required=True)
    options.add_argument("--cases", type=int, default=CASES)
    asked = options.parse_args()
    began = time.monotonic()
    engine = connect(asked.database)
    years(engine, asked.cases)
    engine.dispose()
    sys.stdout.write(f"{asked.cases:,} cases with {len(EVENTS)} events each in {time.monotonic() - began:.0f} s\n")


def years(engine: Engine, cases: int) -> None:
    """Fill an empty database: one body of 50 services, a leader of all of it, and 200 of one service each."""
    migrate(engine)
    with Session(engine) as session:
        _people(session)
        session.commit()
    statements = [_cases(engine, cases), _events(engine), *_deadlines(engine), _heads(), "ANALYZE"]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        cursor = connection.connection.cursor()  # the driver's own: each statement is a transaction of its own
        for statement in (*QUICK[engine.dialect.name], *statements):
            cursor.execute(statement)
        connection.invalidate()  # it was set up to be fast, not safe


def _people(session: Session) -> None:
    body = Organisation(id=1, slug="large", name="Large Homes", kind="housing-association")
    session.add(body)
    session.flush()
    session.add_all(Service(id=n, organisation_id=1, slug=f"area-{n}", name=f"Area {n}", procedure=RULE)
                    for n in range(1, SERVICES + 1))  # fmt: skip
    session.add_all(Staff(id=n, organisation_id=1, email=f"leader{n}@large.example", name=f"Leader {n}", role="leader")
                    for n in range(1, LEADERS + 2))  # fmt: skip
    session.flush()
    session.add_all(StaffService(staff_id=n, service_id=n % SERVICES + 1) for n in range(2, LEADERS + 2))


def _cases(engine: Engine, cases: int) -> str:
    """`n` counts them; `h` is by chance, but the same each time; `r` and `c`: seconds of receipt and of closing."""
    say, latest = SAYS[engine.dialect.name], round(cases * IN_QUARTER)
    earlier, first, quarter = cases - latest, _seconds(FIRST), _seconds(QUARTER)
    before = f"{first} + n * {quarter - first} / {earlier + 1}"
    after = f"{quarter} + (n - {earlier}) * {_seconds(QUARTER_END) - quarter} / {latest + 1}"
    received = f"CASE WHEN n <= {earlier} THEN {before} ELSE {after} END"
    is_closed = f"c < {_seconds(NOW)}"
    return f"""
        INSERT INTO cases (id, reference, organisation_id, service_id, procedure, procedure_hash, kind, channel,
                           language, received_at, stage, state, outcome, summary, definition, outcomes_sought,
                           subject, severity, next_due, next_clock, closed_at, version)
        WITH RECURSIVE
             numbers(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < {cases}),
             chances(n, h) AS (SELECT n, (n * 2654435761) % 1000003 FROM numbers),
             times(n, h, r) AS (SELECT n, h, {received} FROM chances),
             spans(n, h, r, c) AS (SELECT n, h, r, r + (4 + h % 41) * 86400 + h % 80000 FROM times)
        SELECT n, 'RD-' || {say["padded"]}, 1, 1 + h % {SERVICES}, '{RULE}', '{procedures.load(RULE).hash}',
               CASE WHEN h % 20 = 7 THEN 'enquiry' ELSE 'complaint' END, {_chosen("h / 7", CHANNELS)}, 'en',
               {say["instant"].format("r")}, CASE WHEN h % 9 = 1 THEN 's2' ELSE 's1' END,
               CASE WHEN {is_closed} THEN 'closed' ELSE 'open' END,
               CASE WHEN {is_closed} THEN CASE WHEN h % 12 = 5 THEN 'withdrawn' ELSE 'answered' END END,
               'The repair was promised for May and nobody came. ' || n, 'A repair that was not done', 'The repair',
               CASE WHEN h % 11 = 0 THEN NULL ELSE {_chosen("h / 3", SUBJECTS)} END, 1 + (h / 5) % 5,
               CASE WHEN {is_closed} THEN NULL ELSE {say["instant"].format("r + 1814400")} END,
               CASE WHEN {is_closed} THEN NULL ELSE 's1.respond' END,
               CASE WHEN {is_closed} THEN {say["instant"].format("c")} END, 8
        FROM spans"""


def _events(engine: Engine) -> str:
    empty = SAYS[engine.dialect.name]["json"]
    names = " UNION ALL ".join(f"SELECT {at_} AS k, '{name}' AS name" for at_, name in enumerate(EVENTS))
    when = "CASE WHEN k = 7 AND closed_at IS NOT NULL THEN closed_at ELSE received_at END"
    return f"""
        INSERT INTO event (case_id, name, at, recorded_at, by, because, data)
        SELECT cases.id, name, {when}, {when}, 'system', '', {empty}
        FROM cases CROSS JOIN ({names}) AS names ORDER BY cases.id, k"""


def _deadlines(engine: Engine) -> list[str]:
    """To acknowledge within 7 days, met after 1 to 9; to answer within 21, some extended by 10, met when it closed."""
    say = SAYS[engine.dialect.name]
    is_sqlite = engine.dialect.name == "sqlite"
    seconds = "CAST(strftime('%s', received_at) AS INTEGER)" if is_sqlite else "EXTRACT(EPOCH FROM received_at)::bigint"
    day, instant = say["day"].format, say["instant"].format
    sooner = f"{seconds} + (1 + (id * 7) % 9) * 86400"
    acknowledged = f"""
        INSERT INTO deadline (case_id, clock, state, start, base_due, due, promised, met_at)
        SELECT id, 's1.acknowledge', CASE WHEN (id * 7) % 9 > 6 THEN 'met_late' ELSE 'met' END, {day(seconds)},
               {day(f"{seconds} + 604800")}, {day(f"{seconds} + 604800")}, NULL, {instant(sooner)}
        FROM cases ORDER BY id"""
    days = "CASE WHEN id % 7 = 0 THEN 2678400 ELSE 1814400 END"
    answered = f"""
        INSERT INTO deadline (case_id, clock, state, start, base_due, due, promised, due_at, met_at)
        SELECT id, 's1.respond', CASE WHEN closed_at IS NULL THEN 'running' ELSE 'met' END, {day(seconds)},
               {day(f"{seconds} + 1814400")}, {day(f"{seconds} + {days}")},
               CASE WHEN id % 3 = 0 THEN {day(f"{seconds} + 1728000")} END,
               CASE WHEN closed_at IS NULL THEN {instant(f"{seconds} + {days} + 86400")} END, closed_at
        FROM cases ORDER BY id"""
    return [acknowledged, answered]


def _heads() -> str:
    return """
        INSERT INTO head (case_id, text, stage, outcome, reasons, remedy, remedy_kind, remedy_pence, decided_at)
        SELECT id, 'The repair was not done', stage,
               CASE WHEN closed_at IS NULL THEN NULL WHEN id % 3 = 0 THEN 'upheld' WHEN id % 3 = 1 THEN 'partly_upheld'
                    ELSE 'not_upheld' END, 'We promised it', '',
               CASE WHEN closed_at IS NULL OR id % 3 = 2 THEN NULL WHEN id % 2 = 0 THEN 'payment' ELSE 'apology' END,
               CASE WHEN closed_at IS NOT NULL AND id % 6 = 0 THEN 5000 + id % 20000 END, closed_at
        FROM cases ORDER BY id"""


def _chosen(number: str, names: tuple[str, ...]) -> str:
    """One of these names, by a number."""
    whens = " ".join(f"WHEN {at_} THEN '{name}'" for at_, name in enumerate(names))
    return f"CASE ({number}) % {len(names)} {whens} END"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


if __name__ == "__main__":
    main()
