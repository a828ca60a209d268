"""Searching by reference, by name, and by any words of the story. What is searched for never stands in an address."""

import re
from collections.abc import Iterator

from sqlmodel import Session, col, select
from starlette.responses import Response

from desk import rows
from desk.edges import Visit
from desk.pages import go, show
from desk.sight import Sight, case_in_sight
from storage import search
from storage.database import reading
from storage.tables import Case

MOST = 50
LOOKED_AT = 2000  # of the newest cases that hold the words; the rest is reached by more words
TOGETHER = 500
OWN_SIGNS = 8  # of a reference, after RD


def ask(visit: Visit) -> Response:
    """An empty search."""
    return show("search", visit.me)


def find(visit: Visit) -> Response:
    """The cases found; straight to the case when the words are its reference."""
    words = visit.form.one("words")[:200]
    if not words:
        return show("search", visit.me, 422, error="Enter a reference, a name or other words")
    with reading(visit.door.engine) as session:
        known = case_in_sight(session, visit.me, as_reference(words))
        if known is not None:
            return go(f"/desk/cases/{known.reference}")
        found = cases_with(session, visit.me, words)
        return show("search", visit.me, words=words, rows=rows.rows(session, found, visit.now), most=MOST)


def as_reference(words: str) -> str:
    """The reference that was meant, where the words are one: read out by telephone it comes without its hyphens."""
    signs = re.sub(r"[\W_]+", "", words).upper()
    own = signs.removeprefix("RD") if len(signs) > OWN_SIGNS else signs  # which may begin with RD themselves
    return f"RD-{own[:4]}-{own[4:]}" if len(own) == OWN_SIGNS else ""


def cases_with(session: Session, me: Sight, words: str) -> list[Case]:
    """The newest cases in sight that hold every one of the words."""
    ids = search.find(session, words, most=LOOKED_AT)
    found: list[Case] = []
    for some in _in_parts(ids):
        query = select(Case).where(col(Case.id).in_(some), *me.rules())
        found += rows.in_order(session.exec(query), some)
        if len(found) >= MOST:
            break
    return found[:MOST]


def _in_parts(ids: list[int]) -> Iterator[list[int]]:
    """The first few by themselves: mostly they are enough."""
    yield ids[:MOST]
    for start in range(MOST, len(ids), TOGETHER):
        yield ids[start : start + TOGETHER]
