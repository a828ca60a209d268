"""Fetching the feeds that are due, with no transaction open while another's server is waited for."""

import logging

from app.house import House
from learning.public import feeds
from learning.public.feed_text import Item, NoFeed, read
from learning.public.fetching import Fetched, Limits, NotFetched, fetch
from storage.database import writing
from storage.tables import Feed

log = logging.getLogger("redress.feeds")


def fetch_due(house: House) -> int:
    """Fetch every feed that is due; gives how many were asked for."""
    total = 0
    while fetch_one(house):
        total += 1
    return total


def fetch_one(house: House, limits: Limits | None = None) -> bool:
    """Fetch the feed that has been due longest; False when none is. One at a time, so that stopping is soon done."""
    with writing(house.engine) as session:
        feed = feeds.claim_next(house.act(session))
    if feed is None:
        return False
    try:
        got = _got(house, feed, limits or Limits(private=house.settings.private_feeds == "yes"))
    except (NotFetched, NoFeed) as error:
        log.warning("feed %s was not fetched: %s", feed.id, error)
        with writing(house.engine) as session:
            feeds.failed(house.act(session), feed.id or 0, str(error))
        return True
    with writing(house.engine) as session:
        feeds.keep(house.act(session), feed.id or 0, *got)
    return True


def _got(house: House, feed: Feed, limits: Limits) -> tuple[Fetched, list[Item]]:
    fetched = fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified, limits=limits)
    return fetched, read(fetched.raw, house.clock()) if fetched.raw is not None else []
