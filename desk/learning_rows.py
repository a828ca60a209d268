"""How an action looks in a list, and where it stands in the worklist: among the cases, by the date that comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from desk.rows import Row
from desk.sight import Sight
from desk.worklist import Page, Place
from learning.words import word
from storage.tables import Action, ActionPlan, Lesson, Service, Staff
from workflow.working_days import london

MOST = 200


@dataclass(frozen=True)
class ActionRow:
    """One action in a list."""

    number: int
    lesson: int
    title: str
    what: str
    state: str
    step: str
    due: date | None
    is_late: bool
    days_late: int
    owner: str
    service: str
    is_action: bool = True


def rows(session: Session, actions: Sequence[Action], now: datetime) -> list[ActionRow]:
    """The actions with the names that their numbers stand for."""
    services = dict(session.exec(select(Service.id, Service.name)).all())
    owners = {one.owner_id for one in actions}
    staff = dict(session.exec(select(Staff.id, Staff.name).where(col(Staff.id).in_(owners))).all())
    plans = select(ActionPlan.id, Lesson.id, Lesson.title).join(Lesson)
    found = session.exec(plans.where(col(ActionPlan.id).in_({one.plan_id for one in actions})))
    lessons = {plan: (lesson or 0, title) for plan, lesson, title in found}
    return [_row(one, lessons[one.plan_id], services, staff.get(one.owner_id, one.team), now) for one in actions]


def among(cases: list[Row], others: Sequence[Any]) -> list[Any]:
    """Cases, actions and decisions in one list: urgent cases first, then by date, then what has none."""
    return sorted([*cases, *others], key=_order)


def beside(session: Session, me: Sight, which: str, start: Place, page: Page) -> list[Action]:
    """The actions that fall due between the first and the last case of a page of the worklist."""
    onward = page.onward
    if start.part == "undated" or (onward and onward.part == "urgent"):
        return []
    query = select(Action).where(col(Action.next_due).is_not(None), _of(me, which))
    if start.due is not None:
        query = query.where(col(Action.next_due) > start.due)
    if onward is not None and onward.due is not None:
        query = query.where(col(Action.next_due) <= onward.due)
    return list(session.exec(query.order_by(col(Action.next_due), col(Action.id)).limit(MOST)))


def _of(me: Sight, which: str) -> ColumnElement[bool]:
    """One's own and those one covers for; or all of one's services; or those that nobody who is here answers for."""
    covered = select(Staff.id).where(Staff.cover_id == me.staff_id)
    mine = or_(col(Action.owner_id) == me.staff_id, col(Action.owner_id).in_(covered))
    if which == "mine":
        return mine
    of_services = col(Action.service_id).in_(me.services)
    left = select(Staff.id).where(col(Staff.disabled_at).is_not(None))
    nobodys = or_(col(Action.owner_id).is_(None), col(Action.owner_id).in_(left))
    return of_services & nobodys if which == "unassigned" else or_(mine, of_services)


def _order(row: Any) -> tuple[int, date]:
    if getattr(row, "is_urgent", False):
        return 0, date.min
    return (1, row.due) if row.due else (2, date.min)


def _row(
    action: Action, lesson: tuple[int, str], services: dict[int | None, str], owner: str, now: datetime
) -> ActionRow:
    due = london(action.next_due) - timedelta(days=1) if action.next_due else None  # late from the midnight after
    is_late = action.next_due is not None and action.next_due <= now
    return ActionRow(
        action.id or 0,
        *lesson,
        action.what,
        word("state", action.state),
        word("step", action.next_step) if action.next_step else "",
        due,
        is_late,
        (london(now) - due).days if due and is_late else 0,
        owner,
        services.get(action.service_id, ""),
    )
