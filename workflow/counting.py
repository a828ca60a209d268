"""How each clock of one case stands: started or projected, met, late, paused or stopped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from templates.dates import in_words
from workflow.definition import Clock, NudgeRule, Procedure, Span
from workflow.facts import Facts
from workflow.happenings import CONDITIONS, GENERAL, Happening, spoken
from workflow.limits import rolled, shift
from workflow.reckoning import reckon
from workflow.running import Run
from workflow.standing import ClockStanding, ClockState, Nudge
from workflow.working_days import LONDON, Calendar, london


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
        changes = self.facts.changes.get(clock.id, ())
        latest = max([self.now, *(happening.at for _, happening in changes)])  # what is recorded counts at any `now`
        run.go(changes, stop.at if stop else self.ended.get(clock.stage, latest))
        self.problems += run.problems
        return self._standing(run, stop, why, is_projected)

    def _standing(self, run: Run, stop: Happening | None, why: str, is_projected: bool) -> ClockStanding:
        ended = None if stop else self.ended.get(run.clock.stage)
        promised = [day for at, day in self.facts.promised.get(run.clock.id, ()) if not stop or at <= stop.at]
        keep_by = min(promised[-1], run.due) if promised else run.due
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
            reminders=self._nudges(keep_by, run.clock.reminders),
            escalations=self._nudges(run.due, run.clock.escalations),
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
        own = (self.facts.first(name) for name in clock.stop if name not in GENERAL)
        return min((each for each in own if each), key=lambda each: each.at, default=None)

    def _begun(self, clock: Clock, stop: Happening | None) -> tuple[date, str, bool] | None:
        """Start date, its cause in words, and that it is no projection. A met clock keeps the start it was met by."""
        started = self.facts.first(clock.start, unless_undone_before=stop.at if stop else None)
        if started is None or (clock.when and not CONDITIONS[clock.when](started.data)):
            return None
        if clock.start != "complaint.received":
            return london(started.at), spoken(clock.start), False
        if self.facts.received:
            truly = self.facts.received
            why = f"Complaint received, recorded on {in_words(started.at)} and corrected to {in_words(truly)}"
            return truly, why, False
        return self._receipt(started.at), spoken(clock.start), False

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
        return (due, f"{spoken(clock.start)}: not yet, and taken as done on the day it is due", True) if due else None

    def _limit(self, clock: Clock) -> Span:
        if not clock.limit_by:
            return clock.limit
        received = self.facts.first("complaint.received")
        kind = str(received.data.get("body_kind", "")) if received else ""
        if kind not in clock.limit_by:
            words = ", ".join(clock.limit_by)
            self.problems.append(
                f"“{clock.title}”: complaint.received names no body_kind ({words}); the shortest limit is used"
            )
            return min(clock.limit_by.values(), key=lambda limit: limit.number)
        return clock.limit_by[kind]

    def _nudges(self, day: date, rules: tuple[NudgeRule, ...]) -> tuple[Nudge, ...]:
        """Who is told when: reminders count from an earlier promise too, escalations from the rule's date alone."""
        shifted = partial(shift, self.calendar, self.procedure.non_working, day)
        return tuple(Nudge(shifted(rule.at), rule.to, rule.task) for rule in rules)
