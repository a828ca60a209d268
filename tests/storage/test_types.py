"""Times are kept in UTC and must say their zone; JSON keeps what it was given."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import StatementError

from storage.database import reading, writing
from storage.tables import Mark, Organisation
from tests.town import town


def test_a_time_is_kept_to_the_microsecond_in_utc(engine: Engine) -> None:
    summer = datetime(2026, 7, 1, 9, 30, 15, 123456, timezone(timedelta(hours=1)))
    with writing(engine) as session:
        session.add(Mark(name="summer", at=summer))

    with reading(engine) as session:
        kept = session.get_one(Mark, "summer").at

    assert kept == summer
    assert kept.tzinfo is UTC or kept.utcoffset() == timedelta(0)


def test_a_time_without_its_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="without zone"), writing(engine) as session:
        session.add(Mark(name="naive", at=datetime(2026, 7, 1, 9, 30)))


def test_json_is_given_back_as_it_was(engine: Engine) -> None:
    here = town(engine)
    reference = here.form(email="jo@citizen.example", avoid=["post", "telephone"])

    assert here.person(reference).avoid == ["post", "telephone"]


def test_nothing_is_nothing(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Organisation(slug="a", name="A"))

    with reading(engine) as session:
        assert session.get_one(Organisation, 1).parent_id is None
