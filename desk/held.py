"""The holding pen: contacts that name a case without proof of belonging to it, in every case that someone sees."""

from collections.abc import Sequence

from sqlmodel import Session, col, select
from starlette.responses import Response

from desk.edges import Visit
from desk.pages import show
from desk.sight import Sight
from storage.database import reading
from storage.tables import Case, Contact

PAGE = 50


def held(visit: Visit) -> Response:
    """What is held, oldest first."""
    after = visit.request.query_params.get("after", "")
    with reading(visit.door.engine) as session:
        found = _held(session, visit.me, int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0)
        onward = found[PAGE - 1][0].id if len(found) > PAGE else None
        return show("held", visit.me, held=found[:PAGE], onward=onward, now=visit.now)


def _held(session: Session, me: Sight, after: int) -> Sequence[tuple[Contact, Case]]:
    query = select(Contact, Case).join(Case, col(Contact.case_id) == Case.id)
    query = query.where(Contact.standing == "waiting", col(Contact.held_because).is_not(None), col(Contact.id) > after)
    return session.exec(query.where(*me.rules()).order_by(col(Contact.id)).limit(PAGE + 1)).all()
