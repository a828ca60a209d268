"""Numbers taken before their rows are written: each is one row's alone, whoever else writes."""

from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from storage import numbers
from storage.database import writing
from storage.tables import Organisation


def add(session: Session, slug: str) -> int:
    number = numbers.take(session, Organisation)
    session.add(Organisation(id=number, slug=slug, name=slug))
    return number


def test_rows_added_in_one_go_have_the_numbers_that_were_taken_for_them(engine: Engine) -> None:
    with writing(engine) as session:
        taken = {slug: add(session, slug) for slug in ("a", "b", "c", "d", "e")}

    with writing(engine) as session:
        rows = session.exec(select(Organisation)).all()
        assert {row.slug: row.id for row in rows} == taken


def test_later_acts_go_on_from_there_whether_they_take_numbers_or_not(engine: Engine) -> None:
    with writing(engine) as session:
        first = add(session, "a")
    with writing(engine) as session:
        session.add(Organisation(slug="b", name="b"))
    with writing(engine) as session:
        third = add(session, "c")

    with writing(engine) as session:
        assert len({row.id for row in session.exec(select(Organisation))}) == 3
        assert third > first


def test_a_session_that_goes_on_after_its_commit_looks_again(engine: Engine) -> None:
    with Session(engine) as session:
        add(session, "a")
        session.commit()
        with writing(engine) as another:
            another.add(Organisation(slug="b", name="b"))

        add(session, "c")
        session.commit()

        assert len(session.exec(select(Organisation)).all()) == 3


def test_after_a_restore_numbers_go_on_above_all_that_may_have_been_given(engine: Engine) -> None:
    with writing(engine) as session:
        add(session, "a")
    with writing(engine) as session:
        numbers.leave_out(session, (Organisation,), datetime(2026, 1, 1, tzinfo=UTC))

    with writing(engine) as session:
        taken = [add(session, slug) for slug in ("b", "c")]

    seconds = (6 * 365 + 2) * 24 * 60 * 60  # of the years 2020 to 2025
    assert taken == [seconds + 1, seconds + 2]
