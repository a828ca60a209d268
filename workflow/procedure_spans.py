"""Whether the times in a procedure make sense: one unit each, reminders before the date, escalations after it."""

from collections.abc import Iterator, Mapping
from typing import Any

from workflow.definition import Procedure
from workflow.procedure_errors import Path
from workflow.working_days import NON_WORKING

Problem = tuple[Path, str]
UNITS = ("working_days", "calendar_days", "weeks", "months")


def span_problems(procedure: Procedure) -> Iterator[Problem]:
    """Where a length of time, a role or a day's name is not what it must be."""
    for day in procedure.non_working:
        if day not in NON_WORKING:
            yield (
                ("procedure", "non_working"),
                f"{day!r} is no day we know; write any of {', '.join(sorted(NON_WORKING))}",
            )
    for place, stage in enumerate(procedure.raw["stage"]):
        for number, clock in enumerate(stage.get("clock", ())):
            at: Path = ("stage", place, "clock", number)
            yield from _limit_problems(clock, at)
            yield from _extension_problems(procedure, clock, at)
            yield from _nudge_problems(procedure, clock, at)


def _limit_problems(clock: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    if ("limit" in clock) == ("limit_by" in clock):
        yield at, "a clock needs either limit or limit_by; write one of them"
    limits = {"limit": clock["limit"]} if "limit" in clock else clock.get("limit_by", {})
    for key, limit in limits.items():
        yield from _span_problems(limit, (*at, "limit" if key == "limit" else "limit_by"), least=1)


def _extension_problems(procedure: Procedure, clock: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    for number, extension in enumerate(clock.get("extension", ())):
        here = (*at, "extension", number)
        if "add" in extension and "to_total" in extension:
            yield here, "write add or to_total, not both"
        for key in ("add", "to_total"):
            if key in extension:
                yield from _span_problems(extension[key], (*here, key), least=1)
        for key in ("agree", "notify"):
            yield from _role_problems(procedure, extension.get(key, ()), (*here, key))


def _nudge_problems(procedure: Procedure, clock: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    for key, least, most in (("reminder", -999, 0), ("escalation", 1, 999)):
        for number, rule in enumerate(clock.get(key, ())):
            yield from _span_problems(rule["at"], (*at, key, number, "at"), least, most)
            yield from _role_problems(procedure, rule["to"], (*at, key, number, "to"))


def _span_problems(span: Any, at: Path, least: int, most: int = 9999) -> Iterator[Problem]:
    if not isinstance(span, Mapping) or len(span) != 1 or next(iter(span)) not in UNITS:
        yield at, f"needs exactly one of {', '.join(UNITS)}, such as {{ working_days = 10 }}"
    elif not isinstance(number := next(iter(span.values())), int) or not least <= number <= most:
        yield at, f"{number!r} is out of range; write a whole number from {least} to {most}"


def _role_problems(procedure: Procedure, roles: tuple[str, ...], at: Path) -> Iterator[Problem]:
    for role in roles:
        if role not in procedure.roles and role not in STANDING_ROLES:
            yield at, f"unknown role {role!r}; add it to roles in [procedure]"


# Roles every body has, whatever its procedure calls its own people.
STANDING_ROLES = ("senior_officer", "chief_executive")
