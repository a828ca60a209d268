"""The feeds of others are read in all their kinds, and hostile ones do nothing."""

import json
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.public.feed_text import MOST_ITEMS, NoFeed, read

NOW = datetime(2025, 12, 18, 9, tzinfo=UTC)
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>All</title>
<entry><id>urn:1</id><title type="html">Damp &amp;amp; mould</title><link rel="self" href="https://o.example/self"/>
<link href="https://o.example/1"/><updated>2025-12-01T10:00:00+01:00</updated>
<summary type="html">
&lt;p&gt;Two &lt;b&gt;homes&lt;/b&gt;&lt;script&gt;evil()&lt;/script&gt;&lt;/p&gt;</summary></entry></feed>"""
RSS = """<rss version="2.0"><channel><title>News</title><item><title>Lifts</title><link>https://o.example/2</link>
<guid isPermaLink="false">g2</guid><pubDate>Mon, 01 Dec 2025 09:00:00 GMT</pubDate><description>Old.</description>
</item></channel></rss>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><item><title>Lifts</title><link>https://o.example/2</link>
<dc:date>2025-12-01T09:00:00Z</dc:date></item></rdf:RDF>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<rss><channel><item><title>&c;</title></item></channel></rss>"""
FILE = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname">]>
<rss><channel><item><title>&f;</title></item></channel></rss>"""


def rss(*items: str) -> bytes:
    return f"<rss><channel>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>".encode()


def test_an_atom_feed_is_read_as_plain_words() -> None:
    item = read(ATOM.encode(), NOW)[0]

    assert (item.guid, item.title, item.url) == ("urn:1", "Damp & mould", "https://o.example/1")
    assert item.text == "Two homes"
    assert item.at == datetime(2025, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("feed", [RSS, RDF])
def test_an_rss_feed_of_either_kind_is_read(feed: str) -> None:
    item = read(feed.encode(), NOW)[0]

    assert (item.title, item.url, item.at) == ("Lifts", "https://o.example/2", datetime(2025, 12, 1, 9, tzinfo=UTC))


def test_a_json_feed_is_read() -> None:
    items = [{"id": 7, "url": "https://o.example/7", "content_html": "<p>Hello &amp; more</p>", "title": None,
              "date_published": "2025-12-01T09:00:00Z"}, "no item", {}]  # fmt: skip

    (item,) = read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode(), NOW)

    assert (item.guid, item.text, item.at.day) == ("7", "Hello & more", 1)


def test_what_says_that_it_is_plain_is_taken_as_it_stands() -> None:
    atom = ATOM.replace(' type="html"', "").replace("Damp &amp;amp; mould", "Fish &lt;and&gt; chips")

    assert read(atom.encode(), NOW)[0].title == "Fish <and> chips"


@pytest.mark.parametrize("hostile", [BOMB, FILE])
def test_entities_of_its_own_are_refused(hostile: str) -> None:
    with pytest.raises(NoFeed, match=r"entities of its own|can be read"):
        read(hostile.encode(), NOW)


@pytest.mark.parametrize(
    "raw", [b"", b"<html></html>", b"{}", b"[1]", b"{" * 100_000, b"<a", b"\xff\xfe\x00", b'{"items": 5}']
)
def test_what_is_no_feed_is_refused_with_words(raw: bytes) -> None:
    with pytest.raises(NoFeed, match="it is"):
        read(raw, NOW)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//o.example", "https:///x", "ftp://o.example/", "https://o example"],
)
def test_an_address_that_is_no_page_becomes_no_link(url: str) -> None:
    assert read(rss(f"<title>x</title><link>{url}</link>"), NOW)[0].url == ""


def test_an_item_without_date_or_from_the_future_has_come_now() -> None:
    items = read(rss("<title>a</title>", "<title>b</title><pubDate>Mon, 01 Dec 2225 09:00:00 GMT</pubDate>"), NOW)

    assert [item.at for item in items] == [NOW, NOW]


def test_no_more_is_kept_than_the_limits() -> None:
    items = read(rss(*(f"<title>{'x' * 400}</title><guid>{'g' * 400}{n}</guid>" for n in range(300))), NOW)

    assert len(items) == MOST_ITEMS
    assert (len(items[0].title), len(items[0].guid)) == (300, 64)


def test_an_item_told_twice_is_one() -> None:
    assert len(read(rss("<title>a</title><guid>1</guid>", "<title>b</title><guid>1</guid>"), NOW)) == 1


@pytest.mark.timed  # what is counted of its million lines is counted in the other tests too
def test_a_large_feed_needs_little_memory() -> None:
    raw = rss(*("<title>x</title>" for _ in range(60_000)))

    tracemalloc.start()
    read(raw, NOW)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 50 * 1024 * 1024


@given(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: rss(f"<title>{text}</title>"))))
def test_whatever_the_bytes_they_are_read_or_refused(raw: bytes) -> None:
    try:
        items = read(raw, NOW)
    except NoFeed:
        return
    assert all(item.at <= NOW and "\x00" not in item.title for item in items)
