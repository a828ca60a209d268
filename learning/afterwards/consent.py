"""Whether someone agrees that their story is told: kept for each complaint, so that one person's yes is no other's."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import Case, Involvement, LessonCase, Participant

STORY = "story"


def tells_story(session: Session, case_id: int | None) -> bool:
    """Whether the story of this complaint may be told: someone on it agreed, and nobody took their yes back."""
    people = select(Participant.id).where(Participant.case_id == case_id)
    query = select(Involvement.participant_id, Involvement.withdrawn_at).where(
        col(Involvement.participant_id).in_(people), Involvement.way == STORY, col(Involvement.consent_at).is_not(None)
    )
    said = session.exec(query).all()
    agreeing = {who for who, withdrawn_at in said if withdrawn_at is None}
    return bool(said) and {who for who, _ in said} == agreeing


def storytellers(session: Session, lesson_id: int | None) -> Sequence[Case]:
    """The complaints behind a lesson whose story may be told."""
    linked = select(Case).join(LessonCase, col(LessonCase.case_id) == Case.id).where(LessonCase.lesson_id == lesson_id)
    asked = select(Participant.case_id).join(Involvement, col(Involvement.participant_id) == Participant.id)
    linked = linked.where(col(Case.id).in_(asked.where(Involvement.way == STORY)))
    return [case for case in session.exec(linked.order_by(col(Case.id))).all() if tells_story(session, case.id)]
