"""Leaders' decisions in the worklist: where they stand among the cases, and whose list they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from desk.sight import Sight
from desk.worklist import Page, Place
from storage.tables import Review, Staff
from workflow.working_days import late_from, london


@dataclass(frozen=True)
class ReviewRow:
    """One decision in a list."""

    number: int
    question: str
    decision: str
    due: date
    is_late: bool
    days_late: int
    owner: str
    is_review: bool = True


def beside(session: Session, me: Sight, which: str, start: Place, page: Page) -> list[Review]:
    """The open decisions whose dates come between the first and the last case of a page of the worklist."""
    onward = page.onward
    if start.part == "undated" or (onward and onward.part == "urgent"):
        return []
    open_ones = select(Review).where(col(Review.done_at).is_(None), _of(me, which)).order_by(col(Review.due))
    after, until = start.due, onward.due if onward else None
    return [
        one
        for one in session.exec(open_ones).all()
        if (after is None or late_from(one.due) > after) and (until is None or late_from(one.due) <= until)
    ]


def rows(session: Session, found: Sequence[Review], now: datetime) -> list[ReviewRow]:
    """The decisions with the names of those who see to them."""
    owners = select(Staff.id, Staff.name).where(col(Staff.id).in_({one.owner_id for one in found}))
    names = dict(session.exec(owners).all())
    return [_row(one, names.get(one.owner_id, ""), london(now)) for one in found]


def _row(one: Review, owner: str, today: date) -> ReviewRow:
    late = max((today - one.due).days, 0)
    return ReviewRow(one.id or 0, one.question, one.decision, one.due, late > 0, late, owner)


def _of(me: Sight, which: str) -> ColumnElement[bool]:
    """Those one sees to, or covers for; those one took, and a leader's body's; or those of who left."""
    mine = col(Review.owner_id).in_(owners_for(me))
    if which == "mine":
        return mine
    home = select(Staff.organisation_id).where(Staff.id == me.staff_id, Staff.role == "leader")
    ours = or_(col(Review.organisation_id).in_(home), col(Review.decided_by_id) == me.staff_id)
    left = select(Staff.id).where(col(Staff.disabled_at).is_not(None))
    return ours & col(Review.owner_id).in_(left) if which == "unassigned" else or_(mine, ours)


def owners_for(me: Sight) -> Any:
    """Themselves, and those for whom they cover."""
    return select(Staff.id).where(or_(col(Staff.id) == me.staff_id, col(Staff.cover_id) == me.staff_id))
