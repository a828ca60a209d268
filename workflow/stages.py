"""Which stage a case is at and what may happen next: one `transitions` Machine per procedure version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from transitions import EventData, Machine

from workflow.definition import Procedure
from workflow.edges import ANSWERED, NEW, Edge, Guard, IsExpired, Place, edges_of
from workflow.happenings import Happening

# Events that bear on dates only, not on stages.
NOT_SERVED = "letter.not_served"  # a person may do nothing about it here; it happens to us
NOTES = frozenset({"clock.extended", "clock.promised", "clock.paused", "clock.resumed", "received.corrected"})


class IllegalMove(ValueError):
    """The procedure does not allow this event now; `allowed` are those it does."""

    def __init__(self, name: str, state: str, allowed: Sequence[str]) -> None:
        self.name, self.state, self.allowed = name, state, tuple(allowed)
        allowed_words = ", ".join(allowed) or "nothing"
        super().__init__(f"{name} is not possible while the case is at {_spoken(state)}; possible now: {allowed_words}")


class UnknownEvent(IllegalMove):
    """This procedure has no event of that name."""

    def __init__(self, name: str, procedure: Procedure) -> None:
        ValueError.__init__(
            self, f"{procedure.id} has no event {name!r}; known are {', '.join(sorted(procedure.events))}"
        )
        self.name, self.state, self.allowed = name, "", tuple(sorted(procedure.events))


@dataclass(frozen=True)
class Stages:
    """A procedure's Machine, and for each state the events that may happen in it."""

    machine: Machine
    edges: Mapping[str, tuple[Edge, ...]]

    def move(self, place: Place, happening: Happening) -> None:
        """Let this happen; IllegalMove if the Machine does not allow it here."""
        before = place.state
        is_edge = any(edge.event == happening.name for edge in self.edges.get(before, ()))
        if not is_edge or not self.machine.events[happening.name].trigger(place, happening=happening):
            raise IllegalMove(happening.name, place.state, self.moves(place, happening.at))
        _note(place, before, happening)

    def takes_back(self, place: Place, happening: Happening) -> bool:
        """Whether the letter that never arrived was this stage's answer, so that the stage is open again."""
        guards = (edge.guard for edge in self.edges.get(place.state, ()) if edge.event == NOT_SERVED)
        return any(guard and guard(place, happening.at, happening.data) for guard in guards)

    def moves(self, place: Place, at: datetime) -> tuple[str, ...]:
        """The events that may happen now, given what they need to carry."""
        open_edges = (e for e in self.edges.get(place.state, ()) if e.guard is None or e.guard(place, at, None))
        return tuple(dict.fromkeys(edge.event for edge in open_edges if edge.event != NOT_SERVED))


def fold(
    procedure: Procedure,
    happenings: Sequence[Happening],
    is_expired: Callable[[int, Place], IsExpired],
    refused: list[str] | None = None,
) -> Place:
    """Let everything happen in order. `is_expired(n, place)` tells of the clocks before the nth event.

    Raises IllegalMove, unless there is a list of `refused` moves to note it in and go on.
    """
    stages, place = stages_of(procedure), Place()
    for number, happening in enumerate(happenings):
        if happening.name in NOTES or (happening.name == NOT_SERVED and not stages.takes_back(place, happening)):
            continue
        place.is_expired = is_expired(number, place)
        try:
            stages.move(place, happening)
        except IllegalMove as error:
            if refused is None:
                raise
            refused.append(str(error))
    return place


@lru_cache(maxsize=64)
def stages_of(procedure: Procedure) -> Stages:
    """Built once for each procedure version and shared by all its cases."""
    edges = list(edges_of(procedure))
    states = list(dict.fromkeys([NEW, *(e.source for e in edges), *(e.dest for e in edges if e.dest)]))
    machine = Machine(None, states=states, initial=NEW, send_event=True, auto_transitions=False)
    by_state: dict[str, list[Edge]] = {}
    for edge in edges:
        conditions = _condition(edge.guard) if edge.guard else None
        machine.add_transition(edge.event, edge.source, edge.dest, conditions=conditions)
        by_state.setdefault(edge.source, []).append(edge)
    return Stages(machine, {state: tuple(found) for state, found in by_state.items()})


def _note(place: Place, before: str, happening: Happening) -> None:
    """Keep what the bare state does not tell: answers given, refusals, when work on a stage ended."""
    place.refused = place.refused or happening.name in ("complaint.refused", "request.refused")
    if place.state == before:
        return
    if ":" not in before and before != NEW:
        place.ended[before] = happening.at
        if place.ending == ANSWERED:
            place.answered.append(before)
    if not place.ending:
        place.ended.pop(place.stage, None)
        if place.stage in place.answered:  # its answer never arrived
            place.answered.remove(place.stage)


def _condition(guard: Guard) -> Callable[[EventData], bool]:
    def holds(event: EventData) -> bool:
        happening: Happening = event.kwargs["happening"]
        place: Place = event.model  # type: ignore[assignment]  # typed as object by transitions
        return guard(place, happening.at, happening.data)

    return holds


def _spoken(state: str) -> str:
    stage, _, ending = state.partition(":")
    return f"{stage} ({ending})" if ending else stage
