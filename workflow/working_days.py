"""Which days count: weekends, bank holidays of each nation, a body's own closure days; and London dates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from workflow.bank_holidays import BankHolidays, bank_holidays

LONDON = ZoneInfo("Europe/London")
USUAL: tuple[str, ...] = ("saturday", "sunday", "bank-holiday")
FIXED: Mapping[str, tuple[int, int]] = {"christmas-day": (12, 25), "boxing-day": (12, 26)}
NON_WORKING: frozenset[str] = frozenset({*USUAL, *FIXED, "good-friday"})
WEEK: tuple[str, ...] = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ALARM_BEFORE = timedelta(days=90)
REACH = 4  # years past the bank holiday table that are kept ready; further on days are counted one by one


@dataclass(frozen=True)
class Calendar:
    """The working days of a nation, less `closures`: (day, why) of a body's own, or newly proclaimed."""

    nation: str
    closures: tuple[tuple[date, str], ...] = ()
    holidays: BankHolidays = field(init=False, compare=False, repr=False)
    tables: "dict[tuple[str, ...], _Table]" = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "holidays", bank_holidays(self.nation))

    def is_working(self, day: date, non_working: tuple[str, ...] = USUAL) -> bool:
        return self.why_not(day, non_working) is None

    def why_not(self, day: date, non_working: tuple[str, ...] = USUAL) -> str | None:
        """Why this day does not count, in words; None for a working day."""
        name = WEEK[day.weekday()]
        if name.lower() in non_working:
            return name
        for key, (month, number) in FIXED.items():
            if key in non_working and (day.month, day.day) == (month, number):
                return "Christmas Day" if key == "christmas-day" else "Boxing Day"
        if "good-friday" in non_working and day == good_friday(day.year):
            return "Good Friday"
        if "bank-holiday" in non_working and day in self.holidays.days:
            return self.holidays.days[day]
        return dict(self.closures).get(day)

    def add(self, day: date, number: int, non_working: tuple[str, ...] = USUAL) -> date:
        """The nth working day after `day` (before it when negative); `day` itself for 0."""
        if number == 0:
            return day
        return self._table(non_working).add(day, number)

    def between(self, day: date, until: date, non_working: tuple[str, ...] = USUAL) -> int:
        """How many working days fall after `day`, up to and with `until`."""
        table = self._table(non_working)
        return max(0, table.up_to(until) - table.up_to(day))

    def skipped(self, day: date, until: date, non_working: tuple[str, ...] = USUAL) -> Iterable[tuple[date, str]]:
        """Each day after `day` and before or on `until` that does not count, and why."""
        for number in range(1, (until - day).days + 1):
            why = self.why_not(day + timedelta(days=number), non_working)
            if why:
                yield day + timedelta(days=number), why

    def is_provisional(self, day: date) -> bool:
        """True where no bank holidays are known that far, so that the date may still move."""
        return day > self.holidays.covers_until

    def _table(self, non_working: tuple[str, ...]) -> "_Table":
        if non_working not in self.tables:
            self.tables[non_working] = _Table(self, non_working)
        return self.tables[non_working]


class _Table:
    """Working days as one sorted list, and for each day of its years how many came before or on it."""

    def __init__(self, calendar: Calendar, non_working: tuple[str, ...]) -> None:
        self.calendar, self.non_working = calendar, non_working
        self.first = date(calendar.holidays.covers_from.year - 1, 1, 1).toordinal()
        self.days: list[date] = []
        self.counts: list[int] = []
        for ordinal in range(self.first, date(calendar.holidays.covers_until.year + REACH, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            if calendar.is_working(day, non_working):
                self.days.append(day)
            self.counts.append(len(self.days))

    def add(self, day: date, number: int) -> date:
        place = day.toordinal() - self.first
        if 1 <= place < len(self.counts):
            wanted = self.counts[place] + number - 1 if number > 0 else self.counts[place - 1] + number
            if 0 <= wanted < len(self.days):
                return self.days[wanted]
        return self._walk(day, number)

    def up_to(self, day: date) -> int:
        """How many working days the table holds up to and with `day`."""
        place = day.toordinal() - self.first
        if 0 <= place < len(self.counts):
            return self.counts[place]
        beyond = self.calendar.skipped(self.days[-1], day, self.non_working)
        return len(self.days) + (day - self.days[-1]).days - sum(1 for _ in beyond)

    def _walk(self, day: date, number: int) -> date:
        step = timedelta(days=1 if number > 0 else -1)
        left = abs(number)
        while left:
            day += step
            left -= self.calendar.is_working(day, self.non_working)
        return day


@lru_cache(maxsize=64)
def calendar_for(nation: str) -> Calendar:
    """The calendar of "england-and-wales", "scotland" or "northern-ireland"; ValueError for any other."""
    return Calendar(nation)


def covers_until(nation: str) -> date:
    """The last day for which this nation's bank holidays are known."""
    return bank_holidays(nation).covers_until


def runs_out_soon(now: datetime, nation: str = "england-and-wales") -> bool:
    """True from 90 days before the bank holiday table ends: time to ship a new one."""
    return london(now) >= covers_until(nation) - ALARM_BEFORE


def london(instant: datetime) -> date:
    """The calendar date in London at this instant (aware)."""
    return instant.astimezone(LONDON).date()


def late_from(due: date) -> datetime:
    """The instant (UTC) from which something due on this day is late: the next London midnight."""
    return datetime.combine(due + timedelta(days=1), time(), LONDON).astimezone(UTC)


@lru_cache(maxsize=128)
def good_friday(year: int) -> date:
    """Good Friday of a Gregorian year (Easter Sunday by the anonymous computus, less two days)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1) - timedelta(days=2)
