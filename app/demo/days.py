"""Simple date arithmetic for the story and for the check on it: on purpose not the workflow's own."""

from collections.abc import Callable
from datetime import date, timedelta

# Every bank holiday in England and Wales that a date of the story can meet, copied from the GOV.UK list by hand.
BANK_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        "2008-03-21", "2008-03-24", "2008-05-05", "2008-05-26", "2008-08-25",
        "2025-12-25", "2025-12-26", "2026-01-01",
        "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28",
    )
)  # fmt: skip


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def working_days(day: date, number: int) -> date:
    """Walk on (or back) until so many working days have been passed."""
    step = timedelta(days=1 if number > 0 else -1)
    while number:
        day += step
        if is_working(day):
            number -= 1 if number > 0 else -1
    return day


def six_months(day: date) -> date:
    """Six months of which `day` is the first: the day before the same day of the month, or that month's last."""
    year, month = (day.year, day.month + 6) if day.month <= 6 else (day.year + 1, day.month - 6)
    try:
        return date(year, month, day.day) - timedelta(days=1)
    except ValueError:  # there is no such day
        return date(year, month + 1, 1) - timedelta(days=1)


def named(day: date) -> str:
    """As a letter would say it: Thursday 5 March 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


Limit = Callable[[date], date]


def within(number: int) -> Limit:
    """A limit of so many working days after the day of the start."""
    return lambda day: working_days(day, number)
