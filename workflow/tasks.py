"""Tasks: what a person must do that no clock asks for, in the worklist until done."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from storage.tables import Case, Task
from workflow.office import Act


def add(
    act: Act,
    case: Case | None,
    kind: str,
    key: str,
    text: str,
    data: Mapping[str, Any] | None = None,
    *,
    service_id: int | None = None,
) -> Task:
    """Add a task, once for each key; a task that is there already is left as it is.

    A task without a case is a service's, or an administrator's; `data["page"]` is then the page where it is done.
    """
    existing = with_key(act, key)
    if existing:
        return existing[0]
    task = Task(
        key=key,
        case_id=case.id if case else None,
        service_id=case.service_id if case else service_id,
        kind=kind,
        text=text,
        data=dict(data or {}),
        created_at=act.now,
    )
    act.session.add(task)
    act.session.flush()
    return task


def with_key(act: Act, key: str) -> list[Task]:
    """The task with this key, open or done, if there is one."""
    return list(act.session.exec(select(Task).where(Task.key == key)))


def finish(act: Act, case: Case, kind: str) -> list[Task]:
    """Mark the open tasks of a kind on a case as done; gives those that were open."""
    open_ones = of_case(act, case, kind)
    for task in open_ones:
        task.done_at = act.now
        act.session.add(task)
    return open_ones


def of_case(act: Act, case: Case, kind: str) -> list[Task]:
    """The open tasks of one kind on a case, oldest first."""
    return [task for task in open_of(act, case) if task.kind == kind]


def open_of(act: Act, case: Case) -> list[Task]:
    """The open tasks of a case, oldest first."""
    query = select(Task).where(Task.case_id == case.id, col(Task.done_at).is_(None))
    return list(act.session.exec(query.order_by(col(Task.id))))
