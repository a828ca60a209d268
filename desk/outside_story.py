"""What happened to other insight, to feeds and to stakeholders, as their pages tell it: who, when and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from learning.beyond.insight_words import word
from storage.tables import OutsideEvent
from workflow import outside


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    what: str
    because: str
    when: datetime
    recorded: datetime
    by: str


def histories(session: Session, about: str, ids: Iterable[int | None]) -> Mapping[int, Sequence[Line]]:
    """For each of these, what happened to it, the latest first; empty for one that is older than this record."""
    found = outside.happened(session, about, ids)
    return {id_: [_line(one) for one in events] for id_, events in found.items()}


def _line(event: OutsideEvent) -> Line:
    return Line(word("happened", event.name, **event.data), event.because, event.at, event.at, event.by)
