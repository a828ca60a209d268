"""Quarters run from April to March; a digest is due on a working day after them."""

from datetime import date

import pytest

from learning.quarters import between, digest_due, last_ended, month_of, parse, quarter_of, spoken
from workflow.working_days import calendar_for


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 3, 31), "2025Q4"),
        (date(2026, 4, 1), "2026Q1"),
        (date(2026, 7, 1), "2026Q2"),
        (date(2026, 12, 31), "2026Q3"),
        (date(2027, 1, 1), "2026Q4"),
    ],
)
def test_the_quarters_of_a_year_begin_in_april(day: date, name: str) -> None:
    assert quarter_of(day).name == name
    assert parse(name) == quarter_of(day)


def test_the_last_quarter_of_a_year_is_named_for_the_year_it_began_in() -> None:
    period = parse("2026Q4")

    assert (period.start, period.last) == (date(2027, 1, 1), date(2027, 3, 31))
    assert spoken(period) == "January to March 2027"


def test_a_quarter_knows_the_one_before_and_the_same_one_last_year() -> None:
    period = parse("2026Q1")

    assert (period.before.name, period.a_year_before.name) == ("2025Q4", "2025Q1")


def test_a_month_knows_the_one_before_and_the_same_one_last_year() -> None:
    period = parse("2026-01")

    assert (period.before.name, period.a_year_before.name) == ("2025-12", "2025-01")
    assert period.quarters == ("2025Q4",)


def test_some_days_are_compared_with_as_many_before_and_with_the_same_weekdays_last_year() -> None:
    period = between(date(2026, 5, 4), date(2026, 5, 11))

    assert (period.before.start, period.before.end) == (date(2026, 4, 27), date(2026, 5, 4))
    assert period.a_year_before.start == date(2025, 5, 5)
    assert spoken(period) == "4 May 2026 to 10 May 2026"


def test_a_period_begins_at_midnight_in_london() -> None:
    assert parse("2026Q1").starts_at.isoformat() == "2026-03-31T23:00:00+00:00"
    assert parse("2026Q4").starts_at.isoformat() == "2027-01-01T00:00:00+00:00"


def test_the_digest_is_due_on_the_tenth_working_day_of_the_nation() -> None:
    christmas = parse("2026Q3")

    assert digest_due(christmas, calendar_for("england-and-wales")) == date(2027, 1, 15)
    assert digest_due(christmas, calendar_for("scotland")) == date(2027, 1, 18)  # 4 January is a holiday there
    assert digest_due(christmas, calendar_for("scotland"), 1) == date(2027, 1, 5)


def test_the_period_that_ended_last_is_found() -> None:
    assert last_ended(date(2026, 7, 1)).name == "2026Q1"
    assert last_ended(date(2026, 6, 30)).name == "2025Q4"
    assert last_ended(date(2026, 7, 1), monthly=True) == month_of(date(2026, 6, 15))


@pytest.mark.parametrize("name", ["2026Q5", "2026-13", "26Q1", "soon", "2026"])
def test_what_names_no_period_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(ValueError, match="2026Q2"):
        parse(name)


def test_some_days_need_a_first_before_their_last() -> None:
    with pytest.raises(ValueError, match="before"):
        between(date(2026, 5, 4), date(2026, 5, 4))


def test_months_that_make_no_quarter_are_named_by_their_days() -> None:
    half = between(date(2026, 4, 1), date(2026, 10, 1))
    askew = between(date(2026, 2, 1), date(2026, 5, 1))

    assert spoken(half.before) == "1 October 2025 to 31 March 2026"
    assert spoken(half.a_year_before) == "1 April 2025 to 30 September 2025"
    assert askew.before.name == "2025-11-01 to 2026-01-31"
    assert between(date(2026, 7, 1), date(2026, 10, 1)).before.name == "2026Q1"
