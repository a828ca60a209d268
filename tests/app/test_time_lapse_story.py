"""The story of the time-lapse and the arithmetic of its check, by themselves."""

from datetime import date, datetime

import pytest

from app.clock import LONDON
from app.demo.days import is_working, six_months, working_days
from app.demo.expected import expected
from app.demo.ordinary import ordinary
from app.demo.places import RIVERSIDE
from app.demo.story import BY_CITIZENS, OPENS, Deed, read
from app.demo.time_lapse import the_story
from workflow.casework import VERBS
from workflow.working_days import calendar_for

HOME = "to: repairs@homes.example; about: Lift; text: It is broken"


def deeds(*lines: str) -> list[Deed]:
    return list(read("\n".join(lines)))


def owed(*lines: str, end: str = "2026-04-30") -> list[str]:
    until = datetime.fromisoformat(f"{end}T20:00").replace(tzinfo=LONDON)
    return [str(letter) for letter in expected(deeds(*lines), [RIVERSIDE], until).letters]


def test_the_story_is_the_same_every_time() -> None:
    assert the_story() == the_story()


def test_every_casework_verb_is_in_the_story() -> None:
    done = {deed.does for deed in the_story()} | {"withdraw"}  # by the person, on their progress page

    assert set(VERBS) <= done
    assert done <= {*VERBS, *BY_CITIZENS, "mail_bounces"}


def test_complaints_come_at_weekends_and_on_bank_holidays_too() -> None:
    came = [deed.at.date() for deed in the_story() if deed.does in OPENS and deed.at.year == 2026]

    assert len(came) >= 60
    assert sum(day.weekday() >= 5 for day in came) >= 5
    assert date(2026, 5, 4) in came


def test_ordinary_complaints_are_dealt_with_on_working_days_only() -> None:
    assert all(is_working(deed.at.date()) for deed in ordinary() if deed.does not in OPENS)


@pytest.mark.parametrize("year", [2008, 2026])
def test_the_hand_written_bank_holidays_agree_with_the_table_from_march_to_september(year: int) -> None:
    calendar = calendar_for("england-and-wales")
    days = [date.fromordinal(n) for n in range(date(year, 3, 1).toordinal(), date(year, 9, 30).toordinal())]

    assert [day for day in days if is_working(day)] == [day for day in days if calendar.is_working(day)]


@pytest.mark.parametrize(
    ("start", "end"),
    [("2025-12-18", "2026-06-17"), ("2026-01-01", "2026-06-30"), ("2026-03-01", "2026-08-31"),
     ("2025-08-28", "2026-02-27"), ("2025-08-31", "2026-02-28"), ("2023-08-31", "2024-02-29")],
)  # fmt: skip
def test_six_months_commencing_are_the_golden_dates(start: str, end: str) -> None:
    assert six_months(date.fromisoformat(start)) == date.fromisoformat(end)


def test_working_days_over_easter_are_the_golden_date() -> None:
    assert working_days(date(2026, 3, 31), 20) == date(2026, 4, 30)
    assert working_days(date(2008, 3, 14), 10) == date(2008, 4, 1)


def test_a_complaint_that_nobody_touches_owes_a_receipt_reminders_and_escalations() -> None:
    assert owed(f"2026-04-02 16:40 | lift | Ann Archer | emails | {HOME}", end="2026-04-14") == [
        "2026-04-02 receipt to ann.archer@post.example on case lift naming Monday 13 April 2026, Monday 27 April 2026",
        "2026-04-09 reminder to maya@homes.example on case lift naming Monday 13 April 2026",
        "2026-04-14 escalation to lars@homes.example on case lift naming Monday 13 April 2026",
        "2026-04-14 escalation to maya@homes.example on case lift naming Monday 13 April 2026",
    ]


def test_a_letter_taken_back_within_the_minute_is_not_owed() -> None:
    kinds = [
        line.split()[1]
        for line in owed(
            f"2026-04-07 10:00 | lift | Ann Archer | emails | {HOME}",
            "2026-04-08 10:00:00 | lift | sam | acknowledge |",
            "2026-04-08 10:00:30 | lift | sam | recall_letter | letter: *",
            end="2026-04-08",
        )
    ]

    assert kinds == ["receipt"]
