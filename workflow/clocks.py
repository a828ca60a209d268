"""Definition, events, calendar in; where the case stands out: every clock with its dates, pure and replayable."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from workflow.counting import Clocks
from workflow.definition import Procedure
from workflow.edges import ANSWERED, NEW, OUTCOMES, IsExpired, Place
from workflow.facts import gather
from workflow.happenings import Happening
from workflow.stages import IllegalMove, UnknownEvent, fold, stages_of
from workflow.standing import Because, ClockStanding, Nudge, Standing
from workflow.working_days import Calendar

__all__ = [
    "Because",
    "ClockStanding",
    "Happening",
    "IllegalMove",
    "Nudge",
    "Standing",
    "UnknownEvent",
    "evaluate",
]


def evaluate(
    procedure: Procedure, happenings: Sequence[Happening], calendar: Calendar, now: datetime, *, strict: bool = True
) -> Standing:
    """Where a case stands at `now`.

    Raises UnknownEvent, and IllegalMove where an event was not allowed when it happened; not `strict`, for sums
    about part of a case, such a move changes no stage and becomes a problem, while the clocks still count it.
    """
    facts = gather(procedure, happenings)
    expiry = partial(_expiry, procedure, facts.told, calendar)
    place = fold(procedure, facts.told, expiry, None if strict else facts.problems)
    clocks = Clocks(procedure, facts, place.ended, calendar, now)
    standings = tuple(clocks.stand(clock) for clock in procedure.clocks)
    place.is_expired = lambda clock_id, _at: _is_overdue(standings, clock_id)
    return Standing(
        stage=_stage(procedure, place),
        state="closed" if place.ending not in ("", ANSWERED) else "open",
        outcome=OUTCOMES.get(place.ending),
        answered=tuple(place.answered),
        moves=stages_of(procedure).moves(place, now) + _clock_moves(procedure, standings),
        clocks=standings,
        problems=(*facts.problems, *clocks.problems),
    )


def _expiry(
    procedure: Procedure, told: Sequence[Happening], calendar: Calendar, number: int, place: Place
) -> IsExpired:
    """Answers whether a clock had run out just before the nth event, by what had happened until then."""

    def is_expired(clock_id: str | None, at: datetime) -> bool:
        clocks = Clocks(procedure, gather(procedure, told[:number]), place.ended, calendar, at)
        return _is_overdue([clocks.stand(clock) for clock in procedure.clocks], clock_id)

    return is_expired


def _is_overdue(standings: Sequence[ClockStanding], clock_id: str | None) -> bool:
    return any(each.state == "overdue" and clock_id in (None, each.id) for each in standings)


def _stage(procedure: Procedure, place: Place) -> str:
    if place.ending == "signposted":
        return next(stage.id for stage in procedure.stages if stage.kind == "ombudsman")
    return place.stage if place.state != NEW else procedure.worked_stages[0].id


def _clock_moves(procedure: Procedure, standings: Sequence[ClockStanding]) -> tuple[str, ...]:
    """What may be done to the clocks that still run."""
    owed = [procedure.clock(each.id) for each in standings if each.is_owed and each.state != "projected"]
    extended = ("clock.extended",) if any(clock.extensions for clock in owed) else ()
    paused = ("clock.paused", "clock.resumed") if any(clock.pause for clock in owed) else ()
    return (*extended, *paused, *(("clock.promised",) if owed else ()))
