"""Whether someone is satisfied that what was done will keep others from the same: a "no" goes to a person."""

from sqlmodel import Session, col, select

from learning.afterwards import changes
from learning.record import note
from storage.tables import Case, LearningEvent, Participant, UpdateSent
from workflow import record, tasks
from workflow.office import Act

LONGEST = 5_000  # characters of why


def is_asked(session: Session, participant: Participant) -> bool:
    """Whether they were told what changed because of them: from then on they are asked."""
    query = select(UpdateSent.id).where(UpdateSent.participant_id == participant.id, UpdateSent.kind == "changed")
    return session.exec(query).first() is not None


def said(session: Session, participant: Participant) -> bool | None:
    """What they answered last; None as long as they have not."""
    query = select(UpdateSent.facts).where(UpdateSent.participant_id == participant.id, UpdateSent.kind == "changed")
    facts = session.exec(query.order_by(col(UpdateSent.id).desc()).limit(1)).first() or {}
    return facts.get("satisfied")


def answer(act: Act, participant: Participant, is_satisfied: bool, why: str = "") -> None:
    """Record their answer with the lessons and on the case. Saying the same again records nothing more."""
    case = record.lock(act.session, participant.case_id)
    query = select(UpdateSent).where(UpdateSent.participant_id == participant.id, UpdateSent.kind == "changed")
    sent = act.session.exec(query.order_by(col(UpdateSent.id).desc()).limit(1)).first()
    if sent is None or (sent.facts.get("satisfied"), sent.facts.get("why", "")) == (is_satisfied, why):
        return
    sent.facts = {**sent.facts, "satisfied": is_satisfied, "why": why}
    act.session.add(sent)
    name = "person.satisfied" if is_satisfied else "person.not_satisfied"
    event = record.note(act, case, name, because=why, data={"participant": participant.id})
    act.session.flush()
    for plan in changes.plans_of(act.session, case.id or 0):
        note(act, plan.lesson_id, name, because=why, data={"case": case.reference})
    if not is_satisfied:
        _tell_a_person(act, case, event.id, why)


def counted(session: Session, lesson_id: int) -> dict[bool, int]:
    """How many of a lesson's people are satisfied, and how many are not; the last answer on each case counts."""
    query = select(LearningEvent).where(
        LearningEvent.lesson_id == lesson_id,
        col(LearningEvent.name).in_(("person.satisfied", "person.not_satisfied")),
    )
    last = {event.data["case"]: event.name for event in session.exec(query.order_by(col(LearningEvent.id)))}
    return {yes: sum((name == "person.satisfied") is yes for name in last.values()) for yes in (True, False)}


def _tell_a_person(act: Act, case: Case, number: int | None, why: str) -> None:
    words = f" They wrote: {why}" if why else ""
    text = "The person is not satisfied that others are safe from the same. Speak to them, and look at the plan again."
    tasks.add(act, case, "not_satisfied", f"not_satisfied:{number}", text + words)
