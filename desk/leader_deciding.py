"""Taking a decision on what complaints tell, and saying later what became of it."""

from collections.abc import Callable
from datetime import date

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk import asking as forms
from desk.edges import Visit
from desk.leader import asking, the_period, the_scope
from desk.learning_acting import Doing
from desk.pages import show
from desk.review_rows import owners_for
from learning.leading import reviews
from learning.leading.first_screen import questions
from learning.leading.reviews import Decision
from learning.numbers.figure_words import word
from learning.quarters import parse, spoken
from learning.scopes import scope_of_organisation
from storage.database import reading
from storage.tables import Review, Staff
from workflow.casework import Field, Refused
from workflow.office import Act
from workflow.working_days import london

OWN = "own"  # the question that a leader asks themselves


def decide(visit: Visit, session: Session) -> Doing:
    """A decision on a question of the digest, or on something else. Its words stay, whatever the figures become."""
    period, key = the_period(visit), visit.path("question")
    ask = asking(visit, session, period)
    question = "" if key == OWN else next((one.text for one in questions(ask) if one.key == key), "")
    people = tuple((str(id_), name) for id_, name in reviews.owners(session, ask.scope))
    fields = (
        Field(
            "question", word("decide", "question"), "long_text", value=question, hint=word("decide", "question_hint")
        ),
        Field("decision", word("decide", "decision"), "long_text", hint=word("decide", "decision_hint")),
        Field("owner", word("decide", "owner"), "choice", options=people),
        Field("due", word("decide", "due"), "date"),
    )

    def do(given: forms.Given, _seen: int) -> str:
        owner, due = _number(given["owner"]), date.fromisoformat(given["due"])
        taken = Decision(given["question"], given["decision"], owner, due, "" if key == OWN else key)
        kept = reviews.take(_act(visit, session), ask.scope, period.name, taken)
        return f"/desk/reviews/{kept.id}"

    why_not = None if visit.me.role == "leader" else word("decide", "leaders_only")
    return Doing(word("decide", "title"), word("decide", "does"), f"/desk/leader/{period.name}", spoken(period),
                 word("decide", "button"), fields, do, why_not)  # fmt: skip


def review(visit: Visit) -> Response:
    """One decision, and what became of it."""
    with reading(visit.door.engine) as session:
        row = _in_sight(visit, session)
        people = {id_: session.get_one(Staff, id_).name for id_ in (row.owner_id, row.decided_by_id)}
        return show("leader-review", visit.me, row=row, people=people, story=reviews.events(session, row),
                    spoken=spoken(parse(row.period)), is_late=reviews.is_late(row, london(visit.now)))  # fmt: skip


def on_review(visit: Visit, session: Session) -> Doing:
    """Saying that a decision is done, giving it another date, or giving it to somebody else."""
    row, verb = _in_sight(visit, session), visit.path("verb")
    if verb not in FIELDS:
        raise HTTPException(404)

    def do(given: forms.Given, seen_version: int) -> str:
        locked = reviews.locked(session, row.id or 0, seen_version)
        if locked is None:
            raise Refused(word("decide", "gone"))
        DOING[verb](_act(visit, session), locked, given)
        return page

    page = f"/desk/reviews/{row.id}"
    return Doing(word("decide", verb), word("decide", f"{verb}_does"), page, word("decide", "back"),
                 word("decide", verb), _fields(session, row, verb), do, version=row.version)  # fmt: skip


def _fields(session: Session, row: Review, verb: str) -> tuple[Field, ...]:
    if verb != "hand_over":
        return FIELDS[verb]
    others = reviews.owners(session, scope_of_organisation(session, row.organisation_id))
    people = tuple((str(id_), name) for id_, name in others if id_ != row.owner_id)
    return (Field("owner", word("decide", "owner"), "choice", options=people), *FIELDS[verb])


def _number(said: str) -> int | None:
    return int(said) if said.isdigit() else None


def _in_sight(visit: Visit, session: Session) -> Review:
    """Its owner sees a decision, who covers for them, who took it, and whoever answers for what it is about."""
    row = session.get(Review, visit.number("review"))
    if row is None:
        raise HTTPException(404)
    is_theirs = row.owner_id in session.exec(owners_for(visit.me)).all() or row.decided_by_id == visit.me.staff_id
    if not is_theirs:
        scope = the_scope(visit, session)
        if row.organisation_id not in {scope.home, *(scope.organisations if scope.is_whole else ())}:
            raise HTTPException(404)
    return row


def _act(visit: Visit, session: Session) -> Act:
    return Act(session, visit.door.office, visit.me.actor, visit.now)


FIELDS: dict[str, tuple[Field, ...]] = {
    "finish": (Field("outcome", "What became of it", "long_text", hint="What is different now, and how you know"),),
    "move": (
        Field("due", "New date", "date"),
        Field("because", "Why the date moves", "long_text"),
    ),
    "hand_over": (Field("because", "Why somebody else sees to it", "long_text"),),
}
DOING: dict[str, Callable[[Act, Review, forms.Given], None]] = {
    "finish": lambda act, row, given: reviews.finish(act, row, given["outcome"]),
    "move": lambda act, row, given: reviews.move(act, row, date.fromisoformat(given["due"]), given["because"]),
    "hand_over": lambda act, row, given: reviews.hand_over(act, row, _number(given["owner"]), given["because"]),
}
