"""Definition, events, calendar in; where the case stands out: every clock with its dates, pure and replayable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from workflow.definition import Clock, NudgeRule, Procedure, Span
from workflow.edges import ANSWERED, NEW, OUTCOMES, IsExpired, Place
from workflow.facts import Facts, gather
from workflow.happenings import CONDITIONS, Happening
from workflow.limits import rolled, shift
from workflow.reckoning import reckon
from workflow.running import Run
from workflow.stages import IllegalMove, UnknownEvent, fold, stages_of
from workflow.standing import Because, ClockStanding, ClockState, Nudge, Standing
from workflow.working_days import LONDON, Calendar, london

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


@dataclass(slots=True)
class Clocks:
    """The clocks of one case: each is worked out once, since one may start where another is due."""

    procedure: Procedure
    facts: Facts
    ended: Mapping[str, datetime]
    calendar: Calendar
    now: datetime
    problems: list[str] = field(default_factory=list)
    known: dict[str, ClockStanding] = field(default_factory=dict)

    def stand(self, clock: Clock) -> ClockStanding:
        if clock.id not in self.known:
            self.known[clock.id] = self._work_out(clock)
        return self.known[clock.id]

    def _work_out(self, clock: Clock) -> ClockStanding:
        stop = self._stop(clock)
        begun = self._begun(clock, stop) or self._projected(clock)
        if begun is None:
            return ClockStanding(clock.id, clock.stage, "not_started")
        start, why, is_projected = begun
        run = Run(self.calendar, self.procedure.non_working, clock, self._limit(clock), start)
        until = stop.at if stop else self.ended.get(clock.stage, self.now)
        run.go(self.facts.changes.get(clock.id, ()), until)
        self.problems += run.problems
        return self._standing(run, stop, why, is_projected)

    def _standing(self, run: Run, stop: Happening | None, why: str, is_projected: bool) -> ClockStanding:
        ended = None if stop else self.ended.get(run.clock.stage)
        promised = [day for at, day in self.facts.promised.get(run.clock.id, ()) if not stop or at <= stop.at]
        return ClockStanding(
            run.clock.id,
            run.clock.stage,
            self._state(run, stop, ended, is_projected),
            start=run.start,
            base_due=run.base_due,
            due=run.due,
            promised=promised[-1] if promised else None,
            met_at=stop.at if stop else None,
            stopped_at=ended,
            reminders=self._nudges(run, run.clock.reminders),
            escalations=self._nudges(run, run.clock.escalations),
            extensions=len(run.used),
            past_ceiling=run.past_ceiling,
            provisional=self.calendar.is_provisional(run.due),
            explain=partial(reckon, self.procedure, run, why),
        )

    def _state(self, run: Run, stop: Happening | None, ended: datetime | None, is_projected: bool) -> ClockState:
        if stop:
            return "met" if london(stop.at) <= run.due else "met_late"
        if ended:
            return "stopped"
        if run.paused:
            return "paused"
        if london(self.now) > run.due:
            return "overdue"
        return "projected" if is_projected else "running"

    def _stop(self, clock: Clock) -> Happening | None:
        """What met the clock; withdrawal and the like only end it."""
        own = (self.facts.first(name) for name in clock.stop if name.startswith(f"{clock.stage}."))
        return min((each for each in own if each), key=lambda each: each.at, default=None)

    def _begun(self, clock: Clock, stop: Happening | None) -> tuple[date, str, bool] | None:
        """Start date, its cause in words, and that it is no projection. A met clock keeps the start it was met by."""
        started = self.facts.first(clock.start, unless_undone_before=stop.at if stop else None)
        if started is None or (clock.when and not CONDITIONS[clock.when](started.data)):
            return None
        if clock.start != "complaint.received":
            return london(started.at), clock.start, False
        if self.facts.received:
            why = f"complaint.received, recorded on {london(started.at)} and corrected to {self.facts.received}"
            return self.facts.received, why, False
        return self._receipt(started.at), clock.start, False

    def _receipt(self, at: datetime) -> date:
        """The day of receipt: the London date, or the next working day after the body's cutoff."""
        day, cutoff = london(at), self.procedure.receipt_cutoff
        if cutoff and at.astimezone(LONDON).strftime("%H:%M") >= cutoff:
            return rolled(self.calendar, self.procedure.non_working, day + timedelta(days=1))
        return day

    def _projected(self, clock: Clock) -> tuple[date, str, bool] | None:
        """As if the step before had been done on its last day, so that never doing it is late too."""
        if clock.when:
            return None
        stage = self.procedure.stage(clock.stage)
        before = next((other for other in stage.clocks if clock.start in other.stop), None)
        due = self.stand(before).due if before else None
        return (due, f"{clock.start} has not happened; taken as done on the day it is due", True) if due else None

    def _limit(self, clock: Clock) -> Span:
        if not clock.limit_by:
            return clock.limit
        received = self.facts.first("complaint.received")
        kind = str(received.data.get("body_kind", "")) if received else ""
        if kind not in clock.limit_by:
            words = ", ".join(clock.limit_by)
            self.problems.append(
                f"{clock.id}: complaint.received names no body_kind ({words}); the shortest limit is used"
            )
            return min(clock.limit_by.values(), key=lambda limit: limit.number)
        return clock.limit_by[kind]

    def _nudges(self, run: Run, rules: tuple[NudgeRule, ...]) -> tuple[Nudge, ...]:
        shifted = partial(shift, self.calendar, self.procedure.non_working, run.due)
        return tuple(Nudge(shifted(rule.at), rule.to, rule.task) for rule in rules)


def _expiry(procedure: Procedure, told: Sequence[Happening], calendar: Calendar, number: int) -> IsExpired:
    """Answers whether a clock had run out just before the nth event."""

    def is_expired(clock_id: str | None, at: datetime) -> bool:
        before = evaluate(procedure, told[:number], calendar, at, strict=False)
        return _is_overdue(before.clocks, clock_id)

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
