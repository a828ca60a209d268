"""The parts of a published procedure, frozen: stages, clocks, letters, and who must agree to what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeVar

Unit = Literal["working_days", "calendar_days", "weeks", "months"]


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in the rule's own unit; negative means before."""

    unit: Unit
    number: int

    def __str__(self) -> str:
        words = self.unit.replace("_", " ")
        return f"{self.number} {words[:-1] if abs(self.number) == 1 else words}"


@dataclass(frozen=True, slots=True)
class NudgeRule:
    """When, counted from the due date, whom to remind (before, on the day) or to escalate to (after)."""

    at: Span
    to: tuple[str, ...]
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """How a clock may be given longer: `add` to the date due, or `to_total` from the start, or to a date agreed."""

    add: Span | None = None
    to_total: Span | None = None
    times: int | None = None
    agree: tuple[str, ...] = ()  # roles that must consent
    notify: tuple[str, ...] = ()  # roles that are only told
    before_expiry: bool = False
    reason_required: bool = False
    soft_ceiling: bool = False  # going past it needs a good reason, and is counted apart
    letter: str | None = None
    must_contain: tuple[str, ...] = ()
    update_interval: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline: what starts it, how long it runs, what stops it, and who hears of it."""

    id: str
    stage: str
    title: str
    start: str
    stop: tuple[str, ...]
    limit: Span
    limit_by: Mapping[str, Span] = field(default_factory=dict)  # kind of body -> limit
    when: str | None = None  # a named condition, see happenings.CONDITIONS
    stop_requires: tuple[str, ...] = ()
    pause: tuple[str, ...] = ()  # reasons, or event names, that may stop the clock for a while
    resume: tuple[str, ...] = ()
    count: Literal["after", "commencing"] = "after"
    roll: Literal["none", "next_working_day"] = "none"
    expiry_opens: str | None = None
    source: str = ""
    extensions: tuple[Extension, ...] = ()
    reminders: tuple[NudgeRule, ...] = ()
    escalations: tuple[NudgeRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as a checklist; its words live in templates."""

    id: str
    on: str
    must_contain: tuple[str, ...] = ()
    attach: tuple[str, ...] = ()
    plain_language: bool = False
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a procedure; kind is pre, internal, independent or ombudsman."""

    id: str
    kind: Literal["pre", "internal", "independent", "ombudsman"]
    title: str
    entry: tuple[str, ...] = ()
    handler: Mapping[str, Any] = field(default_factory=dict)
    optional: bool = False
    reasons_required: bool = False
    panel: Mapping[str, Any] = field(default_factory=dict)
    new_issue: Mapping[str, Any] = field(default_factory=dict)
    close: Mapping[str, Any] = field(default_factory=dict)
    body: str | None = None  # of an ombudsman stage ...
    body_by_organisation: Mapping[str, str] = field(default_factory=dict)  # ... and where another one looks into ours
    joint_with: tuple[str, ...] = ()
    clocks: tuple[Clock, ...] = ()
    letters: tuple[Letter, ...] = ()

    @property
    def is_worked(self) -> bool:
        """True where we, or a panel we hold, owe an answer."""
        return self.kind in ("internal", "independent")


Part = TypeVar("Part", Stage, Clock, Letter)


@dataclass(frozen=True, slots=True, eq=False)  # compared and hashed by identity: one object per version
class Procedure:
    """A published procedure and version; `hash` covers the rules, not the comments."""

    id: str
    title: str
    valid_from: date
    valid_to: date | None
    binding: str
    calendar: str  # nation
    non_working: tuple[str, ...]
    receipt_cutoff: str | None  # "17:00": later contacts count from the next working day; None: same day
    roles: tuple[str, ...]
    max_stages: int | None
    sources: tuple[str, ...]
    checked_on: date
    hash: str
    stages: tuple[Stage, ...]
    outcomes: tuple[Mapping[str, Any], ...]
    exclusions: tuple[Mapping[str, Any], ...]
    advocacy: Mapping[str, Any]
    remedy: Mapping[str, Any]
    raw: Mapping[str, Any]
    events: frozenset[str]  # every event name this procedure understands, with the general ones

    @property
    def clocks(self) -> tuple[Clock, ...]:
        return tuple(clock for stage in self.stages for clock in stage.clocks)

    @property
    def letters(self) -> tuple[Letter, ...]:
        return tuple(letter for stage in self.stages for letter in stage.letters)

    @property
    def worked_stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages if stage.is_worked)

    def stage(self, id: str) -> Stage:  # noqa: A002 - the field's own word
        """The stage with this id; KeyError if there is none."""
        return _one(self.stages, id)

    def clock(self, id: str) -> Clock:  # noqa: A002 - the field's own word
        """The clock with this id; KeyError if there is none."""
        return _one(self.clocks, id)

    def letter(self, id: str) -> Letter:  # noqa: A002 - the field's own word
        """The letter with this id; KeyError if there is none."""
        return _one(self.letters, id)

    def letter_on(self, event_name: str) -> Letter | None:
        """The letter whose sending is this event, if any."""
        return next((letter for letter in self.letters if letter.on == event_name), None)

    def knows(self, event_name: str) -> bool:
        """True where `clocks.evaluate` understands this event; other events of a case are only its story."""
        return event_name in self.events


def _one(parts: tuple[Part, ...], wanted: str) -> Part:
    for part in parts:
        if part.id == wanted:
            return part
    raise KeyError(wanted)
