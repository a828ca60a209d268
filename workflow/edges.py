"""The ways through a procedure: each event that may move a case, from where, to where, and on what condition."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from workflow.definition import Procedure, Stage
from workflow.happenings import CONDITIONS
from workflow.standing import Outcome

NEW = "new"
# A state is a stage's id while we work on it, or the id with one of these endings.
ANSWERED, CLOSED = "answered", "closed"
OUTCOMES: Mapping[str, Outcome] = {
    ANSWERED: "answered",
    CLOSED: "answered",
    "withdrawn": "withdrawn",
    "refused": "refused",
    "refiled": "refiled",
    "signposted": "signposted",
}


IsExpired = Callable[[str | None, datetime], bool]  # a clock's id, or None for any; at this instant


@dataclass(slots=True)
class Place:
    """Where one case is; the model that a Machine moves, never added to it."""

    state: str = NEW
    is_expired: IsExpired = field(default=lambda _clock, _at: False, compare=False)
    answered: list[str] = field(default_factory=list)
    refused: bool = False  # the complaint, or a request for the next stage
    ended: dict[str, datetime] = field(default_factory=dict)  # stage -> when work on it ended, while it has

    @property
    def stage(self) -> str:
        return self.state.partition(":")[0]

    @property
    def ending(self) -> str:
        return self.state.partition(":")[2]


# Whether an edge is open: the case, the instant, and the event's data (None: could it be, were the data right?).
Guard = Callable[[Place, datetime, Mapping[str, Any] | None], bool]


@dataclass(frozen=True)
class Edge:
    event: str
    source: str
    dest: str | None  # None: the stage stays
    guard: Guard | None = None


def answering_events(stage: Stage) -> tuple[tuple[str, Guard | None], ...]:
    """What answers a stage: the stop of its last clock, or of the one before where that clock does not apply."""
    found: list[tuple[str, Guard | None]] = []
    for clock in reversed(stage.clocks):
        own = [name for name in clock.stop if name.startswith(f"{stage.id}.")]
        unless = None if not found else _lacks(stage.clocks[stage.clocks.index(clock) + 1].when)
        found += [(name, unless) for name in own]
        if clock.when is None:
            break
    return tuple(found)


def edges_of(procedure: Procedure) -> Iterator[Edge]:
    for stage in procedure.worked_stages:
        yield from _ways_in(procedure, stage)
        yield from _ways_on(procedure, stage)
        yield from _ways_out(stage)
        yield from _ways_to_the_ombudsman(procedure, stage)


def _ways_in(procedure: Procedure, stage: Stage) -> Iterator[Edge]:
    for way in stage.entry:
        if way == "complaint.received":
            yield Edge(way, NEW, stage.id)
        elif way.startswith("request:unhappy_with:"):
            before = way.rpartition(":")[2]
            yield Edge(f"{stage.id}.requested", f"{before}:{ANSWERED}", stage.id)
            yield Edge(f"{stage.id}.requested", f"{before}:{CLOSED}", stage.id)
            yield Edge("request.refused", f"{before}:{ANSWERED}", None)
            yield Edge("request.refused", f"{before}:{CLOSED}", None)
        elif way.startswith("request:expired:"):
            clock = procedure.clock(way.rpartition(":")[2])
            yield Edge(f"{stage.id}.requested", clock.stage, stage.id, _expired(clock.id))


def _ways_on(procedure: Procedure, stage: Stage) -> Iterator[Edge]:
    """Steps within a stage, and the answer that ends it."""
    answering = answering_events(stage)
    for name, guard in answering:
        yield Edge(name, stage.id, f"{stage.id}:{ANSWERED}", guard)
    for name in sorted(procedure.events):
        if name.startswith(f"{stage.id}.") and not name.endswith(".requested") and (name, None) not in answering:
            yield Edge(name, stage.id, None)
    for ending in (ANSWERED, CLOSED, "signposted"):
        yield Edge("letter.not_served", f"{stage.id}:{ending}", stage.id, _undoes(tuple(n for n, _ in answering)))


def _ways_out(stage: Stage) -> Iterator[Edge]:
    here, answered, closed = stage.id, f"{stage.id}:{ANSWERED}", f"{stage.id}:{CLOSED}"
    yield Edge("complaint.closed", answered, closed)
    yield Edge("complaint.reopened", closed, answered)
    for ending in ("withdrawn", "refused", "refiled"):
        yield Edge(f"complaint.{ending}", here, f"{here}:{ending}")
        yield Edge("complaint.reopened", f"{here}:{ending}", here)


def _ways_to_the_ombudsman(procedure: Procedure, stage: Stage) -> Iterator[Edge]:
    told, signposted = f"{stage.id}:signposted", "complaint.signposted"
    ways = {way for other in procedure.stages if other.kind == "ombudsman" for way in other.entry}
    for ending in (ANSWERED, CLOSED):
        if f"signpost:unhappy_with:{stage.id}" in ways:
            yield Edge(signposted, f"{stage.id}:{ending}", told)
        elif "signpost:refused" in ways:
            yield Edge(signposted, f"{stage.id}:{ending}", told, _was_refused)
    if "signpost:refused" in ways:
        yield Edge(signposted, f"{stage.id}:refused", told)
    if "fast_track:reason_required" in ways:
        yield Edge(signposted, stage.id, told, _has_reason)
    if "signpost:overdue" in ways:  # told of the ombudsman, and still owed an answer
        yield Edge(signposted, stage.id, None, _expired(None))
    yield Edge("complaint.reopened", told, f"{stage.id}:{ANSWERED}", _was_answered(stage.id))
    yield Edge("complaint.reopened", told, stage.id)


def _expired(clock_id: str | None) -> Guard:
    return lambda place, at, _data: place.is_expired(clock_id, at)


def _undoes(names: tuple[str, ...]) -> Guard:
    return lambda _place, _at, data: data is None or data.get("undoes") in names


def _lacks(condition: str | None) -> Guard:
    return lambda _place, _at, data: data is None or not (condition and CONDITIONS[condition](data))


def _was_answered(stage_id: str) -> Guard:
    return lambda place, _at, _data: stage_id in place.answered


def _has_reason(_place: Place, _at: datetime, data: Mapping[str, Any] | None) -> bool:
    return data is None or bool(data.get("reason"))


def _was_refused(place: Place, _at: datetime, _data: Mapping[str, Any] | None) -> bool:
    return place.refused
