"""From a day and a length of time to a date: the counting rules every clock shares."""

from calendar import monthrange
from datetime import date, timedelta

from workflow.definition import Clock, Span
from workflow.working_days import Calendar

DAYS = {"calendar_days": 1, "weeks": 7}


def last_day(calendar: Calendar, non_working: tuple[str, ...], clock: Clock, limit: Span, start: date) -> date:
    """The day on which a limit from this start ends, counted and rolled as the clock says."""
    if clock.count == "commencing":
        end = _commencing(calendar, non_working, limit, start)
    else:
        end = shift(calendar, non_working, start, limit)
    return rolled(calendar, non_working, end) if clock.roll == "next_working_day" else end


def shift(calendar: Calendar, non_working: tuple[str, ...], day: date, span: Span) -> date:
    """This long after `day`, or before it when negative; the day after `day` is day 1."""
    if span.unit == "working_days":
        return calendar.add(day, span.number, non_working)
    if span.unit == "months":
        return _months_after(day, span.number)
    return day + timedelta(days=span.number * DAYS[span.unit])


def rolled(calendar: Calendar, non_working: tuple[str, ...], day: date) -> date:
    """The day itself if it is a working day, else the next one."""
    return calendar.add(day - timedelta(days=1), 1, non_working)


def rolled_back(calendar: Calendar, non_working: tuple[str, ...], day: date) -> date:
    """The day itself if it is a working day, else the one before."""
    return calendar.add(day + timedelta(days=1), -1, non_working)


def length(calendar: Calendar, non_working: tuple[str, ...], limit: Span, start: date, end: date) -> Span:
    """The days after `start` up to `end`, in working days for a limit counted in those, else in calendar days."""
    if limit.unit == "working_days":
        return Span("working_days", calendar.between(start, end, non_working))
    return Span("calendar_days", max(0, (end - start).days))


def _commencing(calendar: Calendar, non_working: tuple[str, ...], limit: Span, start: date) -> date:
    """The start counts as the first day. Months: the day before the corresponding day (corresponding date rule)."""
    if limit.unit == "months":
        end = _months_after(start, limit.number)
        return end - timedelta(days=1) if end.day == start.day else end
    return shift(calendar, non_working, start - timedelta(days=1), limit)


def _months_after(day: date, number: int) -> date:
    """The same day of the month so many months on, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
