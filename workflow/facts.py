"""What a case's events establish: which count, which were undone, and what each says about which clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from templates.dates import with_weekday
from workflow.definition import Procedure
from workflow.happenings import GENERAL, Happening, spoken
from workflow.stages import UnknownEvent
from workflow.working_days import london

How = Literal["extended", "paused", "resumed"]
Change = tuple[How, Happening]
CHANGES: Mapping[str, How] = {"clock.extended": "extended", "clock.paused": "paused", "clock.resumed": "resumed"}


@dataclass(slots=True)
class Facts:
    """The events in order, sorted out; `problems` are those that do not count, with the reason."""

    told: list[Happening] = field(default_factory=list)  # those that count, the undone among them
    named: dict[str, list[Happening]] = field(default_factory=dict)
    undone: dict[int, datetime] = field(default_factory=dict)  # id() of a happening -> when it was undone
    changes: dict[str, list[Change]] = field(default_factory=dict)  # by clock
    promised: dict[str, list[tuple[datetime, date]]] = field(default_factory=dict)
    received: date | None = None  # as corrected
    problems: list[str] = field(default_factory=list)

    def first(self, name: str, unless_undone_before: datetime | None = None) -> Happening | None:
        """The first event of this name that still stands, or stood at that instant."""
        for happening in self.named.get(name, ()):
            undone = self.undone.get(id(happening))
            if undone is None or (unless_undone_before and undone > unless_undone_before):
                return happening
        return None


def gather(procedure: Procedure, happenings: Sequence[Happening]) -> Facts:
    """Sort the events of one case by time and by what they bear on. UnknownEvent for a name not in the procedure."""
    facts = Facts()
    for happening in sorted(happenings, key=lambda each: each.at):
        if happening.name not in procedure.events:
            raise UnknownEvent(happening.name, procedure)
        if missing := _missing(procedure, happening):
            facts.problems.append(
                f"{spoken(happening.name)} on {with_weekday(happening.at)} does not count: it lacks "
                + ", ".join(name.replace("_", " ") for name in missing)
            )
            continue
        facts.told.append(happening)
        facts.named.setdefault(happening.name, []).append(happening)
        _take(facts, procedure, happening)
    return facts


def day_in(data: Mapping[str, Any], key: str) -> date | None:
    """The date under this key, given as a date, an instant or ISO text; None where there is none."""
    value = data.get(key)
    if isinstance(value, datetime):
        return london(value)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _missing(procedure: Procedure, happening: Happening) -> list[str]:
    """What this event would have to carry to stop a clock it is meant to stop, and does not."""
    return [key for key in _bearings(procedure).needs.get(happening.name, ()) if not happening.data.get(key)]


@dataclass(frozen=True)
class _Bearings:
    """What a procedure's events bear on, looked up once for each version."""

    clocks: frozenset[str]
    needs: Mapping[str, tuple[str, ...]]  # event -> what it must carry to count
    changes: Mapping[str, tuple[tuple[str, How], ...]]  # event -> clocks it pauses, resumes


@lru_cache(maxsize=64)
def _bearings(procedure: Procedure) -> _Bearings:
    needs: dict[str, tuple[str, ...]] = {}
    changes: dict[str, tuple[tuple[str, How], ...]] = {}
    for clock in procedure.clocks:
        for name in clock.stop:
            if name not in GENERAL:  # withdrawing needs no checklist
                needs[name] = tuple(dict.fromkeys((*needs.get(name, ()), *clock.stop_requires)))
        for name in clock.pause:
            changes[name] = (*changes.get(name, ()), (clock.id, "paused"))
        for name in clock.resume:
            changes[name] = (*changes.get(name, ()), (clock.id, "resumed"))
    return _Bearings(frozenset(clock.id for clock in procedure.clocks), needs, changes)


def _take(facts: Facts, procedure: Procedure, happening: Happening) -> None:
    name = happening.name
    if name.startswith("clock."):
        _take_clock(facts, procedure, happening)
    elif name == "received.corrected":
        facts.received = day_in(happening.data, "date") or facts.received
        if day_in(happening.data, "date") is None:
            facts.problems.append("received.corrected does not count: it lacks date")
    elif name == "letter.not_served":
        _undo(facts, procedure, happening)
    for clock_id, kind in _bearings(procedure).changes.get(name, ()):
        facts.changes.setdefault(clock_id, []).append((kind, happening))


def _take_clock(facts: Facts, procedure: Procedure, happening: Happening) -> None:
    clock_id = str(happening.data.get("clock", ""))
    if clock_id not in _bearings(procedure).clocks:
        facts.problems.append(
            f"{happening.name} does not count: it names no clock of this procedure ({clock_id or 'none'})"
        )
    elif happening.name != "clock.promised":
        facts.changes.setdefault(clock_id, []).append((CHANGES[happening.name], happening))
    elif day := day_in(happening.data, "date"):
        facts.promised.setdefault(clock_id, []).append((happening.at, day))
    else:
        facts.problems.append(f"clock.promised for {clock_id} does not count: it lacks date")


def _undo(facts: Facts, procedure: Procedure, happening: Happening) -> None:
    """Take back the last letter of that name: it was sent, and did not arrive."""
    name = str(happening.data.get("undoes", ""))
    standing = [each for each in facts.named.get(name, ()) if id(each) not in facts.undone]
    if standing and procedure.letter_on(name):
        facts.undone[id(standing[-1])] = happening.at
    else:
        facts.problems.append(f"letter.not_served undoes nothing: no letter {name or 'named'} stands")
