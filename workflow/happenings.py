"""What can happen to a case: the event names that move stages and clocks, one visible table each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a case: its name, the instant (aware), and what was written down with it."""

    name: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError(f"{self.name}: the time of an event needs a time zone")


# Events every procedure understands, and the data each may carry.
GENERAL: Mapping[str, str] = {
    "complaint.received": "a complaint reached us; body_kind where the limit depends on the kind of body",
    "complaint.withdrawn": "the person withdrew it",
    "complaint.refused": "we do not deal with it; reasons. May be followed by signposting",
    "complaint.refiled": "it was not a complaint (enquiry, praise, spam...); undone by complaint.reopened",
    "complaint.signposted": "told of the ombudsman; reason when going straight there",
    "complaint.closed": "nothing is left to do after an answer",
    "complaint.reopened": "back to where it was before it was closed, refused, withdrawn or re-filed",
    "received.corrected": "date: the day it truly arrived; every date counts from it",
    "request.refused": "a request for the next stage was refused; reasons",
    "clock.extended": "clock, and days (in the clock's own unit) or to (a date); reason; good_reason past a soft"
    " ceiling; agreed: list of {role, on}",
    "clock.promised": "clock, date: the date the person was told",
    "clock.paused": "clock, reason: one of the reasons the procedure allows",
    "clock.resumed": "clock",
    "letter.not_served": "undoes: the event whose letter never arrived; the duty it met is owed again",
}

# Events of one stage, written s1.acknowledged, s2.requested and so on. A new kind of step is one more line.
OF_A_STAGE: Mapping[str, str] = {
    "requested": "the person asked for this stage",
    "acknowledged": "acknowledged by a person, in writing; not the automatic receipt",
    "response_sent": "the answer was sent",
    "outcome_sent": "the outcome was sent",
    "adjudication_sent": "the investigation report and the adjudication on it were sent",
    "panel_held": "the review panel met",
    "findings_sent": "the panel's findings were sent; has_recommendations",
}

# How an explanation names the events that start clocks.
SPOKEN: Mapping[str, str] = {
    "complaint.received": "Complaint received",
    "requested": "Next stage asked for",
    "acknowledged": "Acknowledged",
    "response_sent": "Answer sent",
    "outcome_sent": "Outcome sent",
    "adjudication_sent": "Adjudication sent",
    "panel_held": "Panel held",
    "findings_sent": "Findings sent",
}


def spoken(name: str) -> str:
    """An event's name as a person would say it; the name itself where nobody has said how."""
    return SPOKEN.get(name) or SPOKEN.get(name.rpartition(".")[2], name)


# What ends a clock without meeting it.
ENDS: frozenset[str] = frozenset(
    {"complaint.withdrawn", "complaint.refused", "complaint.refiled", "complaint.signposted", "complaint.closed"}
)


def _has_recommendations(data: Mapping[str, Any]) -> bool:
    """Unless the findings say there are none, we owe a response."""
    return bool(data.get("has_recommendations", True))


# Conditions a clock may name in `when`; each looks at the data of the event that starts the clock.
CONDITIONS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "s3.has_recommendations": _has_recommendations,
}
