"""The published learning as feeds that other programs read: Atom (RFC 4287) and JSON Feed 1.1."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as Xml

from starlette.requests import Request
from starlette.responses import Response

from learning.public import published
from learning.public.published import Entry
from storage.database import reading
from templates.languages import spoken
from templates.sentences import sentences
from web.caching import kept
from web.learning_pages import asked
from web.pages import Site

ATOM = "http://www.w3.org/2005/Atom"
JSON = "https://jsonfeed.org/version/1.1"
NOTHING_YET = datetime(2000, 1, 1, tzinfo=UTC)  # a feed must say when it changed, even an empty one
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(site: Site, request: Request) -> Response:
    """The feed as Atom."""
    feed = _Feed(site, request, "atom")
    root = Xml.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.address())
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(max((one.changed_at for one in feed.entries), default=NOTHING_YET)))
    _add(_add(root, "author"), "name", feed.owner)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.address(feed.page))
    _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    if feed.more:
        _add(root, "link", rel="next", type="application/atom+xml", href=feed.address(feed.page + 1))
    for entry in feed.entries:
        _atom_entry(root, feed, entry)
    raw = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return kept(request, Response(raw, media_type="application/atom+xml"))


def as_json(site: Site, request: Request) -> Response:
    """The feed as JSON."""
    feed = _Feed(site, request, "json")
    told: dict[str, Any] = {
        "version": JSON,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address(feed.page),
        "language": feed.language,
        "authors": [{"name": feed.owner}],
        "items": [_json_item(feed, entry) for entry in feed.entries],
    }
    if feed.more:
        told["next_url"] = feed.address(feed.page + 1)
    raw = json.dumps(told, ensure_ascii=False)
    return kept(request, Response(raw, media_type="application/feed+json"))


class _Feed:
    """What both kinds of feed tell: which lessons, in which language, and where they are."""

    def __init__(self, site: Site, request: Request, kind: str) -> None:
        self._office, self._kind = site.door.office, kind
        self.slug, self.subject, self.page = asked(request)
        self.language = spoken(request.query_params.get("language", ""))
        self.words = sentences(self.language)
        with reading(site.door.engine) as session:
            self.entries, self.more = published.entries(session, body=self.slug, subject=self.subject, page=self.page)
        self.owner = site.bodies.find(self.slug).name if self.slug else self.words["page"]["owner"]
        about = f": {self.words['subjects'][self.subject]}" if self.subject else ""
        self.title = f"{self.words['learning']['title']}{about} – {self.owner}"

    @property
    def home(self) -> str:
        return self._office.link(f"/learning{_query(self._filters)}")

    @property
    def _filters(self) -> Mapping[str, str]:
        return {"organisation": self.slug, "subject": self.subject}

    def address(self, page: int = 1) -> str:
        own = {"language": "" if self.language == "en" else self.language, "page": "" if page == 1 else str(page)}
        return self._office.link(f"/learning/feed.{self._kind}{_query({**self._filters, **own})}")

    def link(self, entry: Entry) -> str:
        return self._office.link(f"/learning/{entry.slug}")

    def text(self, entry: Entry) -> str:
        """What was said and what was done, each under its heading, as plain words."""
        language = entry.language(self.language)
        it, words = entry.texts[language], sentences(language)["learning"]
        return f"{words['you_said']}\n\n{it['you_said']}\n\n{words['we_did']}\n\n{it['we_did']}"


def _atom_entry(root: Xml.Element, feed: _Feed, entry: Entry) -> None:
    language = entry.language(feed.language)
    element = _add(root, "entry", **({"xml:lang": language} if language != feed.language else {}))
    _add(element, "id", feed.link(entry))
    _add(element, "title", entry.texts[language]["title"])
    _add(element, "published", _moment(entry.published_at))
    _add(element, "updated", _moment(entry.changed_at))
    _add(_add(element, "author"), "name", entry.body)
    _add(element, "link", rel="alternate", type="text/html", href=feed.link(entry))
    if entry.subject:
        _add(element, "category", term=entry.subject, label=feed.words["subjects"][entry.subject])
    _add(element, "content", feed.text(entry), type="text")


def _json_item(feed: _Feed, entry: Entry) -> dict[str, Any]:
    language = entry.language(feed.language)
    return {
        "id": feed.link(entry),
        "url": feed.link(entry),
        "title": entry.texts[language]["title"],
        "content_text": feed.text(entry),
        "date_published": _moment(entry.published_at),
        "date_modified": _moment(entry.changed_at),
        "authors": [{"name": entry.body}],
        "language": language,
        "tags": _tags(entry, feed.words["subjects"]),
    }


def _tags(entry: Entry, names: Mapping[str, str]) -> Sequence[str]:
    return [names[entry.subject]] if entry.subject else []


def _add(parent: Xml.Element, name: str, text: str | None = None, **facts: str) -> Xml.Element:
    """A child with its text, without what XML can't hold even escaped."""
    child = Xml.SubElement(parent, name, {key: NO_XML.sub("", value) for key, value in facts.items()})
    child.text = None if text is None else NO_XML.sub("", text)
    return child


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _query(said: Mapping[str, str]) -> str:
    wanted = {name: value for name, value in said.items() if value}
    return f"?{urlencode(wanted)}" if wanted else ""
