"""Letters that go by post, as pages made for paper."""

from dataclasses import dataclass

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk.edges import Visit
from desk.pages import show
from storage.database import reading
from storage.tables import Case, Letter, Message, Organisation, Participant
from templates.dates import in_words
from templates.writing import Block, blocks


@dataclass(frozen=True)
class Copy:
    """A letter to one person, as it stands on paper."""

    to: str
    on: str  # the day, in the language of the letter
    language: str
    subject: str
    blocks: list[Block]


def letter(visit: Visit) -> Response:
    """A letter as it was approved, once for each person it is posted to."""
    with reading(visit.door.engine) as session:
        wanted = session.get(Letter, visit.number("letter"))
        case = session.get(Case, wanted.case_id) if wanted else None
        copies = _copies(session, wanted) if wanted and case and visit.me.may_see(case) else []
        if case is None or not copies:
            raise HTTPException(404)
        organisation = session.get_one(Organisation, case.organisation_id)
        return show("print-letter", visit.me, case=case, copies=copies, organisation=organisation)


def _copies(session: Session, letter: Letter) -> list[Copy]:
    """What is posted is what was approved then, not the letter as it would be written today."""
    query = select(Message, Participant).join(Participant, col(Message.participant_id) == Participant.id)
    posted = query.where(Message.letter_id == letter.id, Message.channel == "post")
    rows = session.exec(posted.where(col(Message.recalled_at).is_(None)).order_by(col(Message.id))).all()
    return [copy_of(message, person, letter.language) for message, person in rows]


def copy_of(message: Message, person: Participant, language: str) -> Copy:
    """What goes by post to one person, as it stands on paper."""
    is_named = not person.name or message.address.startswith(person.name)
    to = message.address if is_named else f"{person.name}\n{message.address}"
    return Copy(to, in_words(message.created_at, language), language, message.subject, blocks(message.text))
