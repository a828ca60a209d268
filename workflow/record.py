"""Writing down what happened to a case: the event and all that follows from it, in one act."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import Case, Event
from workflow import bodies
from workflow import procedure as procedures
from workflow.asked import with_request
from workflow.clocks import evaluate
from workflow.definition import Procedure
from workflow.happenings import ENDS, Happening
from workflow.office import Act
from workflow.projection import project
from workflow.standing import Standing
from workflow.working_days import Calendar, calendar_for


def write_down(
    act: Act,
    case: Case,
    name: str,
    *,
    at: datetime | None = None,
    because: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Record an event and bring the case up to date. Raises stages.IllegalMove if the procedure forbids it now."""
    event = note(act, case, name, at=at, because=because, data=data)
    bring_up_to_date(act.session, case, act.now)
    return event


def note(
    act: Act,
    case: Case,
    name: str,
    *,
    at: datetime | None = None,
    because: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Record an event that moves neither stage nor clock, such as a conversation."""
    assert case.id is not None
    event = Event(
        case_id=case.id,
        name=name,
        at=at or act.now,
        recorded_at=act.now,
        by_staff_id=act.by.staff_id,
        by=act.by.name,
        because=because,
        data=dict(data or {}),
    )
    act.session.add(event)
    return event


def bring_up_to_date(session: Session, case: Case, now: datetime) -> Standing:
    """Evaluate the case, locked, and rewrite what is projected from its events: stage, deadlines, reminders."""
    case = lock(session, case.id)
    procedure = procedures.load(case.procedure)
    told = happenings(session, case, procedure)
    standing = standing_by(session, case, procedure, told, now)
    ends = (happening.at for happening in told if happening.name in ENDS)
    case.closed_at = max(ends, default=None) if standing.state == "closed" else None
    project(session, case, standing, now)
    return standing


def lock(session: Session, case_id: int | None) -> Case:
    """The case, read anew, and nobody else's to change until this transaction ends. Lock it before any row of its own.

    Two that evaluate a case side by side would each miss the other's events, and the last would write an old standing.
    """
    return session.exec(_locking(case_id)).one()


def lock_if_free(session: Session, case_id: int | None) -> Case | None:
    """As `lock`, but None at once where another has the case: who holds several must never wait for one."""
    return session.exec(_locking(case_id, skip_locked=True)).first()


def _locking(case_id: int | None, *, skip_locked: bool = False) -> SelectOfScalar[Case]:
    # Without `key_share`, rows that name the case, just written by another, would stand in the way.
    query = select(Case).where(Case.id == case_id).with_for_update(key_share=True, skip_locked=skip_locked)
    return query.execution_options(populate_existing=True)


def standing_of(session: Session, case: Case, now: datetime) -> Standing:
    """Where the case stands by its procedure, its events and its calendar; changes nothing."""
    procedure = procedures.load(case.procedure)
    return standing_by(session, case, procedure, happenings(session, case, procedure), now)


def standing_by(session: Session, case: Case, procedure: Procedure, told: list[Happening], now: datetime) -> Standing:
    """The same, of events that were read already."""
    calendar = calendar_of(session, case)
    return with_request(session, case, procedure, told, calendar, evaluate(procedure, told, calendar, now), now)


def happenings(session: Session, case: Case, procedure: Procedure) -> list[Happening]:
    """The case's events that its procedure counts by, in the order in which they happened."""
    rows = session.exec(select(Event).where(Event.case_id == case.id).order_by(col(Event.at), col(Event.id)))
    return [Happening(row.name, row.at, row.data) for row in rows if row.name in procedure.events]


def calendar_of(session: Session, case: Case) -> Calendar:
    """The working days of the nation that the case's organisation is in."""
    return calendar_for(bodies.organisation(session, case.organisation_id).nation)
