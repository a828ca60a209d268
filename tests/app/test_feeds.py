"""Feeds of others are fetched when they are due, by one worker each, and what bears on us is given to the digest."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app.feeds import fetch_due, fetch_one
from app.house import House
from app.settings import Settings
from learning.public import feeds
from learning.verb import Refused
from storage.database import reading, writing
from storage.tables import Feed, FeedItem
from tests.app.redress import Redress
from tests.learning.lessons import a_lesson
from tests.learning.test_feed_text import rss
from tests.servers.feeds import FeedServer, feed_server
from tests.town import Town, town
from workflow.outside import FEED, happened

DAMP = "<title>Damp homes</title><guid>1</guid><link>https://o.example/1</link><description>Mould.</description>"
FINE = "<title>A good year</title><guid>2</guid><description>All well.</description>"


@pytest.fixture
def theirs() -> Iterator[FeedServer]:
    with feed_server() as server:
        yield server


@pytest.fixture
def there(engine: Engine) -> Town:
    return town(engine)


@pytest.fixture
def house(there: Town, tmp_path: Path) -> House:
    settings = Settings(home=tmp_path, private_feeds="yes")
    return House(settings, there.engine, there.office, lambda: there.now)


def follow(house: House, url: str) -> None:
    with writing(house.engine) as session:
        feeds.add(house.act(session), {"url": url, "name": "The Ombudsman"})


def kept(house: House) -> list[tuple[str, str | None]]:
    with reading(house.engine) as session:
        return [(item.title, item.subject) for item in session.exec(select(FeedItem).order_by(FeedItem.guid))]


def the_feed(house: House) -> Feed:
    with reading(house.engine) as session:
        return session.exec(select(Feed)).one()


def test_what_others_publish_is_kept_with_the_subject_it_speaks_of(house: House, theirs: FeedServer) -> None:
    theirs.gives(rss(DAMP, FINE), ETag='"1"')
    follow(house, theirs.url)

    assert fetch_due(house) == 1

    assert kept(house) == [("Damp homes", "property"), ("A good year", None)]
    assert (the_feed(house).etag, the_feed(house).error, the_feed(house).last_ok) == ('"1"', None, house.clock())


def test_it_is_asked_again_only_after_hours_and_nothing_is_kept_twice(
    house: House, theirs: FeedServer, there: Town
) -> None:
    theirs.gives(rss(DAMP))
    follow(house, theirs.url)
    asked = [fetch_due(house), fetch_due(house)]
    there.now += timedelta(hours=6)
    theirs.gives(rss(FINE, DAMP))

    asked.append(fetch_due(house))

    assert asked == [1, 0, 1]
    assert [title for title, _ in kept(house)] == ["Damp homes", "A good year"]


def test_a_feed_that_fails_says_why_and_is_asked_again_sooner(house: House, theirs: FeedServer, there: Town) -> None:
    follow(house, theirs.url)
    fetch_due(house)
    failed = the_feed(house)
    there.now += timedelta(hours=1)
    theirs.gives(rss(DAMP))

    fetch_due(house)

    assert failed.error == "it answered 404"
    assert the_feed(house).error is None
    assert len(kept(house)) == 1


def test_one_bad_feed_does_not_stop_the_next(house: House, theirs: FeedServer) -> None:
    follow(house, theirs.url)
    follow(house, f"{theirs.url}/good")
    theirs.answer = lambda asked: asked.say(200, rss(DAMP) if asked.path.endswith("good") else b"<html/>")

    assert fetch_due(house) == 2
    assert len(kept(house)) == 1


def test_two_workers_do_not_ask_for_the_same_feed(house: House, theirs: FeedServer) -> None:
    follow(house, theirs.url)

    with writing(house.engine) as session:
        first = feeds.claim_next(house.act(session))

    assert first is not None
    assert not fetch_one(house)


def test_a_feed_stopped_while_it_is_fetched_stays_stopped(house: House, theirs: FeedServer) -> None:
    follow(house, theirs.url)

    def stop_meanwhile(asked: object) -> None:
        with writing(house.engine) as session:
            feeds.stop(house.act(session), session.exec(select(Feed)).one())
        asked.say(200, rss(DAMP))  # type: ignore[attr-defined]  # it is the request

    theirs.answer = stop_meanwhile

    fetch_due(house)

    assert the_feed(house).fetch_at is None


@pytest.mark.requirement("R255")
def test_learning_from_others_is_what_bears_on_our_own_subjects(house: House, theirs: FeedServer, there: Town) -> None:
    a_lesson(there, subject="property")
    theirs.gives(rss(DAMP, "<title>Late letters</title><guid>3</guid><description>A long delay</description>"))
    follow(house, theirs.url)
    fetch_due(house)

    with reading(house.engine) as session:
        ours = feeds.from_others(session, [2], there.now - timedelta(days=1), there.now + timedelta(days=1))
        before = feeds.from_others(session, [2], there.now - timedelta(days=90), there.now - timedelta(days=1))
        of_council = feeds.from_others(session, [1], there.now - timedelta(days=1), there.now + timedelta(days=1))

    assert [(one.title, one.who, one.subject) for one in ours] == [
        ("Damp homes", "The Ombudsman", "Homes, buildings and equipment")
    ]
    assert before == of_council == []


@pytest.mark.parametrize(
    "url", ["ftp://o.example/", "javascript:x", "https://", "https://a b", "https://u:p@o.example/"]
)
def test_what_is_no_address_of_a_feed_is_refused(house: House, url: str) -> None:
    with pytest.raises(Refused, match="begins with https://"):
        follow(house, url)


def test_a_feed_is_followed_once(house: House, theirs: FeedServer) -> None:
    follow(house, theirs.url)

    with pytest.raises(Refused, match="follow this feed already"):
        follow(house, theirs.url)


def test_the_command_line_follows_fetches_lists_and_stops(redress: Redress, theirs: FeedServer) -> None:
    redress("feed", "add", theirs.url, "--name", "The Ombudsman")

    assert "Feeds asked for: 1" in redress("feed", "fetch")
    assert "private network" in redress.json("feed", "list")[0]["problem"]
    assert "followed no more" in redress("feed", "stop", theirs.url)
    assert redress.json("feed", "list")[0]["followed"] is False
    assert "We follow no feed" in redress.refuses("feed", "stop", "https://o.example/")


def test_that_a_feed_fails_and_is_well_again_is_told_once_each_in_its_history(
    house: House, theirs: FeedServer, there: Town
) -> None:
    follow(house, theirs.url)
    for _ in range(3):
        fetch_due(house)
        there.now += timedelta(hours=1)
    theirs.gives(rss(DAMP))
    fetch_due(house)
    with writing(house.engine) as session:
        feeds.stop(house.act(session), session.exec(select(Feed)).one())

    with reading(house.engine) as session:
        story = happened(session, FEED, [1])[1]

    assert [(one.name, one.because) for one in reversed(story)] == [
        ("feed.followed", ""),
        ("feed.failed", "it answered 404"),
        ("feed.well_again", ""),
        ("feed.stopped", ""),
    ]
