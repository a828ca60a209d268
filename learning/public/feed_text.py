"""Reading the feeds of others, Atom, RSS and JSON, as hostile bytes: no entities, no network, no more than a limit."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html  # type: ignore[import-untyped]  # lxml ships no types

from workflow.answers import tidy

MOST_ITEMS = 200  # of one feed at one time
MOST_LETTERS = {"guid": 300, "title": 300, "text": 5_000, "url": 1_000}
ATOM = "{http://www.w3.org/2005/Atom}"


class NoFeed(ValueError):
    """Bytes that are no feed we can read; the text says why."""


@dataclass(frozen=True)
class Item:
    """One thing that others published; `at` in UTC, never after the time it was read."""

    guid: str
    title: str
    text: str
    url: str
    at: datetime


def read(raw: bytes, now: datetime) -> list[Item]:
    """The items of a feed, in its own order; one without date has come now. Raises NoFeed."""
    is_json = raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    found = _json(raw) if is_json else _xml(raw)
    items = [item for item in (_item(one, now) for one in found) if item.title or item.text]
    return list({item.guid: item for item in reversed(items[:MOST_ITEMS])}.values())[::-1]


def _item(said: Mapping[str, str], now: datetime) -> Item:
    title, text, url = _words(said["title"]), _words(said["text"]), said["url"].strip()
    guid = said["guid"].strip() or url or sha256(f"{title}\0{text}".encode()).hexdigest()
    return Item(
        guid if len(guid) <= MOST_LETTERS["guid"] else sha256(guid.encode("utf-8", "replace")).hexdigest(),
        _cut(title, "title"),
        _cut(text, "text"),
        url if _is_page(url) else "",
        min(_when(said["at"]) or now, now),
    )


def _json(raw: bytes) -> Iterator[dict[str, str]]:
    """JSON Feed 1 and 1.1."""
    try:
        feed = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NoFeed(f"it is no JSON that can be read ({type(error).__name__})") from None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise NoFeed("it is JSON, but no JSON Feed: it has no items")
    for item in feed["items"]:
        if isinstance(item, dict):
            said = {name: str(value) for name, value in item.items() if isinstance(value, str | int | float)}
            said["content_html"] = _unmarked(said.get("content_html", ""))
            yield _told(said, "id", ("title",), ("content_text", "content_html", "summary"), ("url", "external_url"),
                        ("date_published", "date_modified"))  # fmt: skip


def _xml(raw: bytes) -> Iterator[dict[str, str]]:
    """Atom, RSS 2 and RSS 1."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NoFeed(f"it is neither XML nor JSON that can be read ({str(error)[:100]})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise NoFeed("it declares entities of its own, which no feed needs")
    name = etree.QName(root).localname
    if root.tag == f"{ATOM}feed":
        return (_atom(entry) for entry in root.iter(f"{ATOM}entry"))
    if name in ("rss", "RDF"):
        return (_rss(item) for item in root.iter("{*}item"))
    raise NoFeed(f"it is XML, but no feed: it begins with <{name[:40]}>")


def _atom(entry: Any) -> dict[str, str]:
    said = _children(entry, lambda child: child.get("type") == "html")
    for link in entry.iter(f"{ATOM}link"):
        if link.get("rel", "alternate") == "alternate":
            said.setdefault("href", link.get("href", ""))
    return _told(said, "id", ("title",), ("content", "summary"), ("href",), ("published", "updated"))


def _rss(item: Any) -> dict[str, str]:
    said = _children(item, lambda child: etree.QName(child).localname in ("title", "description", "encoded"))
    return _told(said, "guid", ("title",), ("encoded", "description"), ("link", "guid"), ("pubDate", "date"))


def _children(element: Any, is_html: Callable[[Any], bool]) -> dict[str, str]:
    """The words of each child by its plain name, the first of each."""
    found: dict[str, str] = {}
    for child in element.iterchildren(tag=etree.Element):
        text = "".join(child.itertext())
        found.setdefault(etree.QName(child).localname, _unmarked(text) if is_html(child) else text)
    return found


def _told(said: Mapping[str, str], guid: str, title: tuple[str, ...], text: tuple[str, ...], url: tuple[str, ...],
          at: tuple[str, ...]) -> dict[str, str]:  # fmt: skip
    names = {"guid": (guid,), "title": title, "text": text, "url": url, "at": at}
    return {to: next((said[name] for name in these if said.get(name)), "") for to, these in names.items()}


def _unmarked(said: str) -> str:
    """HTML as words; scripts and styles are none."""
    said = tidy(said)
    if not re.search(r"<[A-Za-z/!]|&#?\w+;", said):
        return said
    try:
        tree = html.fromstring(f"<div>{said[:100_000]}</div>")
    except (etree.ParserError, ValueError):
        return ""
    for dead in tree.xpath("//script|//style"):
        dead.drop_tree()
    return " ".join(tree.itertext())


def _words(said: str) -> str:
    return " ".join(tidy(said).split())


def _cut(said: str, name: str) -> str:
    most = MOST_LETTERS[name]
    return said if len(said) <= most else f"{said[: most - 1]}…"


def _is_page(url: str) -> bool:
    """Whether it may be a link on our pages: http or https, and nothing that hides in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_plain = url.isprintable() and " " not in url and len(url) <= MOST_LETTERS["url"]
    return parts.scheme in ("http", "https") and bool(parts.hostname) and is_plain


def _when(said: str) -> datetime | None:
    said = said.strip()
    for read_date in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read_date(said)
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
