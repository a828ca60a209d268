"""What other organisations publish of their learning: feeds that we follow, and what of them bears on our subjects."""

import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import update
from sqlmodel import Session, col, select

from learning.beyond.insight_words import word
from learning.public.feed_text import Item
from learning.public.fetching import Fetched
from learning.verb import Field, Given, Refused, text
from storage.tables import Case, Feed, FeedItem, Lesson, Service
from workflow import outside
from workflow.office import Act
from workflow.subjects import subjects

EVERY = timedelta(hours=6)
AGAIN_AFTER = timedelta(hours=1)  # where it could not be had


@dataclass(frozen=True)
class FromOthers:
    """One thing that others learnt, on a subject of ours; `subject` in plain words."""

    title: str
    text: str
    url: str
    at: datetime
    who: str
    subject: str


def add(act: Act, given: Given) -> Feed:
    """Follow a feed from now on; one that was stopped is taken up again. Refused saying what to mend."""
    url, name = text(given, "url"), text(given, "name")
    if not name:
        raise Refused(word("feed", "name_missing"), "name")
    if not re.fullmatch(r"https?://[^\s/?#@]+([/?#]\S*)?", url) or len(url) > 1_000:
        raise Refused(word("feed", "url_wrong"), "url")
    feed = act.session.exec(select(Feed).where(Feed.url == url)).first() or Feed(url=url, name="", added_at=act.now)
    if feed.fetch_at is not None:
        raise Refused(word("feed", "there_already", name=feed.name), "url")
    feed.name, feed.fetch_at, feed.error = name[:120], act.now, None
    feed.added_by_id, feed.added_at = act.by.staff_id, act.now
    act.session.add(feed)
    act.session.flush()
    outside.note(act, outside.FEED, feed.id, "followed", data={"url": url, "name": feed.name})
    return feed


def fields() -> tuple[Field, ...]:
    """What the form asks for."""
    return (
        Field("name", word("feed", "name")),
        Field("url", word("feed", "url"), hint=word("feed", "url_hint")),
    )


def stop(act: Act, feed: Feed) -> None:
    """Follow it no more; what it told stays."""
    if feed.fetch_at is None:
        return
    feed.fetch_at = None
    act.session.add(feed)
    outside.note(act, outside.FEED, feed.id, "stopped")


def listed(session: Session) -> Sequence[Feed]:
    """Every feed, by name; those that were stopped too."""
    return session.exec(select(Feed).order_by(Feed.name, col(Feed.id))).all()


def library(session: Session, most: int = 100) -> list[FromOthers]:
    """The latest that others published, on whatever subject; `subject` is empty where words did not tell it."""
    query = select(FeedItem, Feed.name).join(Feed, col(FeedItem.feed_id) == Feed.id)
    rows = session.exec(query.order_by(col(FeedItem.at).desc(), col(FeedItem.id)).limit(most))
    return [_told(item, who) for item, who in rows]


def claim_next(act: Act) -> Feed | None:
    """The feed that has been due longest, for this worker alone; None when none is due.

    It is due again within the hour, so that one whose worker died is asked again.
    """
    query = select(Feed).where(col(Feed.fetch_at) <= act.now).order_by(col(Feed.fetch_at), col(Feed.id)).limit(1)
    feed = act.session.exec(query.with_for_update(skip_locked=True)).first()
    if feed is not None:
        feed.fetch_at = act.now + AGAIN_AFTER
        act.session.add(feed)
        act.session.flush()
    return feed


def keep(act: Act, feed_id: int, fetched: Fetched, items: Sequence[Item]) -> int:
    """Keep what is new of a feed, and that it could be had; gives how many items were new."""
    if _error(act, feed_id):
        outside.note(act, outside.FEED, feed_id, "well_again")
    values: dict[str, object] = {"last_ok": act.now, "error": None}
    if fetched.raw is not None:
        values |= {"etag": fetched.etag, "last_modified": fetched.last_modified}
    _set(act, feed_id, act.now + EVERY, **values)
    known = set(act.session.exec(select(FeedItem.guid).where(FeedItem.feed_id == feed_id)))
    new = [item for item in items if item.guid not in known]
    for item in new:
        act.session.add(FeedItem(feed_id=feed_id, subject=subject_of(f"{item.title} {item.text}"), **vars(item)))
    return len(new)


def failed(act: Act, feed_id: int, why: str) -> None:
    """It could not be had or read: that is shown beside it, and it is asked again in a while."""
    if not _error(act, feed_id):  # once, however often it is tried
        outside.note(act, outside.FEED, feed_id, "failed", because=why)
    _set(act, feed_id, act.now + AGAIN_AFTER, error=why)


def from_others(
    session: Session, organisation_ids: Collection[int], start: datetime, end: datetime, most: int = 10
) -> list[FromOthers]:
    """What others published from `start` until before `end`, UTC, on these organisations' subjects, latest first.

    Their own subjects are those of complaints received in that time, and of all their lessons.
    """
    mine = _subjects_of(session, organisation_ids, start, end)
    query = select(FeedItem, Feed.name).join(Feed, col(FeedItem.feed_id) == Feed.id)
    query = query.where(col(FeedItem.subject).in_(mine), FeedItem.at >= start, FeedItem.at < end)
    rows = session.exec(query.order_by(col(FeedItem.at).desc(), col(FeedItem.id)).limit(most))
    return [_told(item, who) for item, who in rows]


def _told(item: FeedItem, who: str) -> FromOthers:
    return FromOthers(item.title, item.text, item.url, item.at, who, subjects().get(item.subject or "", ""))


def subject_of(words: str) -> str | None:
    """The subject that a text speaks of most, as far as words can tell; None where it speaks of none. Pure."""
    found = {code: len(pattern.findall(words)) for code, pattern in _patterns().items()}
    best = max(found, key=lambda code: found[code])
    return best if found[best] else None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = tomllib.loads((Path(__file__).parent / "subject_words.toml").read_text(encoding="utf-8"))["words"]
    return {
        code: re.compile(rf"\b(?:{'|'.join(map(re.escape, begins))})", re.IGNORECASE) for code, begins in words.items()
    }


def _subjects_of(session: Session, organisation_ids: Collection[int], start: datetime, end: datetime) -> set[str]:
    """The subjects that matter to these organisations."""
    services = select(Service.id).where(col(Service.organisation_id).in_(organisation_ids))
    ours = col(Case.service_id).in_(services)  # cases are found by service and day of receipt: an index has both
    cases = select(Case.subject).where(ours, Case.received_at >= start, Case.received_at < end).distinct()
    lessons = select(Lesson.subject).where(col(Lesson.organisation_id).in_(organisation_ids)).distinct()
    return {subject for subject in (*session.exec(cases), *session.exec(lessons)) if subject in subjects()}


def _error(act: Act, feed_id: int) -> str | None:
    return act.session.exec(select(Feed.error).where(Feed.id == feed_id)).first()


def _set(act: Act, feed_id: int, again: datetime, **values: object) -> None:
    """Write what became of asking; one that was stopped meanwhile stays so."""
    this = update(Feed).where(col(Feed.id) == feed_id)
    act.session.execute(this.values(**values))
    act.session.execute(this.where(col(Feed.fetch_at).is_not(None)).values(fetch_at=again))
