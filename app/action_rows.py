"""Actions of lessons as plain rows, for the command line."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.commands.foreseen import Unknown
from storage.tables import Action, ActionPlan, Lesson, Service, Staff
from workflow.working_days import london

# What fits beside each other on a terminal of 80 columns; `--json` has all.
COLUMNS = ("action", "state", "next", "due", "late", "owner")


def actions(session: Session, now: datetime, *, late: bool, service: str | None, most: int) -> list[dict[str, Any]]:
    """Actions by the date that comes first, as `redress actions list --json` prints them.

    `late` are those whose next date has passed. Raises Unknown for a service that is not there.
    """
    query = select(Action, Lesson, Service.slug, Staff.email).join(ActionPlan, col(Action.plan_id) == ActionPlan.id)
    query = query.join(Lesson, col(ActionPlan.lesson_id) == Lesson.id).join(
        Service, col(Action.service_id) == Service.id
    )
    query = query.join(Staff, col(Action.owner_id) == Staff.id, isouter=True)
    if late:
        query = query.where(col(Action.next_due) <= now)
    if service is not None:
        query = query.where(Action.service_id == _service(session, service))
    order = (col(Action.next_due).is_(None), col(Action.next_due), col(Action.id))
    found = session.exec(query.order_by(*order).limit(most))
    return [_row(action, lesson, slug, owner, now) for action, lesson, slug, owner in found]


def _row(action: Action, lesson: Lesson, service: str, owner: str | None, now: datetime) -> dict[str, Any]:
    return {
        "action": action.id,
        "state": action.state,
        "next": action.next_step,
        "due": london(action.next_due) - timedelta(days=1) if action.next_due else None,  # late from the midnight after
        "late": action.next_due is not None and action.next_due <= now,
        "owner": owner or action.team,
        "service": service,
        "what": action.what,
        "lesson": lesson.id,
        "title": lesson.title,
        "starts": action.starts,
        "completes": action.completes,
        "evidence": action.evidence,
        "result": action.result,
    }


def _service(session: Session, slug: str) -> int:
    found = session.exec(select(Service.id).where(Service.slug == slug)).first()
    if found is None:
        raise Unknown(f"There is no service {slug}. See: redress service list")
    return found
