"""A leader's decisions on what a digest asks: each with an owner and a date, back in every digest until it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from learning.leading.review_reminders import project
from learning.leading.review_story import about, note, unnamed
from learning.lesson.told import behind_question, refuse_named
from learning.quarters import Period, parse
from learning.scopes import Scope, scope_of_organisation
from storage.tables import DigestSent, Organisation, Review, ReviewEvent, Staff
from templates.dates import with_weekday
from templates.places import Link
from templates.writing import write
from workflow import outbox
from workflow.casework import Refused
from workflow.office import Act
from workflow.outbox import To, Words
from workflow.working_days import london

LONGEST = 4_000  # signs


@dataclass(frozen=True)
class Decision:
    """What a leader decides: the question it answers, the decision in words, who sees to it and by when.

    `answers`: the key of the question, where the digest asked it; its words may be changed, and its numbers do.
    """

    question: str
    decision: str
    owner_id: int | None
    due: date | None
    answers: str = ""


def take(act: Act, scope: Scope, period: str, taken: Decision) -> Review:
    """Record a decision as a governance review, and tell its owner. Refused says what is missing."""
    owner, due = _owner(act.session, scope, taken.owner_id), _due(act, taken.due)
    if not taken.question.strip():
        raise Refused("Write what you decide about", "question")
    review = Review(
        organisation_id=scope.home,
        period=parse(period).name,
        question=taken.question.strip()[:LONGEST],
        decision=_words(taken.decision, "Write what you decided", "decision"),
        decided_by_id=act.by.staff_id or 0,
        decided_at=act.now,
        owner_id=owner.id or 0,
        due=due,
        digest_id=_digest(act, period),
    )
    said = {"question": review.question, "decision": review.decision}
    refuse_named(behind_question(act.session, taken.answers), said, "decision_named")
    act.session.add(review)
    project(act, review)
    data: dict[str, object] = {"owner": owner.id, "due": due.isoformat(), "answers": taken.answers}
    note(act, review, "review.taken", data)
    _tell(act, review, owner)
    return review


def move(act: Act, review: Review, due: date | None, because: str) -> None:
    """Give a decision another date, with a reason; the old date stays in its story."""
    _open(review)
    old, review.due = review.due, _due(act, due)
    reason = _words(because, "Write why the date moves", "because")
    _changed(act, review, "review.moved", reason, {"from": old.isoformat(), "to": review.due.isoformat()})


def hand_over(act: Act, review: Review, owner_id: int | None, because: str) -> None:
    """Give a decision to somebody else to see to, as when its owner has left; they are told."""
    _open(review)
    was, owner = (
        review.owner_id,
        _owner(act.session, scope_of_organisation(act.session, review.organisation_id), owner_id),
    )
    review.owner_id = owner.id or 0
    reason = _words(because, "Write why somebody else sees to it", "because")
    _changed(act, review, "review.handed_over", reason, {"owner": [was, owner.id], "staff": owner.name})
    _tell(act, review, owner)


def finish(act: Act, review: Review, outcome: str) -> None:
    """Say what became of a decision; the next digest tells it for the last time."""
    _open(review)
    review.outcome = _words(outcome, "Write what became of it: what changed, and how you know", "outcome")
    refuse_named(about(act.session, review), {"outcome": review.outcome}, "decision_named")
    review.done_at = act.now
    _changed(act, review, "review.done", review.outcome, {})


def of_scope(session: Session, scope: Scope, period: Period) -> Sequence[Review]:
    """The decisions a digest brings back, the first due first: those not done, or done since the period began."""
    bodies = {scope.home, *(scope.organisations if scope.is_whole else ())}
    query = select(Review).where(col(Review.organisation_id).in_(bodies))
    query = query.where(or_(col(Review.done_at).is_(None), col(Review.done_at) >= period.starts_at))
    return session.exec(query.order_by(col(Review.due), col(Review.id))).all()


def answered(session: Session, reviews: Sequence[Review], period: str) -> set[str]:
    """The questions that these decisions answer, by key and by words: those of this period, and later until done."""
    bearing = [one for one in reviews if one.period == period or one.done_at is None]
    query = select(ReviewEvent.data).where(
        col(ReviewEvent.review_id).in_([one.id for one in bearing]), ReviewEvent.name == "review.taken"
    )
    return {one.question for one in bearing} | {data.get("answers", "") for data in session.exec(query)}


def is_late(review: Review, today: date) -> bool:
    return review.done_at is None and review.due < today


def owners(session: Session, scope: Scope) -> list[tuple[int, str]]:
    """Who may be made the owner: everyone who works for the organisations, by name."""
    bodies = {scope.home, *(scope.organisations if scope.is_whole else ())}
    query = select(Staff).where(col(Staff.organisation_id).in_(bodies), col(Staff.disabled_at).is_(None))
    return [(one.id or 0, f"{one.name} ({one.role})") for one in session.exec(query.order_by(Staff.name))]


def events(session: Session, review: Review) -> Sequence[ReviewEvent]:
    """What happened to a decision, in order."""
    query = select(ReviewEvent).where(ReviewEvent.review_id == review.id)
    return session.exec(query.order_by(col(ReviewEvent.id))).all()


def locked(session: Session, review_id: int, seen_version: int | None) -> Review | None:
    """The decision, nobody else's to change until this transaction ends. None: there is none.

    Raises Refused when it was changed after this person saw it.
    """
    query = select(Review).where(Review.id == review_id).with_for_update(key_share=True)
    review = session.exec(query.execution_options(populate_existing=True)).first()
    if review is not None and seen_version is not None and review.version != seen_version:
        raise Refused("Someone else changed this decision while you were writing. Nothing was overwritten.", "outcome")
    return review


def _open(review: Review) -> None:
    if review.done_at is not None:
        raise Refused("This decision is done already.", "outcome")


def _owner(session: Session, scope: Scope, owner_id: int | None) -> Staff:
    if owner_id is None or owner_id not in dict(owners(session, scope)):
        raise Refused("Select who sees to it", "owner")
    return session.get_one(Staff, owner_id)


def _due(act: Act, due: date | None) -> date:
    if due is None or due < london(act.now):
        raise Refused("Enter a date that is today or later, such as 27 3 2027", "due")
    return due


def _words(said: str, missing: str, field: str) -> str:
    words = said.strip()
    if not words:
        raise Refused(missing, field)
    if len(words) > LONGEST:
        raise Refused(f"What you write must be {LONGEST} characters or fewer", field)
    return words


def _digest(act: Act, period: str) -> int | None:
    """The digest that asked, where this leader was sent one."""
    query = select(DigestSent.id).where(DigestSent.staff_id == act.by.staff_id, DigestSent.period == period)
    return act.session.exec(query).first()


def _changed(act: Act, review: Review, name: str, because: str, data: dict[str, object]) -> None:
    review.version += 1
    act.session.add(review)
    project(act, review)
    note(act, review, name, data, because)


def _tell(act: Act, review: Review, owner: Staff) -> None:
    """Its owner gets it by mail, unless they took it themselves."""
    if owner.id == act.by.staff_id:
        return
    said = unnamed(act.session, review)
    facts = {
        "organisation": act.session.get_one(Organisation, review.organisation_id).name,
        "leader": act.by.name,
        "question": said.question,
        "decision": said.decision,
        "due": with_weekday(review.due),
        "link": Link(act.office.link(f"/desk/reviews/{review.id}")),
    }
    written = write("review", facts)
    words = Words(written.subject, written.text, written.html)
    outbox.owe(act, f"review:{review.id}:{owner.id}", "review", To(owner.email, staff_id=owner.id), words)
