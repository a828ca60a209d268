"""What happened to a leader's decision, written down; and its words as they may be mailed."""

from sqlmodel import Session, select

from learning.lesson.told import Behind, behind_question
from storage.tables import Review, ReviewEvent
from workflow.office import Act


def note(act: Act, review: Review, name: str, data: dict[str, object], because: str = "") -> None:
    """Write down what happened to a decision: events are never changed and never deleted."""
    act.session.add(ReviewEvent(review_id=review.id or 0, name=name, at=act.now, by_staff_id=act.by.staff_id,
                                by=act.by.name, because=because, data=data))  # fmt: skip


def answered_by(session: Session, review: Review) -> str:
    """The key of the question that a decision answers; empty where no digest asked it."""
    query = select(ReviewEvent.data).where(ReviewEvent.review_id == review.id, ReviewEvent.name == "review.taken")
    return str((session.exec(query).first() or {}).get("answers", ""))


def about(session: Session, review: Review) -> Behind:
    """Who is behind what a decision answers."""
    return behind_question(session, answered_by(session, review))


def unnamed(session: Session, review: Review) -> Review:
    """The decision as it may be mailed: without names that became known after it was written. Nothing is changed."""
    who = about(session, review)
    words = {part: who.out_of(getattr(review, part)) for part in ("question", "decision", "outcome")}
    return Review(**{**review.model_dump(), **words})
