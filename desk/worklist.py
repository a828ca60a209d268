"""The open cases in the order in which they need someone: urgent first, then by the date that comes first."""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, literal_column, or_
from sqlmodel import Session, col, select

from desk.sight import Sight
from storage.tables import Case

PAGE = 25
WHICH = ("services", "mine", "unassigned")

# A database uses an index over open cases only where the query says "open" in so many words.
OPEN = col(Case.state) == literal_column("'open'")
URGENT, CALM = col(Case.urgent_at).is_not(None), col(Case.urgent_at).is_(None)
DATED, UNDATED = col(Case.next_due).is_not(None), col(Case.next_due).is_(None)
PARTS: tuple[tuple[str, tuple[ColumnElement[bool], ...], tuple[str, ...]], ...] = (
    ("urgent", (URGENT,), ("id",)),
    ("dated", (CALM, DATED), ("next_due", "id")),
    ("undated", (CALM, UNDATED), ("id",)),
)


@dataclass(frozen=True)
class Place:
    """Where a page of the list begins: after this case, in this part of it."""

    part: str = "urgent"
    due: datetime | None = None
    case_id: int = 0

    def __str__(self) -> str:
        return f"{self.part}_{int(self.due.timestamp()) if self.due else 0}_{self.case_id}"


@dataclass(frozen=True)
class Page:
    """Some cases, and where the next ones begin."""

    cases: Sequence[Case]
    onward: Place | None


def page(session: Session, me: Sight, which: str, start: Place, *, most: int = PAGE) -> Page:
    """The next cases of the list, read from the indexes; no page costs more than the first."""
    found: list[tuple[str, Case]] = []
    names = [name for name, _, _ in PARTS]
    for name, conditions, order in PARTS[names.index(start.part) :]:
        after = start if name == start.part else Place(name)
        wanted = most + 1 - len(found)
        found += [(name, case) for case in _part(session, me, which, conditions, order, after, wanted)]
        if len(found) > most:
            last = found[most - 1]
            return Page([case for _, case in found[:most]], _place_of(*last))
    return Page([case for _, case in found], None)


def place(words: str) -> Place:
    """A place as its address names it; the beginning of the list for anything else."""
    part, _, rest = words.partition("_")
    seconds, _, case_id = rest.partition("_")
    is_ours = part in {name for name, _, _ in PARTS} and _is_number(seconds) and _is_number(case_id)
    if not is_ours or (part == "dated" and seconds == "0"):
        return Place()
    return Place(part, datetime.fromtimestamp(int(seconds), UTC) if part == "dated" else None, int(case_id))


def by_service(me: Sight, first_of: Callable[[int], Iterable[Any]], key: Callable[[Any], Any], most: int) -> list[Any]:
    """The first rows over several services: an index orders each service by itself, so they are merged here."""
    return list(heapq.merge(*(first_of(service) for service in me.services), key=key))[:most]


def _part(
    session: Session,
    me: Sight,
    which: str,
    conditions: Iterable[ColumnElement[bool]],
    order: tuple[str, ...],
    after: Place,
    most: int,
) -> list[Case]:
    columns = [getattr(Case, name) for name in order]
    query = select(Case).where(OPEN, *conditions, me.not_about_me(), _after(after)).order_by(*columns)
    query = query.limit(most)
    if which == "mine":
        mine = query.where(Case.handler_id == me.staff_id, col(Case.service_id).in_(me.services))
        return list(session.exec(mine))
    if which == "unassigned":
        query = query.where(col(Case.handler_id).is_(None))

    def key(case: Case) -> tuple[Any, ...]:
        return tuple(getattr(case, name) for name in order)

    return by_service(me, lambda service: session.exec(query.where(Case.service_id == service)).all(), key, most)


def _after(after: Place) -> ColumnElement[bool]:
    if after.due is None:
        return col(Case.id) > after.case_id
    due, id_ = col(Case.next_due), col(Case.id)
    return and_(due >= after.due, or_(due > after.due, id_ > after.case_id))


def _place_of(part: str, case: Case) -> Place:
    return Place(part, case.next_due if part == "dated" else None, case.id or 0)


def _is_number(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and len(digits) <= 11
