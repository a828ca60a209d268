"""The story of a lesson or an action: what happened, when, by whom and why, in words; the latest first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, func, select

from desk import words
from desk.story import Told
from learning.lesson.situation import Sees
from learning.plan.elements import DATED
from learning.words import word as words_of_learning
from storage.tables import LearningEvent
from templates.dates import in_words

UNSEEN = "of another service"


def told(happened: Sequence[LearningEvent], sees: Sees, *, of_one: bool = False) -> list[Told]:
    """These events, the latest first; `of_one` action, which then is not named.

    Of a complaint that the reader may not see, neither the reference is shown nor what its person, or staff about it,
    wrote.
    """
    return [_told(event, sees, of_one=of_one) for event in reversed(happened)]


def last_event(session: Session, lesson_id: int) -> int:
    """The number of the last event: whoever saw it has seen the lesson as it is."""
    query = select(func.max(LearningEvent.id)).where(LearningEvent.lesson_id == lesson_id)
    return session.exec(query).one() or 0


def _told(event: LearningEvent, sees: Sees, *, of_one: bool) -> Told:
    facts = {name: _READ.get(name, str)(value) for name, value in event.data.items()}
    is_unseen = "case" in facts and sees(facts["case"]) is None
    if is_unseen:
        facts["case"] = UNSEEN
    by = "Redress" if event.by == "system" else event.by
    said = "" if is_unseen else event.because
    because = "\n".join(one for one in (said, *_dates(event)) if one)
    return Told(event.id or 0, event.at, event.at, by, _what(event, facts, of_one=of_one), because)


def _what(event: LearningEvent, facts: dict[str, str], *, of_one: bool) -> str:
    number = f"Action {event.action_id}: " if event.action_id and not of_one else ""
    return number + words.event(event.name, facts)


def _dates(event: LearningEvent) -> Iterator[str]:
    """Each date that was moved: from when, to when."""
    moved = dict(event.data.get("dates", {}))
    if "review_on" in event.data:
        moved["review_on"] = event.data["review_on"]
    for name, (old, new) in moved.items():
        if old != new:
            yield f"{DATED[name]}: {_day(new)}{f' (was {_day(old)})' if old else ''}"


_READ: Mapping[str, Callable[[Any], str]] = {
    "step": lambda value: words_of_learning("step", str(value)).lower(),
    "role": lambda value: words_of_learning("told_late", str(value)),
    "due": lambda value: _day(str(value)),
}


def _day(written: str | None) -> str:
    return in_words(date.fromisoformat(written)) if written else "none"
