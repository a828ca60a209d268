"""Another's server is asked within limits: of time, of size, of turns, and of where it may be."""

import ipaddress
import time
from collections.abc import Iterator

import pytest

from learning.public.fetching import Fetched, Limits, NotFetched, fetch, is_public
from tests.servers.feeds import FeedServer, drips, feed_server

HERE = Limits(private=True, seconds=1, largest=10_000)


@pytest.fixture
def theirs() -> Iterator[FeedServer]:
    with feed_server() as server:
        yield server


def test_a_feed_is_fetched_with_what_tells_it_from_the_next(theirs: FeedServer) -> None:
    theirs.gives(b"<rss/>", ETag='"1"', Last_Modified="Mon, 01 Dec 2025 09:00:00 GMT")

    assert fetch(theirs.url, limits=HERE) == Fetched(b"<rss/>", '"1"', "Mon, 01 Dec 2025 09:00:00 GMT")


def test_one_that_has_not_changed_is_not_sent_again(theirs: FeedServer) -> None:
    theirs.answer = lambda asked: asked.say(304)

    got = fetch(theirs.url, etag='"1"', last_modified="Mon", limits=HERE)

    assert got.raw is None
    assert (theirs.asked[0]["If-None-Match"], theirs.asked[0]["If-Modified-Since"]) == ('"1"', "Mon")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "ff02::1"],
)  # fmt: skip
def test_an_address_in_a_private_network_is_known(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_whole_internet_is_known(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
def test_nobody_can_make_us_ask_a_server_of_our_own_network(theirs: FeedServer, host: str) -> None:
    with pytest.raises(NotFetched, match=r"private network|no server of this name"):
        fetch(theirs.url.replace("127.0.0.1", host), limits=Limits())

    assert theirs.asked == []


def test_nor_by_sending_us_on_to_it(theirs: FeedServer) -> None:
    theirs.answer = lambda asked: asked.say(302, Location="file:///etc/hostname")

    with pytest.raises(NotFetched, match="neither https:// nor http://"):
        fetch(theirs.url, limits=HERE)


def test_a_feed_that_moved_is_followed_but_not_for_ever(theirs: FeedServer) -> None:
    theirs.answer = lambda asked: asked.say(301, Location="/new") if asked.path == "/feed" else asked.say(200, b"{}")
    assert fetch(theirs.url, limits=HERE).raw == b"{}"

    theirs.answer = lambda asked: asked.say(301, Location="/feed")
    with pytest.raises(NotFetched, match="more than 3 times"):
        fetch(theirs.url, limits=HERE)


def test_more_than_the_limit_is_not_taken(theirs: FeedServer) -> None:
    theirs.gives(b"x" * 10_001)

    with pytest.raises(NotFetched, match="larger than"):
        fetch(theirs.url, limits=HERE)


def test_something_packed_is_not_unpacked(theirs: FeedServer) -> None:
    theirs.gives(b"\x1f\x8b", Content_Encoding="gzip")

    with pytest.raises(NotFetched, match="packed"):
        fetch(theirs.url, limits=HERE)


def test_one_that_sends_a_byte_now_and_then_does_not_hold_us(theirs: FeedServer) -> None:
    theirs.answer = drips
    began = time.monotonic()

    with pytest.raises(NotFetched, match=r"did not answer within 1 seconds|broke off|breaks off"):
        fetch(theirs.url, limits=HERE)

    assert time.monotonic() - began < 4


def test_what_breaks_off_is_not_taken_for_the_whole(theirs: FeedServer) -> None:
    theirs.answer = lambda asked: asked.say(200, b"<rss", Content_Length="100", Connection="close")

    with pytest.raises(NotFetched, match=r"broke off|did not answer|breaks off"):
        fetch(theirs.url, limits=HERE)


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_refusal_is_told_by_its_number(theirs: FeedServer, status: int) -> None:
    theirs.answer = lambda asked: asked.say(status)

    with pytest.raises(NotFetched, match=f"it answered {status}"):
        fetch(theirs.url, limits=HERE)


@pytest.mark.parametrize("url", ["ftp://o.example/", "https://", "http://o.example:x/", "http://u:p@o.example/", "x"])
def test_an_address_that_can_not_be_asked_is_told(url: str) -> None:
    with pytest.raises(NotFetched, match="its address"):
        fetch(url, limits=HERE)


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(NotFetched, match="can't be reached"):
        fetch("http://127.0.0.1:1/feed", limits=HERE)
