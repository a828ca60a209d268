"""Reminders of a leader's decision: its owner before and on its date; whoever took it, then all leaders, when late."""

from collections.abc import Iterator

from sqlmodel import col, select

from learning.leading.review_story import about, note, unnamed
from learning.nudging import Nudge, nudges, renew, write_to
from learning.words import word
from storage.tables import Organisation, Reminder, Review, ReviewEvent, Staff
from templates.dates import with_weekday
from templates.places import Link
from templates.writing import write
from workflow import people, tasks
from workflow.office import Act
from workflow.reminders import Kind

ABOUT = CLOCK = "review"

# Our own rule, as for actions.
NUDGES: tuple[Nudge, ...] = (
    ("reminder", -5, ("owner",)),
    ("reminder", 0, ("owner",)),
    ("escalation", 1, ("owner", "decided")),
    ("escalation", 5, ("senior_lead",)),
)


def project(act: Act, review: Review) -> None:
    """Rewrite the reminders of a decision that are still to come, after each change; none once it is done."""
    act.session.flush()
    about = (ABOUT, review.id or 0)
    key = f"{ABOUT}:{review.id}"
    rows = nudges(act, review.organisation_id, key, about, CLOCK, review.due, NUDGES) if review.done_at is None else ()
    renew(act, about, rows)


def unwatched(act: Act) -> list[int]:
    """Ids of the open decisions that nobody is reminded of: those taken before we reminded of any."""
    watched = select(Reminder.id).where(Reminder.about == ABOUT, Reminder.about_id == Review.id)
    found = act.session.exec(select(Review.id).where(col(Review.done_at).is_(None), ~watched.exists()))
    return [id_ for id_ in found if id_]


def watch(act: Act, review_id: int) -> bool:
    """Begin to remind of a decision. False, and nothing, if another has it or did it."""
    review = locked(act, review_id)
    if review is None or review_id not in unwatched(act):
        return False
    project(act, review)
    return True


def locked(act: Act, review_id: int) -> Review | None:
    """The decision, locked; None at once where another has it."""
    query = select(Review).where(Review.id == review_id).with_for_update(key_share=True, skip_locked=True)
    return act.session.exec(query.execution_options(populate_existing=True)).first()


def is_owed(_act: Act, review: Review, due: Reminder) -> bool:
    """Whether it is still to be done, by that date."""
    return review.done_at is None and review.due == due.due


def tell(act: Act, review: Review, due: Reminder) -> None:
    """Write to everyone whom this reminder or escalation is for; a task says so where there is nobody."""
    told = _holding(act, review, due.role)
    written = write(f"review_{due.kind}", _facts(act, review, due))
    write_to(act, told, f"review_{due.kind}", f"{review.id}:{due.due}", written)
    if not told:
        words_ = f"Nobody could be told of a {due.kind} of decision {review.id}. Give its organisation a leader"
        data = {"page": f"/desk/reviews/{review.id}"}
        tasks.add(act, None, "nobody_told", f"nobody_told:review:{review.id}:{due.role}", words_, data)
    note(act, review, f"review.{due.kind}", {"due": due.due.isoformat(), "staff": [one.name for one in told]})


REVIEW = Kind(locked, is_owed, tell)


def _holding(act: Act, review: Review, role: str) -> list[Staff]:
    """Its owner, or who took it, with who covers for them; the organisation's leaders, or where those have left."""
    place = people.Place(0, review.organisation_id)
    ids = {"owner": [review.owner_id], "decided": [review.decided_by_id]}.get(role, [])
    return people.able(act.session, place, ids) or people.leaders(act.session, place)


def _facts(act: Act, review: Review, due: Reminder) -> dict[str, object]:
    said = unnamed(act.session, review)
    return {
        "organisation": act.session.get_one(Organisation, review.organisation_id).name,
        "question": said.question,
        "decision": said.decision,
        "owner": act.session.get_one(Staff, review.owner_id).name,
        "due": with_weekday(due.due),
        "because": list(_because(act, review)),
        "why_told": word("why_told_decision", due.role),
        "link": Link(act.office.link(f"/desk/reviews/{review.id}")),
    }


def _because(act: Act, review: Review) -> Iterator[str]:
    """How the date came about: who took the decision, who moved its date since and why, and who is told when."""
    who = about(act.session, review)
    query = select(ReviewEvent).where(ReviewEvent.review_id == review.id).order_by(col(ReviewEvent.id))
    for event in act.session.exec(query):
        if event.name == "review.taken":
            yield f"{with_weekday(event.at)}: {event.by} took the decision and set its date"
        elif event.name == "review.moved":
            yield f"{with_weekday(event.at)}: {event.by} moved the date: {who.out_of(event.because)}"
    yield (
        "Reminders go 5 working days before the date and on it. When it is late, whoever took the decision is told, "
        "and after 5 working days all leaders"
    )
