"""Tasks that no clock asks for, oldest first, of the services that someone sees."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from desk.sight import Sight
from desk.worklist import by_service
from storage.tables import Case, Task

MOST = 50


@dataclass(frozen=True)
class Todo:
    """A task, and the case it belongs to."""

    text: str
    since: datetime
    reference: str
    is_urgent: bool
    page: str = ""  # where it is done, if not at a case


def todo(session: Session, me: Sight, *, mine_only: bool = False, most: int = MOST) -> list[Todo]:
    """The oldest open tasks; those of an installation, which have no case, are for administrators."""
    found = by_service(me, lambda service: session.exec(_of(me, service, mine_only, most)).all(), _by_age, most)
    tasks = [Todo(task.text, task.created_at, case.reference, case.urgent_at is not None) for task, case in found]
    if mine_only:
        return tasks
    alone = [] if me.role != "administrator" else _of_nobody(session, most)
    return [*map(_without_case, alone), *map(_without_case, _of_services(session, me, most)), *tasks]


def _of(me: Sight, service: int, mine_only: bool, most: int) -> Any:
    query = select(Task, Case).join(Case, col(Task.case_id) == Case.id)
    query = query.where(Task.service_id == service, col(Task.done_at).is_(None), *me.rules())
    if mine_only:
        query = query.where(Case.handler_id == me.staff_id)
    return query.order_by(col(Task.created_at), col(Task.id)).limit(most)


def _of_nobody(session: Session, most: int) -> Iterable[Task]:
    query = select(Task).where(col(Task.service_id).is_(None), col(Task.case_id).is_(None), col(Task.done_at).is_(None))
    return session.exec(query.order_by(col(Task.created_at)).limit(most))


def _of_services(session: Session, me: Sight, most: int) -> Iterable[Task]:
    """Tasks of one's services that belong to no case, such as a lesson to learn."""
    query = select(Task).where(col(Task.service_id).in_(me.services), col(Task.case_id).is_(None))
    return session.exec(query.where(col(Task.done_at).is_(None)).order_by(col(Task.created_at)).limit(most))


def _without_case(task: Task) -> Todo:
    return Todo(task.text, task.created_at, "", False, str(task.data.get("page", "")))


def _by_age(row: tuple[Task, Case]) -> tuple[datetime, int]:
    return row[0].created_at, row[0].id or 0
