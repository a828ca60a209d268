"""One case as the check on the time-lapse follows it: what happened by the story, and so where each clock stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from app.demo.rules import OF_SERVICE, Rule, Rules


@dataclass(frozen=True)
class ClockState:
    """Where a clock should stand."""

    state: str
    due: date | None = None
    promised: date | None = None


@dataclass
class Followed:
    """A case of the story. `events` are those that count, by the day on which they happened."""

    name: str
    service: str
    address: str  # of the person, or their chat; empty when only post reaches them
    postal: str = ""
    stage: str = "s1"
    state: str = "open"
    handler: str | None = None
    events: dict[str, date] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)  # what events carried, such as has_recommendations
    longer: dict[str, date] = field(default_factory=dict)  # clock -> due as extended
    promised: dict[str, date] = field(default_factory=dict)  # clock -> the date that the person was told last
    ended: dict[str, date] = field(default_factory=dict)  # stage -> when work on it ended
    answered: set[str] = field(default_factory=set)
    asked_on: date | None = None  # a request for the next stage that waits
    to_post: str = ""  # the event of a letter that waits to be posted
    has_blocked: bool = False  # the chat at that address takes nothing from us
    colleagues: list[str] = field(default_factory=list)  # told that it concerns their work
    about: str = ""  # the member of staff whom it is about
    told: set[tuple[object, ...]] = field(default_factory=set)  # reminders and escalations sent already

    @property
    def rules(self) -> Rules:
        return OF_SERVICE[self.service]

    @property
    def reach(self) -> str:
        """Where letters to the person go; empty where nothing that we send by ourselves arrives."""
        return "" if self.has_blocked else self.address

    def rule(self, clock: str) -> Rule:
        return next(rule for rule in self.rules.clocks if rule.id == clock)

    def start(self, rule: Rule) -> date | None:
        if rule.only_if and rule.only_if not in self.words:
            return None
        return self.events.get(rule.starts)

    def due(self, rule: Rule) -> date | None:
        """When it is due; taken as started on the last day of the step before, where that has not been done."""
        if rule.id in self.longer:
            return self.longer[rule.id]
        start = self.start(rule) or self._foreseen(rule)
        return rule.limit(start) if start else None

    def stands(self, rule: Rule, today: date) -> ClockState:
        due = self.due(rule)
        if due is None:
            return ClockState("not_started")
        return ClockState(self._state(rule, due, today), due, self.promised.get(rule.id))

    def owing(self, today: date) -> Iterator[tuple[Rule, date, date]]:
        """The clocks neither met nor ended: each with the date to keep, if earlier promised, and the rule's."""
        for rule in self.rules.clocks:
            stands = self.stands(rule, today)
            if stands.due and stands.state in ("projected", "running", "overdue"):
                yield rule, min(stands.promised or stands.due, stands.due), stands.due

    def of_stage(self) -> list[Rule]:
        return [rule for rule in self.rules.clocks if rule.stage == self.stage]

    def _foreseen(self, rule: Rule) -> date | None:
        if rule.only_if:
            return None
        before = next((other for other in self.of_stage_of(rule) if other.stops == rule.starts), None)
        return self.due(before) if before else None

    def of_stage_of(self, rule: Rule) -> list[Rule]:
        return [other for other in self.rules.clocks if other.stage == rule.stage]

    def _state(self, rule: Rule, due: date, today: date) -> str:
        done = self.events.get(rule.stops)
        if done:
            return "met" if done <= due else "met_late"
        if rule.stage in self.ended:
            return "stopped"
        if today > due:
            return "overdue"
        return "running" if self.start(rule) else "projected"
