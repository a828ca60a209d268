"""Working days, London dates, and the end of the bank holiday table."""

import timeit
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.cases import at, day
from workflow.bank_holidays import NATIONS
from workflow.working_days import Calendar, calendar_for, covers_until, good_friday, late_from, london, runs_out_soon

ENGLAND = calendar_for("england-and-wales")
DAYS = st.dates(date(2004, 1, 1), date(2036, 12, 31))


def test_a_start_on_saturday_counts_like_the_friday_before() -> None:
    assert ENGLAND.add(day("2025-12-20"), 5) == ENGLAND.add(day("2025-12-19"), 5) == day("2025-12-30")


def test_working_days_before_a_date_count_backwards_over_easter() -> None:
    assert ENGLAND.add(day("2008-04-01"), -3) == day("2008-03-27")


def test_no_days_after_a_day_is_that_day_even_on_a_sunday() -> None:
    assert ENGLAND.add(day("2026-05-03"), 0) == day("2026-05-03")


def test_each_nation_has_its_own_bank_holidays() -> None:
    easter_monday, second_january, boyne = day("2026-04-06"), day("2026-01-02"), day("2026-07-13")

    working = {
        nation: [calendar_for(nation).is_working(each) for each in (easter_monday, second_january, boyne)]
        for nation in NATIONS
    }

    assert working == {
        "england-and-wales": [False, True, True],
        "scotland": [True, False, True],
        "northern-ireland": [False, True, False],
    }


def test_an_unknown_nation_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="no calendar for 'wales'; there is england-and-wales"):
        calendar_for("wales")


def test_a_body_may_add_closure_days_of_its_own() -> None:
    closed = Calendar("england-and-wales", closures=((day("2026-06-03"), "Council closed for elections"),))

    assert closed.add(day("2026-06-02"), 1) == day("2026-06-04")
    assert closed.why_not(day("2026-06-03")) == "Council closed for elections"
    assert ENGLAND.add(day("2026-06-02"), 1) == day("2026-06-03")


def test_days_the_law_names_do_not_count_even_where_they_are_no_bank_holiday() -> None:
    named = ("christmas-day", "boxing-day", "good-friday")

    assert ENGLAND.why_not(day("2027-12-25"), named) == "Christmas Day"
    assert ENGLAND.why_not(day("2027-12-26"), named) == "Boxing Day"
    assert ENGLAND.why_not(day("2035-03-23"), named) == "Good Friday"
    assert ENGLAND.is_working(day("2027-12-25"), ())


@pytest.mark.parametrize("year", range(2004, 2029))
def test_good_friday_is_where_the_bank_holiday_table_has_it(year: int) -> None:
    assert ENGLAND.holidays.days[good_friday(year)] == "Good Friday"


@given(DAYS, st.integers(1, 80), st.sampled_from(NATIONS))
@settings(max_examples=150, deadline=None)
def test_counting_by_table_is_counting_day_by_day(start: date, number: int, nation: str) -> None:
    calendar, found, left = calendar_for(nation), start, number
    while left:
        found += timedelta(days=1)
        left -= calendar.is_working(found)

    assert calendar.add(start, number) == found
    assert calendar.between(start, found) == number
    assert calendar.add(found + timedelta(days=1), -number) >= start


def test_a_midnight_in_summer_belongs_to_the_london_day() -> None:
    assert london(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)) == day("2026-06-02")
    assert london(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == day("2026-12-01")


def test_late_begins_at_the_next_london_midnight() -> None:
    assert late_from(day("2026-06-01")) == datetime(2026, 6, 1, 23, 0, tzinfo=UTC)
    assert late_from(day("2026-12-01")) == datetime(2026, 12, 2, 0, 0, tzinfo=UTC)


def test_the_table_sounds_the_alarm_90_days_before_it_ends() -> None:
    assert covers_until("scotland") == day("2028-12-31")
    assert not runs_out_soon(at("2028-10-01"))
    assert runs_out_soon(at("2028-10-02"))


def test_beyond_the_table_only_weekends_are_known_and_the_date_is_provisional() -> None:
    assert ENGLAND.add(day("2028-12-22"), 4) == day("2029-01-01")
    assert ENGLAND.is_provisional(day("2029-01-01"))
    assert not ENGLAND.is_provisional(day("2028-12-29"))
    assert ENGLAND.add(day("2045-06-01"), 5) == day("2045-06-08")


@pytest.mark.timed
def test_a_working_day_deadline_takes_about_a_microsecond() -> None:
    ENGLAND.add(day("2026-01-05"), 20)

    best = min(timeit.repeat(lambda: ENGLAND.add(date(2026, 1, 5), 20), number=2000, repeat=5)) / 2000

    assert best < 10e-6  # about 0.6 us by itself; the room is for a busy machine
