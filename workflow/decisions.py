"""What each stage decided on the heads of a complaint: kept in the events; a head itself has the last of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import Case, Event, Head
from workflow.office import Act
from workflow.record import note

DECIDED = "head.decided"


@dataclass(frozen=True)
class Decision:
    """What one stage decided on one head."""

    head: int
    text: str
    stage: str
    outcome: str
    reasons: str
    remedy: str
    remedy_kind: str | None
    remedy_pence: int | None
    decided_at: datetime


def write_decision(act: Act, case: Case, head: Head) -> Event:
    """Put what a head now says into the case's story: the next stage may decide it otherwise."""
    data = {"head": head.id, "text": head.text, "stage": head.stage, "outcome": head.outcome, "remedy": head.remedy,
            "remedy_kind": head.remedy_kind, "remedy_pence": head.remedy_pence}  # fmt: skip
    return note(act, case, DECIDED, because=head.reasons, data=data)


def decisions_of(session: Session, case: Case) -> list[Decision]:
    """Every decision on every head of a case, in the order in which they were made, that says what was decided."""
    query = select(Event).where(Event.case_id == case.id, Event.name == DECIDED)
    events = session.exec(query.order_by(col(Event.at), col(Event.id)))
    return [_decision(event) for event in events if "text" in event.data]  # without, by an earlier version of ours


def replaced(head: Head, decisions: Sequence[Decision]) -> Sequence[Decision]:
    """The decisions on this head that it no longer has itself, the latest first."""
    of_it = [one for one in decisions if one.head == head.id]
    return of_it[-2::-1]


def _decision(event: Event) -> Decision:
    said = event.data
    return Decision(
        head=said["head"],
        text=said["text"],
        stage=said["stage"],
        outcome=said["outcome"],
        reasons=event.because,
        remedy=said["remedy"],
        remedy_kind=said["remedy_kind"],
        remedy_pence=said["remedy_pence"],
        decided_at=event.at,
    )
