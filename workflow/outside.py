"""Writing down what happened to other insight, a feed that we follow or a stakeholder: who, when and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from storage.tables import OutsideEvent
from workflow.office import Act

INSIGHT, FEED, STAKEHOLDER = "insight", "feed", "stakeholder"


def note(
    act: Act, about: str, about_id: int | None, name: str, *, because: str = "", data: Mapping[str, Any] | None = None
) -> None:
    """Record that something happened, in the act's transaction; events are never changed and never deleted."""
    event = OutsideEvent(
        about=about,
        about_id=about_id or 0,
        name=f"{about}.{name}",
        at=act.now,
        by_staff_id=act.by.staff_id,
        by=act.by.name,
        because=because,
        data=dict(data or {}),
    )
    act.session.add(event)


def happened(session: Session, about: str, ids: Iterable[int | None]) -> Mapping[int, Sequence[OutsideEvent]]:
    """What happened to each of these, the latest first."""
    query = select(OutsideEvent).where(OutsideEvent.about == about, col(OutsideEvent.about_id).in_(set(ids)))
    found: dict[int, list[OutsideEvent]] = defaultdict(list)
    for event in session.exec(query.order_by(col(OutsideEvent.id).desc())):
        found[event.about_id].append(event)
    return found
