"""Where a case stands: its stage, what may happen next, and every clock with its dates."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

ClockState = Literal["not_started", "projected", "running", "paused", "met", "met_late", "overdue", "stopped"]
Outcome = Literal["answered", "withdrawn", "refused", "signposted", "refiled"]


@dataclass(frozen=True, slots=True)
class Because:
    """One line of the reckoning behind a date: the day, what happened to the count there, and the rule's source."""

    date: date
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Nudge:
    """Somebody to be told on a London calendar date."""

    at: date
    to: tuple[str, ...]
    task: str | None = None


def _nothing() -> tuple[Because, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class ClockStanding:
    """A clock on one case. Dates are London calendar dates; late begins at the London midnight after `due`."""

    id: str
    stage: str
    state: ClockState
    start: date | None = None
    base_due: date | None = None  # by the rule alone
    due: date | None = None  # with valid extensions and pauses
    promised: date | None = None  # what the person was told
    met_at: datetime | None = None
    stopped_at: datetime | None = None  # ended unmet: withdrawn, refused, overtaken
    reminders: tuple[Nudge, ...] = ()
    escalations: tuple[Nudge, ...] = ()
    extensions: int = 0  # valid ones
    past_ceiling: bool = False  # extended beyond a soft ceiling, with a good reason
    provisional: bool = False  # reaches past the bank holiday table
    explain: Callable[[], tuple[Because, ...]] = field(default=_nothing, compare=False, repr=False)

    @property
    def because(self) -> tuple[Because, ...]:
        """The reckoning, line by line; worked out only when asked for."""
        return self.explain()

    @property
    def keep_by(self) -> date | None:
        """The date to keep: the rule's, or an earlier one that the person was told."""
        return min(self.promised, self.due) if self.promised and self.due else self.due

    @property
    def is_owed(self) -> bool:
        return self.state in ("projected", "running", "paused", "overdue")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands now; a pure function of its procedure, events, calendar and the time."""

    stage: str
    state: Literal["open", "closed"]
    outcome: Outcome | None
    answered: tuple[str, ...]  # ids of stages that have had their final answer
    moves: tuple[str, ...]  # events that may happen next
    clocks: tuple[ClockStanding, ...]
    problems: tuple[str, ...]  # e.g. an extension that does not count; each wants a person

    @property
    def next_due(self) -> ClockStanding | None:
        """The unmet clock whose date, by the rule or by an earlier promise, comes first."""
        owed = [clock for clock in self.clocks if clock.is_owed and clock.due]
        return min(owed, key=lambda clock: (clock.keep_by or date.max, clock.id), default=None)

    def clock(self, id: str) -> ClockStanding:  # noqa: A002 - the field's own word
        """The clock with this id; KeyError if the procedure has none."""
        for clock in self.clocks:
            if clock.id == id:
                return clock
        raise KeyError(id)
