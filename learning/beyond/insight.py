"""Other insight: what compliments, claims, surveys, advocates and others tell of our services, beside complaints."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from storage.tables import Insight
from workflow import outside
from workflow.office import Act

KINDS = ("compliment", "claim", "staff_survey", "advocacy", "social_media", "grievance", "whistleblowing")
RESTRICTED = ("grievance", "whistleblowing")  # who spoke up can be known by what was said: leaders alone see these


@dataclass(frozen=True)
class Told:
    """One piece of insight, as a form or a row of a file gives it; `pence` of a claim."""

    kind: str
    on_day: date
    organisation_id: int
    service_id: int | None = None
    subject: str | None = None
    text: str = ""
    how_many: int = 1
    pence: int | None = None
    source: str = ""
    key: str | None = None  # what makes it the same one when it is told again


@dataclass(frozen=True)
class Seen:
    """Which insight someone may see: of these organisations and services; the restricted kinds if they lead."""

    organisations: Collection[int]
    services: Collection[int]
    leads: bool = False

    def rules(self) -> list[ColumnElement[bool]]:
        """The conditions that every query for insight must carry."""
        ours = or_(
            col(Insight.service_id).in_(self.services),
            col(Insight.service_id).is_(None) & col(Insight.organisation_id).in_(self.organisations),
        )
        return [ours] if self.leads else [ours, col(Insight.kind).not_in(RESTRICTED)]


@dataclass(frozen=True)
class Sum:
    """One kind of insight over a time: how much of it, and what claims came to in pence."""

    kind: str
    how_many: int
    pence: int


def enter(act: Act, told: Told) -> Insight | None:
    """Keep it, with who entered it and when. None: the same one, by its key, is there already."""
    if told.key and act.session.exec(select(Insight.id).where(Insight.key == told.key)).first() is not None:
        return None
    row = Insight(**vars(told), entered_by_id=act.by.staff_id, entered_at=act.now)
    act.session.add(row)
    act.session.flush()
    outside.note(act, outside.INSIGHT, row.id, "entered")
    return row


def listed(session: Session, seen: Seen, *, kind: str = "", before: int = 0, most: int = 50) -> Sequence[Insight]:
    """The latest that this person may see, of one kind if said; `before`: only those with a lower number."""
    query = select(Insight).where(*seen.rules())
    if kind:
        query = query.where(Insight.kind == kind)
    if before:
        query = query.where(col(Insight.id) < before)
    return session.exec(query.order_by(col(Insight.id).desc()).limit(most)).all()


def summed(session: Session, seen: Seen, start: date, end: date) -> list[Sum]:
    """Each kind that there is from `start` to `end`, both London days and both counted, in the order of KINDS."""
    sums = (Insight.kind, func.sum(Insight.how_many), func.sum(Insight.pence))
    query = select(*sums).where(*seen.rules(), Insight.on_day >= start, Insight.on_day <= end)
    rows = [
        Sum(kind, int(many or 0), int(pence or 0)) for kind, many, pence in session.exec(query.group_by(Insight.kind))
    ]
    return sorted(rows, key=lambda row: KINDS.index(row.kind))
