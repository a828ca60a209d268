"""The ten years of complaints that digests are measured with, in small: what is made is counted."""

from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, func, select

from learning.leading import digest
from learning.numbers.asking import Ask
from learning.quarters import parse
from learning.scopes import scope_of
from storage.database import connect
from storage.tables import Case, Deadline, Event, Head, Staff
from tests.bench.digest import _sent
from tests.bench.years import NOW, years

CASES = 1_500  # 40 of them in the last quarter


def test_ten_years_in_small_have_eight_events_a_case_and_their_share_in_the_last_quarter(
    empty_database_url: str,
) -> None:
    engine = connect(empty_database_url)
    years(engine, CASES)
    found = _counted(engine)
    engine.dispose()

    assert found["rows"] == [CASES, 8 * CASES, 2 * CASES, CASES]
    assert found["received"] == found["complaints"]
    assert 36 <= found["received"] <= 40  # one in twenty is no complaint
    assert found["decided"] > 0
    assert found["dates"] == 2 * found["received"]


def test_the_digest_of_one_leader_of_it_all_is_sent_and_measured(empty_database_url: str) -> None:
    engine = connect(empty_database_url)
    years(engine, CASES)
    engine.dispose()

    found = _sent(empty_database_url, "one")

    assert found["digests"] == 1
    assert found["seconds"] > 0


def _counted(engine: Engine) -> dict[str, Any]:
    with Session(engine) as session:
        told = digest.gather(Ask(session, scope_of(session, session.get_one(Staff, 1)), parse("2026Q2"), NOW))
        rows = [session.exec(select(func.count()).select_from(table)).one() for table in (Case, Event, Deadline, Head)]
        quarter = (Case.received_at >= parse("2026Q2").starts_at, Case.received_at < parse("2026Q2").ends_at)
        complaints = session.exec(select(func.count()).where(*quarter, Case.kind == "complaint")).one()
    total = told.table("received_by_service").total
    dates = {line.key: line.values[0] for line in told.table("in_time").lines}
    return {
        "rows": rows,
        "received": total.values[0] if total else 0,
        "complaints": complaints,
        "decided": sum(int(line.values[0] or 0) for line in told.table("decisions").lines),
        "dates": int(dates["acknowledged-base"] or 0) + int(dates["answered-base"] or 0),
    }
