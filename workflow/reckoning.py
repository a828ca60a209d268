"""Every date explains itself: the rule and its source, the start, each day skipped and why, every change."""

from collections.abc import Iterator
from datetime import date, timedelta

from templates.dates import in_words
from workflow.definition import Procedure
from workflow.extensions import agreements
from workflow.running import Run, Turn
from workflow.standing import Because


def reckon(procedure: Procedure, run: Run, why_start: str) -> tuple[Because, ...]:
    """The reckoning of one clock, in the order in which a person would count."""
    return tuple(_rows(procedure, run, why_start))


def _rows(procedure: Procedure, run: Run, why_start: str) -> Iterator[Because]:
    rule = _rule(procedure, run)
    first = "this day is the first" if run.clock.count == "commencing" else "the day after is day 1"
    yield Because(run.start, f"{why_start}: the clock starts and {first}; the limit is {run.limit}", rule)
    if run.limit.unit == "working_days":
        yield from _skipped(run, run.start, run.base_due)
    elif run.clock.roll == "next_working_day":
        yield from _rolled(run)
    yield Because(run.base_due, f"Due by the rule: {run.limit} from {in_words(run.start)}", rule)
    for turn in run.turns:
        yield from _turned(run, turn, rule)
    if run.calendar.is_provisional(run.due):
        yield Because(
            run.due, f"Provisional: no bank holidays are known for {run.due.year}", run.calendar.holidays.source
        )


def _turned(run: Run, turn: Turn, rule: str) -> Iterator[Because]:
    data = turn.happening.data
    what = "Extended" if turn.kind == "extended" else "Stopped for a while"
    reason = data.get("reason") or turn.happening.name
    roles = ", ".join(str(each.get("role", "")).replace("_", " ") for each in agreements(turn.happening))
    yield Because(turn.on, f"{what}: {reason}{f'; agreed by {roles}' if roles else ''}", rule)
    if run.limit.unit == "working_days":
        yield from _skipped(run, turn.before, turn.due)
    if extra := data.get("good_reason"):
        yield Because(turn.on, f"Good reason for going past the ceiling: {extra}", rule)
    yield Because(turn.due, f"Due instead of {in_words(turn.before)}", rule)


def _rolled(run: Run) -> Iterator[Because]:
    """The last days that a due date moved over to reach a working day."""
    day = run.base_due - timedelta(days=1)
    while not run.calendar.is_working(day, run.non_working):
        day -= timedelta(days=1)
    for skipped in _skipped(run, day, run.base_due):
        yield Because(skipped.date, f"{skipped.text}, so the next working day", skipped.source)


def _skipped(run: Run, start: date, until: date) -> Iterator[Because]:
    for day, why in run.calendar.skipped(start, until, run.non_working):
        holiday = run.calendar.holidays.days.get(day) == why
        source = run.calendar.holidays.source if holiday else "days this procedure does not count"
        yield Because(day, f"{why}: not a working day", source)


def _rule(procedure: Procedure, run: Run) -> str:
    return f"{procedure.id}, {run.clock.id}: {run.clock.source or procedure.sources[0]}"
