"""Letters that go by post, as pages made for paper."""

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk.edges import Visit
from desk.pages import show
from storage.database import reading
from storage.tables import Case, Letter, Message, Organisation


def letter(visit: Visit) -> Response:
    """A letter as it was approved, once for each person it is posted to."""
    with reading(visit.door.engine) as session:
        wanted = session.get(Letter, visit.number("letter"))
        case = session.get(Case, wanted.case_id) if wanted else None
        copies = _copies(session, wanted) if wanted and case and visit.me.may_see(case) else []
        if not wanted or not case or not copies:
            raise HTTPException(404)
        organisation = session.get_one(Organisation, case.organisation_id)
        return show(
            "print-letter", visit.me, case=case, letter=wanted, copies=copies, organisation=organisation,
            paragraphs=[_paragraphs(copy.text) for copy in copies],
        )  # fmt: skip


def _copies(session: Session, letter: Letter) -> list[Message]:
    """What is posted is what was approved then, not the letter as it would be written today."""
    posted = select(Message).where(Message.letter_id == letter.id, Message.channel == "post")
    return list(session.exec(posted.where(col(Message.recalled_at).is_(None)).order_by(col(Message.id))))


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n\n") if paragraph.strip()]
