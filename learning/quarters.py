"""Quarters of the financial year (April to March) and months: their names, their days, and when their digest is due."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from workflow.working_days import Calendar, late_from

FIRST_MONTH = 4  # April
DIGEST_DAY = 10  # on this working day after the period ends, unless the organisation chose another
QUARTER, MONTH = re.compile(r"(\d{4})Q([1-4])"), re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
NAMES = ("April to June", "July to September", "October to December", "January to March")


@dataclass(frozen=True, order=True)
class Period:
    """Some whole months, in London dates; `end` is the first day after it."""

    start: date
    end: date
    name: str  # 2026Q2 (July to September 2026), or 2026-07; or two days

    @property
    def starts_at(self) -> datetime:
        return late_from(self.start - timedelta(days=1))

    @property
    def ends_at(self) -> datetime:
        return late_from(self.end - timedelta(days=1))

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def before(self) -> "Period":
        """The period of the same length just before this one."""
        if not self._is_whole_months:
            return between(self.start - (self.end - self.start), self.start)
        return _months(_shift(self.start, -self._months), self._months)

    @property
    def a_year_before(self) -> "Period":
        """The same months of the year before."""
        if not self._is_whole_months:
            return between(*(day - timedelta(days=364) for day in (self.start, self.end)))  # the same days of the week
        return _months(_shift(self.start, -12), self._months)

    @property
    def is_whole_quarters(self) -> bool:
        """Whether it begins and ends where quarters do."""
        return all(quarter_of(day).start == day for day in (self.start, self.end))

    @property
    def months(self) -> tuple["Period", ...]:
        """The months that this period touches, the first one first."""
        found = [month_of(self.start)]
        while found[-1].end < self.end:
            found.append(month_of(found[-1].end))
        return tuple(found)

    @property
    def quarters(self) -> tuple[str, ...]:
        """The names of the quarters that this period touches, the first one first."""
        found = [quarter_of(self.start)]
        while found[-1].end < self.end:
            found.append(quarter_of(found[-1].end))
        return tuple(one.name for one in found)

    @property
    def _months(self) -> int:
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    @property
    def _is_whole_months(self) -> bool:
        return self.start.day == self.end.day == 1


def quarter_of(day: date) -> Period:
    """The quarter of the financial year that this day is in: 2026Q1 begins on 1 April 2026."""
    return _months(_shift(day.replace(day=1), -((day.month - FIRST_MONTH) % 3)), 3)


def month_of(day: date) -> Period:
    """The calendar month that this day is in."""
    return _months(day.replace(day=1), 1)


def between(start: date, end: date) -> Period:
    """Any days from `start` up to, and without, `end`. Raises ValueError where there are none."""
    if start >= end:
        raise ValueError("the first day must come before the last one")
    return Period(start, end, f"{start} to {end - timedelta(days=1)}")


def parse(name: str) -> Period:
    """The period of this name: 2026Q2 or 2026-07. Raises ValueError for any other."""
    if found := QUARTER.fullmatch(name):
        month = FIRST_MONTH + (int(found[2]) - 1) * 3
        return _months(_shift(date(int(found[1]), 1, 1), month - 1), 3)
    if found := MONTH.fullmatch(name):
        return month_of(date(int(found[1]), int(found[2]), 1))
    raise ValueError(f"write a quarter such as 2026Q2 (July to September 2026) or a month such as 2026-07, not {name}")


def last_ended(day: date, *, monthly: bool = False) -> Period:
    """The last whole quarter, or month, that is over on this day."""
    return (month_of(day) if monthly else quarter_of(day)).before


def digest_due(period: Period, calendar: Calendar, working_day: int | None = None) -> date:
    """The London date on which the digest of a period goes out: its nth working day after the period ended."""
    return calendar.add(period.last, working_day or DIGEST_DAY)


def spoken(period: Period) -> str:
    """The period in words, such as: July to September 2026."""
    if found := QUARTER.fullmatch(period.name):
        return f"{NAMES[int(found[2]) - 1]} {period.start.year}"
    if MONTH.fullmatch(period.name):
        return f"{period.start:%B %Y}"
    return f"{_day(period.start)} to {_day(period.last)}"


def short(period: Period) -> str:
    """The same for the head of a column, such as: Jul to Sep 2026."""
    if QUARTER.fullmatch(period.name):
        return f"{period.start:%b} to {period.last:%b %Y}"
    return f"{period.start:%b %Y}" if MONTH.fullmatch(period.name) else spoken(period)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _months(start: date, number: int) -> Period:
    """So many whole months: a month or a quarter by its name, any others by their days."""
    end = _shift(start, number)
    if number == 1:
        return Period(start, end, f"{start:%Y-%m}")
    if number != 3 or (start.month - FIRST_MONTH) % 3:
        return between(start, end)
    financial = _shift(start, -(FIRST_MONTH - 1))
    return Period(start, end, f"{financial.year}Q{(financial.month - 1) // 3 + 1}")


def _shift(first: date, months: int) -> date:
    """The first day of the month that is so many months later."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
