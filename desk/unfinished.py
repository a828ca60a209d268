"""Complaints that somebody began in a chat and never sent: a person reads them, and opens a case or sets them aside."""

from dataclasses import dataclass

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk import words
from desk.edges import Visit
from desk.pages import go, show
from desk.sight import Sight, case_in_sight
from storage.database import reading, writing
from storage.tables import Conversation, Service, Task
from workflow import unfinished
from workflow.office import Act
from workflow.questionnaire import Option, in_words, questions

MOST = 200


@dataclass(frozen=True)
class Written:
    """One thing they told, and what it answers."""

    about: str
    words: str


def listed(visit: Visit) -> Response:
    """Those that nobody has decided on, oldest first."""
    with reading(visit.door.engine) as session:
        found = session.exec(_open(visit.me).order_by(col(Task.created_at)).limit(MOST)).all()
        return show("unfinished", visit.me, tasks=found, now=visit.now)


def look(visit: Visit) -> Response:
    """What was written so far."""
    return _page(visit, {})


def open_case(visit: Visit) -> Response:
    """It is a complaint, received when they last wrote."""
    with writing(visit.door.engine) as session:
        conversation = _conversation(visit, session, lock=True)
        case = unfinished.open_case(Act(session, visit.door.office, visit.me.actor, visit.now), conversation)
        seen = case and case_in_sight(session, visit.me, case.reference)
    return go(f"/desk/cases/{seen.reference}" if seen else "/desk/unfinished")


def set_aside(visit: Visit) -> Response:
    """It is none, for a reason."""
    because = visit.form.one("because")
    if not because:
        return _page(visit, {"because": "Enter why this is not a complaint"})
    with writing(visit.door.engine) as session:
        conversation = _conversation(visit, session, lock=True)
        unfinished.set_aside(Act(session, visit.door.office, visit.me.actor, visit.now), conversation, because)
    return go("/desk/unfinished")


def _page(visit: Visit, errors: dict[str, str]) -> Response:
    with reading(visit.door.engine) as session:
        conversation = _conversation(visit, session)
        told, files = _written(session, conversation), conversation.answers.get("kept") or []
        return show(
            "unfinished-one", visit.me, 422 if errors else 200, one=conversation, told=told, files=files, errors=errors,
            words=words,
        )  # fmt: skip


def _written(session: Session, conversation: Conversation) -> list[Written]:
    services = tuple(Option(one.slug, one.name) for one in session.exec(select(Service)))
    answers = conversation.answers
    known = [one for one in questions(services) if answers.get(one.id) and one.id != "files"]
    return [Written(one.short, in_words(one, answers[one.id])) for one in known]


def _conversation(visit: Visit, session: Session, *, lock: bool = False) -> Conversation:
    """The conversation in the address. Raises a 404 unless it waits for somebody who works for its service."""
    query = select(Conversation).where(Conversation.id == visit.number("conversation"))
    conversation = session.exec(query.with_for_update() if lock else query).first()
    waiting = {task.data.get("conversation") for task in session.exec(_open(visit.me))}
    if conversation is None or conversation.id not in waiting or conversation.shown_at is None:
        raise HTTPException(404)
    return conversation


def _open(me: Sight) -> SelectOfScalar[Task]:
    mine = col(Task.service_id).in_(me.services)
    return select(Task).where(Task.kind == "unfinished", mine, col(Task.done_at).is_(None))
