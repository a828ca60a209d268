"""Whether an extension counts: who agreed, in time, for a reason, and within its ceiling."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from templates.dates import with_weekday
from workflow.definition import Clock, Extension, Span
from workflow.facts import day_in
from workflow.happenings import Happening
from workflow.limits import rolled_back, shift
from workflow.working_days import Calendar, london


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a clock runs when an extension is asked for."""

    start: date
    unextended: date  # with pauses, before any extension
    due: date
    used: tuple[Extension, ...]


@dataclass(frozen=True, slots=True)
class Granted:
    """A valid extension: the new date, the rule it rests on, and whether it goes past a soft ceiling."""

    due: date
    rule: Extension
    past_ceiling: bool


def judge(
    calendar: Calendar, non_working: tuple[str, ...], clock: Clock, reach: Reach, asked: Happening
) -> Granted | str:
    """The extension under the first rule that allows it, or in words why none does. It never shortens."""
    why = "the procedure has no rule that allows one"
    for number, rule in enumerate(clock.extensions):
        until, ceiling = _dates(calendar, non_working, clock, rule, reach, asked)
        objections = list(_objections(rule, reach, asked, until, ceiling))
        if not objections and until:
            return Granted(until, rule, ceiling is not None and until > ceiling)
        why = "; ".join(objections) if number == 0 else why
    return why


def _dates(
    calendar: Calendar, non_working: tuple[str, ...], clock: Clock, rule: Extension, reach: Reach, asked: Happening
) -> tuple[date | None, date | None]:
    """The date asked for (all that the rule gives, unless the event says less or more) and the latest allowed."""
    ceiling = full = None
    if rule.to_total:
        ceiling = full = shift(calendar, non_working, reach.start, rule.to_total)
    elif rule.add:
        full = shift(calendar, non_working, reach.due, rule.add)
        ceiling = shift(calendar, non_working, reach.unextended, rule.add) if rule.soft_ceiling else full
    is_working = clock.limit.unit == "working_days"
    if until := day_in(asked.data, "to"):
        return (rolled_back(calendar, non_working, until) if is_working else until), ceiling
    if isinstance(days := asked.data.get("days"), int):
        unit = Span("working_days" if is_working else "calendar_days", days)
        return shift(calendar, non_working, reach.due, unit), ceiling
    return (None if days or asked.data.get("to") else full), ceiling  # what nobody can read is not the whole


def _objections(
    rule: Extension, reach: Reach, asked: Happening, until: date | None, ceiling: date | None
) -> Iterator[str]:
    if until is None:
        yield "it does not say until when"
    elif until <= reach.due:
        yield f"it gives no longer than {with_weekday(reach.due)}"
    elif ceiling and until > ceiling and not rule.soft_ceiling:
        yield f"it goes past {with_weekday(ceiling)}, the latest date allowed"
    elif ceiling and until > ceiling and not asked.data.get("good_reason"):
        yield f"it goes past {with_weekday(ceiling)} without a good reason"
    times = rule.times or (1 if (rule.add or rule.to_total) and not rule.soft_ceiling else None)
    if times is not None and reach.used.count(rule) >= times:
        yield "it has been used as often as is allowed"
    if rule.reason_required and not asked.data.get("reason"):
        yield "it gives no reason"
    yield from _consents(rule, reach, asked)


def agreements(asked: Happening) -> Iterator[Mapping[str, Any]]:
    """Who agreed, and when; what is not written as {role, on} is no agreement."""
    written = asked.data.get("agreed")
    yield from (each for each in (written if isinstance(written, list | tuple) else ()) if isinstance(each, Mapping))


def _consents(rule: Extension, reach: Reach, asked: Happening) -> Iterator[str]:
    """Each role that must agree did, before expiry: that is not later than the day the clock was due."""
    if rule.before_expiry and not rule.agree and london(asked.at) > reach.due:
        yield f"it came after {with_weekday(reach.due)}, when the time had run out"
    agreed = {str(each.get("role")): day_in(each, "on") or london(asked.at) for each in agreements(asked)}
    for role in rule.agree:
        if role not in agreed:
            yield f"the {role.replace('_', ' ')} has not agreed"
        elif rule.before_expiry and agreed[role] > reach.due:
            yield f"the {role.replace('_', ' ')} agreed only after {with_weekday(reach.due)}, when the time had run out"
