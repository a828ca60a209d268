"""Writing down what happened to a lesson, its plan or an action: who, when and why, in the act's transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from storage.tables import Action, LearningEvent, Lesson
from workflow.office import Act


def note(
    act: Act,
    lesson_id: int,
    name: str,
    *,
    action: Action | None = None,
    because: str = "",
    data: Mapping[str, Any] | None = None,
) -> LearningEvent:
    """Record that something happened; events are never changed and never deleted."""
    event = LearningEvent(
        lesson_id=lesson_id,
        action_id=action.id if action else None,
        name=name,
        at=act.now,
        by_staff_id=act.by.staff_id,
        by=act.by.name,
        because=because,
        data=dict(data or {}),
    )
    act.session.add(event)
    return event


def events(
    session: Session, lesson_id: int, *, action_id: int | None = None, after: int = 0
) -> Sequence[LearningEvent]:
    """What happened to a lesson, or to one of its actions alone, in order; only what came after event `after`."""
    query = select(LearningEvent).where(LearningEvent.lesson_id == lesson_id, col(LearningEvent.id) > after)
    if action_id is not None:
        query = query.where(LearningEvent.action_id == action_id)
    return session.exec(query.order_by(col(LearningEvent.id))).all()


def lock(session: Session, lesson_id: int) -> Lesson:
    """The lesson, read anew, and with its plan and actions nobody else's to change until this transaction ends."""
    query = select(Lesson).where(Lesson.id == lesson_id).with_for_update(key_share=True)
    return session.exec(query.execution_options(populate_existing=True)).one()
