"""One-line builders for what happens to a case, and a small procedure to bend."""

from datetime import date, datetime, time
from typing import Any

from workflow.clocks import ClockStanding, Happening, Standing, evaluate
from workflow.definition import Procedure
from workflow.procedure import load, parse
from workflow.working_days import LONDON, calendar_for

ASC, HOUSING, NHS = "asc-england-2006", "housing-ombudsman-code-2024", "nhs-asc-england-2009"
DEFINED = {"complaint_definition": "damp in the bedroom", "outcomes_sought": "repair"}


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """A London date, at noon, or a London date and time."""
    moment = datetime.fromisoformat(text)
    return (datetime.combine(moment, time(12)) if len(text) == 10 else moment).replace(tzinfo=LONDON)


def on(name: str, when: str, **data: Any) -> Happening:
    return Happening(name, at(when), data)


def acknowledged(when: str, stage: str = "s1") -> Happening:
    return on(f"{stage}.acknowledged", when, **DEFINED)


def extended(when: str, clock: str, **data: Any) -> Happening:
    return on("clock.extended", when, clock=clock, **{"reason": "the contractor's report is awaited", **data})


def stand(procedure: str | Procedure, *happenings: Happening, now: str = "2030-01-01") -> Standing:
    rules = load(procedure) if isinstance(procedure, str) else procedure
    return evaluate(rules, happenings, calendar_for(rules.calendar), at(now))


def clock(procedure: str | Procedure, clock_id: str, *happenings: Happening, now: str = "2030-01-01") -> ClockStanding:
    return stand(procedure, *happenings, now=now).clock(clock_id)


SMALL = """\
schema = 1

[procedure]
id = "small"
title = "A small procedure"
valid_from = 2020-01-01
binding = "local"
calendar = "england-and-wales"
roles = ["complainant", "handler"]
checked_on = 2026-11-21
sources = ["our own policy"]

[[stage]]
id = "s1"
kind = "internal"
entry = ["complaint.received"]

  [[stage.clock]]
  id = "s1.respond"
  start = "complaint.received"
  limit = { working_days = 10 }
  stop = ["s1.response_sent", "complaint.withdrawn"]

  [[stage.letter]]
  id = "s1_response"
  on = "s1.response_sent"

[[stage]]
id = "ombudsman"
kind = "ombudsman"
entry = ["signpost:unhappy_with:s1"]
"""


def small(*changes: tuple[str, str]) -> str:
    """The small procedure with some of its text replaced; what is to be replaced must be there."""
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def small_procedure(*changes: tuple[str, str]) -> Procedure:
    return parse(small(*changes), "small.toml")
