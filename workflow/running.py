"""How one clock ran: from its start through pauses and extensions to the date it is due."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from templates.dates import with_weekday
from workflow.definition import Clock, Extension, Span
from workflow.extensions import Reach, judge
from workflow.facts import Change
from workflow.happenings import Happening
from workflow.limits import last_day, length, shift
from workflow.working_days import Calendar, london


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of the due date, kept for its explanation."""

    kind: Literal["extended", "paused"]
    on: date
    before: date
    due: date
    happening: Happening


@dataclass(slots=True)
class Run:
    """One clock on its way. Dates are London calendar dates."""

    calendar: Calendar
    non_working: tuple[str, ...]
    clock: Clock
    limit: Span
    start: date
    base_due: date = date.min
    due: date = date.min
    unextended: date = date.min
    paused: Happening | None = None
    used: list[Extension] = field(default_factory=list)
    past_ceiling: bool = False
    turns: list[Turn] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.base_due = last_day(self.calendar, self.non_working, self.clock, self.limit, self.start)
        self.due = self.unextended = self.base_due

    def go(self, changes: Sequence[Change], until: datetime) -> None:
        """Apply what was done to the clock until this instant; what does not count becomes a problem."""
        for kind, happening in changes:
            if happening.at > until:
                self._refuse(kind, "the clock had stopped")
            elif kind == "extended":
                self._extend(happening)
            elif kind == "paused":
                self._pause(happening)
            else:
                self._resume(happening)
        if self.paused:
            self._lengthen(self.paused, london(until))

    def _extend(self, asked: Happening) -> None:
        reach = Reach(self.start, self.unextended, self.due, tuple(self.used))
        granted = judge(self.calendar, self.non_working, self.clock, reach, asked)
        if isinstance(granted, str):
            self._refuse("extended", granted)
            return
        self.turns.append(Turn("extended", london(asked.at), self.due, granted.due, asked))
        self.used.append(granted.rule)
        self.due, self.past_ceiling = granted.due, self.past_ceiling or granted.past_ceiling

    def _pause(self, asked: Happening) -> None:
        reason = asked.data.get("reason") if asked.name == "clock.paused" else asked.name
        if reason not in self.clock.pause:
            self._refuse("paused", f"{reason or 'no reason'} is not among the reasons that stop this clock")
        elif london(asked.at) > self.due:
            self._refuse("paused", f"it was already late since {with_weekday(self.due)}")
        elif self.paused is None:
            self.paused = asked

    def _resume(self, asked: Happening) -> None:
        if self.paused is None:
            self._refuse("resumed", "it was not paused")
            return
        self._lengthen(self.paused, london(asked.at))
        self.paused = None

    def _lengthen(self, paused: Happening, until: date) -> None:
        """Whole days of the pause are added in the clock's own unit."""
        pause = length(self.calendar, self.non_working, self.limit, london(paused.at), until)
        before, self.due = self.due, shift(self.calendar, self.non_working, self.due, pause)
        self.unextended = shift(self.calendar, self.non_working, self.unextended, pause)
        self.turns.append(Turn("paused", london(paused.at), before, self.due, paused))

    def _refuse(self, kind: str, why: str) -> None:
        self.problems.append(f"“{self.clock.title}” was not {kind}: {why}")
