"""Stories told with consent: published lessons, names removed and checked, of people who chose to share theirs."""

from dataclasses import dataclass
from itertools import islice

from sqlmodel import col, select

from learning.afterwards.consent import tells_story
from learning.lesson.told import behind_lesson
from learning.numbers.asking import Ask
from storage.tables import Lesson, Publication

MOST = 3


@dataclass(frozen=True)
class Story:
    """What somebody told us, and what we did."""

    title: str
    you_said: str
    we_did: str
    path: str


def stories(ask: Ask) -> list[Story]:
    """The latest by the period's end. Their own consent stands, and a second person checked that nobody is named."""
    query = (
        select(Publication)
        .join(Lesson, col(Lesson.id) == Publication.lesson_id)
        .where(col(Lesson.service_id).in_(ask.scope.services), col(Publication.story_of_id).is_not(None),
               col(Publication.published_at) < ask.period.ends_at, col(Publication.withdrawn_at).is_(None))
        .order_by(col(Publication.published_at).desc())
    )  # fmt: skip
    agreed = (one for one in ask.session.exec(query).all() if tells_story(ask.session, one.story_of_id))
    return [_story(ask, one) for one in islice(agreed, MOST)]


def _story(ask: Ask, one: Publication) -> Story:
    told: dict[str, str] = one.texts.get("en") or next(iter(one.texts.values()), {})
    who = behind_lesson(ask.session, one.lesson_id)
    title, said, did = (who.out_of(told.get(part, "")) for part in ("title", "you_said", "we_did"))
    return Story(title, said, did, f"/learning/{one.slug}")
