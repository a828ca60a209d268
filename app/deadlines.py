"""Behind `redress deadlines`: a procedure, some events and a day in; every clock with its dates and reasons out."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from workflow.clocks import Happening, evaluate
from workflow.definition import Procedure
from workflow.happenings import GENERAL
from workflow.procedure import load
from workflow.standing import ClockStanding, Nudge, Standing
from workflow.working_days import LONDON, calendar_for, london

NOON = time(12)  # of a date given without a time


def standing(
    procedure_id: str,
    events: Iterable[str],
    events_file: Iterable[str],
    now: datetime,
    nation: str | None = None,
    *,
    plan: bool = False,
) -> Standing:
    """Where such a case would stand. ValueError, in clear words, for what can't be understood.

    `events` are NAME=YYYY-MM-DD[THH:MM], `events_file` lines of JSON.
    Events need not tell a whole case: the clocks that can be counted are, and what is missing is in `problems`.
    Events on later days than `now` have not happened yet and are left out, unless this is a `plan`: then the day of the
    last event is asked about.
    """
    procedure = load(procedure_id)
    happenings = [_from_option(procedure, event) for event in events]
    happenings += [_from_line(procedure, line, number) for number, line in enumerate(events_file, 1) if line.strip()]
    happenings = [one for one in happenings if plan or london(one.at) <= london(now)]
    now = max([now, *(one.at for one in happenings)])  # what happened on the day asked about has happened
    return evaluate(procedure, happenings, calendar_for(nation or procedure.calendar), now, strict=False)


def as_plain(standing: Standing) -> dict[str, Any]:
    """What `redress deadlines --json` prints: each clock; dates are London calendar dates in ISO form."""
    return {"clocks": [_clock(clock) for clock in standing.clocks]}


def instant(text: str, what: str) -> datetime:
    """A date or a London date and time in ISO form, as an instant; ValueError says what `what` should look like."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{what}: {text!r} is no date; write YYYY-MM-DD or YYYY-MM-DDTHH:MM") from None
    if not 1990 <= moment.year <= 2100:
        raise ValueError(f"{what}: {text!r} is out of range; write a year from 1990 to 2100")
    if len(text) == len("2026-01-31"):
        moment = datetime.combine(moment, NOON)
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def _from_option(procedure: Procedure, event: str) -> Happening:
    """An event given by name and date is taken as complete: an acknowledgement as defining the complaint."""
    name, equals, when = event.partition("=")
    if not equals:
        raise ValueError(f"--event {event}: write NAME=YYYY-MM-DD, such as complaint.received=2026-01-31")
    return _complete(procedure, name.strip(), instant(when.strip(), f"--event {name}"))


def _from_line(procedure: Procedure, line: str, number: int) -> Happening:
    """One line of --events; where it brings data, that is all the data there is."""
    try:
        told = json.loads(line)
        name, at, data = str(told["name"]), instant(str(told["at"]), f"--events line {number}"), told.get("data")
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise ValueError(f'--events line {number}: write one object such as {{"name": "...", "at": "..."}}') from None
    if data is None:
        return _complete(procedure, name, at)
    if not isinstance(data, dict):
        raise ValueError(f"--events line {number}: data must be an object")
    return Happening(name, at, data)


def _complete(procedure: Procedure, name: str, at: datetime) -> Happening:
    if name.startswith("clock.") or name in ("letter.not_served", "received.corrected"):
        raise ValueError(f"{name} needs data; give it in a file with --events: {GENERAL[name]}")
    needs = {key for clock in procedure.clocks if name in clock.stop for key in clock.stop_requires}
    return Happening(name, at, dict.fromkeys(needs, True))


def _clock(clock: ClockStanding) -> dict[str, Any]:
    return {
        "id": clock.id,
        "state": clock.state,
        "start": _iso(clock.start),
        "base_due": _iso(clock.base_due),
        "due": _iso(clock.due),
        "promised": _iso(clock.promised),
        "met_at": _iso(london(clock.met_at)) if clock.met_at else None,
        "reminders": _nudges(clock.reminders),
        "escalations": _nudges(clock.escalations),
        "because": [{"date": _iso(row.date), "text": row.text, "source": row.source} for row in clock.because],
    }


def _nudges(nudges: tuple[Nudge, ...]) -> list[dict[str, Any]]:
    return [{"at": _iso(nudge.at), "to": list(nudge.to)} for nudge in nudges]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
