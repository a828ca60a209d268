"""Stories told with consent: published lessons, names removed and checked, of people who chose to share theirs."""

from dataclasses import dataclass

from sqlmodel import col, select

from learning.asking import Ask
from storage.tables import Involvement, Lesson, Publication

MOST = 3


@dataclass(frozen=True)
class Story:
    """What somebody told us, and what we did."""

    title: str
    you_said: str
    we_did: str
    path: str


def stories(ask: Ask) -> list[Story]:
    """The latest by the period's end. Their consent stands, and a second person checked that nobody is named."""
    consented = select(Involvement.lesson_id).where(
        Involvement.way == "story", col(Involvement.consent_at).is_not(None), col(Involvement.withdrawn_at).is_(None)
    )
    query = (
        select(Publication)
        .join(Lesson, col(Lesson.id) == Publication.lesson_id)
        .where(col(Lesson.service_id).in_(ask.scope.services), col(Publication.lesson_id).in_(consented),
               col(Publication.published_at) < ask.period.ends_at, col(Publication.withdrawn_at).is_(None))
        .order_by(col(Publication.published_at).desc())
        .limit(MOST)
    )  # fmt: skip
    return [_story(one) for one in ask.session.exec(query)]


def _story(one: Publication) -> Story:
    told: dict[str, str] = one.texts.get("en") or next(iter(one.texts.values()), {})
    return Story(told.get("title", ""), told.get("you_said", ""), told.get("we_did", ""), f"/learning/{one.slug}")
