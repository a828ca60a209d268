"""The database counts London days as we do."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, literal
from sqlmodel import Session, select

from learning.london_day import london_day
from storage.types import UtcDateTime
from workflow.working_days import london

CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC),
]
NEAR = some.builds(lambda change, seconds: change + timedelta(seconds=seconds), some.sampled_from(CHANGES),
                   some.integers(-90_000, 90_000))  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NEAR | some.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=some.just(UTC)))
def test_the_day_in_a_query_is_the_day_in_london(engine: Engine, instant: datetime) -> None:
    with Session(engine) as session:
        found = session.exec(select(london_day(literal(instant, UtcDateTime)))).one()

    assert found == london(instant)
