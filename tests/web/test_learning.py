"""What was learnt, for everybody: pages and feeds of what a person published, in both languages, kept by caches."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Xml

import httpx2
import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine
from sqlmodel import select

from learning.public import stakeholders
from learning.public.feed_text import read as read_feed
from learning.public.published import PAGE
from storage.database import reading
from storage.journal import Journal
from storage.tables import Organisation, Stakeholder
from templates.sentences import sentences
from tests.browser import DESKTOP, PHONE, axe, browser, picture, sticks_out
from tests.learning.lessons import a_lesson, acting, checked, out, withdrawn, written
from tests.servers.pages import on_a_port
from tests.town import Town, town
from web.door import WebDoor
from web.site import application
from workflow.subjects import subjects

__all__ = ["browser"]
ATOM = "{http://www.w3.org/2005/Atom}"
WELSH = {"title_cy": "Gwaith trwsio", "you_said_cy": "Bu’n rhaid aros.", "we_did_cy": "Ni all neb ei gau."}
FIRST = "/learning/repairs-that-nobody-confirmed"


class Pages:
    """The public's pages of the small town, and somebody who reads them."""

    def __init__(self, there: Town, url: str) -> None:
        self.town, self.url = there, url
        self.client = httpx2.Client(base_url=url, timeout=30, verify=False)  # there is no TLS

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.fixture
def pages(engine: Engine) -> Iterator[Pages]:
    with served(town(engine)) as there:
        yield there


@contextmanager
def served(there: Town) -> Iterator[Pages]:
    with Journal(there.engine) as journal:
        door = WebDoor(there.engine, journal, lambda: there.now, there.office, lambda _contact: None)
        with on_a_port(application(door)) as url:
            found = Pages(there, url)
            yield found
            found.client.close()


def a_stakeholder(there: Town) -> tuple[int, str]:
    with acting(there, "mina") as act:
        bodies = act.session.exec(select(Organisation)).all()
        given = {"organisation": "homes", "kind": "press", "name": "Town News", "email": "news@press.example"}
        row = stakeholders.add(act, given, bodies)
        return row.id or 0, f"/learning/stop/{stakeholders.secret(there.office, row)}"


def stopped(there: Town, id_: int) -> bool:
    with reading(there.engine) as session:
        return session.get_one(Stakeholder, id_).stopped_at is not None


@pytest.mark.requirement("R117", "R121", "R313")
def test_what_is_published_can_be_read_by_everybody(pages: Pages) -> None:
    out(pages.town)

    listed, one = pages.get("/learning").text, pages.get(FIRST).text

    assert f'href="{FIRST}"' in listed
    for words in ("What people told us", "A resident waited three weeks", "What we did", "Nobody can close a repair"):
        assert words in one
    assert "Town Homes" in one


def test_nothing_unpublished_can_be_read(pages: Pages) -> None:
    lesson = a_lesson(pages.town)
    written(pages.town, lesson)
    checked(pages.town, lesson)

    assert "Nothing is published here yet" in pages.get("/learning").text
    assert pages.get(FIRST).status_code == 404
    assert pages.get("/learning/feed.json").json()["items"] == []


def test_what_is_withdrawn_is_gone_from_pages_and_feeds(pages: Pages) -> None:
    withdrawn(pages.town, out(pages.town))

    gone = pages.get(FIRST)

    assert gone.status_code == 410
    assert "This text was withdrawn" in gone.text
    assert FIRST not in pages.get("/learning").text + pages.get("/learning/feed.atom").text


def test_it_is_shown_by_organisation_and_by_subject(pages: Pages) -> None:
    out(pages.town, title_en="About delay", subject="delay")
    out(pages.town, title_en="About damp", subject="property")

    def titles(query: str) -> list[str]:
        return [item["title"] for item in pages.get(f"/learning/feed.json{query}").json()["items"]]

    assert titles("") == ["About damp", "About delay"]
    assert titles("?subject=delay") == ["About delay"]
    assert (len(titles("?organisation=homes")), titles("?organisation=town")) == (2, [])
    page = pages.get("/learning?organisation=homes&subject=property").text
    assert ("About damp" in page, "About delay" in page) == (True, False)


@pytest.mark.parametrize(
    "query", ["?subject=noise", "?organisation=A%20b", "?page=0", "?page=x", "?organisation=nowhere"]
)
def test_what_can_not_be_asked_is_not_there(pages: Pages, query: str) -> None:
    assert pages.get(f"/learning{query}").status_code == 404
    assert pages.get(f"/learning/feed.atom{query}").status_code == 404


def test_welsh_is_read_in_welsh_and_english_is_marked_where_there_is_none(pages: Pages) -> None:
    out(pages.town, **WELSH)
    out(pages.town, title_en="Only English")
    pages.client.cookies.set("language", "cy")

    welsh, english = pages.get(FIRST).text, pages.get("/learning/only-english").text

    assert "Ni all neb ei gau." in welsh
    assert "Yn Saesneg yn unig" in english
    assert '<h1 class="govuk-heading-l redress-typed" lang="en">Only English' in english


def test_search_engines_may_keep_these_pages(pages: Pages) -> None:
    out(pages.town)

    assert "noindex" not in pages.get("/learning").text + pages.get(FIRST).text
    assert "noindex" in pages.get("/").text


@pytest.mark.parametrize("path", ["/learning", FIRST, "/learning/feed.atom", "/learning/feed.json"])
def test_caches_may_keep_them_and_ask_whether_they_changed(pages: Pages, path: str) -> None:
    out(pages.town)
    first = pages.get(path)

    again = pages.get(path, If_None_Match=f'W/"x", {first.headers["etag"]}')
    out(pages.town, title_en="Another")
    changed = pages.get(path, If_None_Match=first.headers["etag"])

    assert first.headers["cache-control"] == "public, max-age=300"
    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == (304 if path == FIRST else 200)


def test_the_atom_feed_has_all_that_the_standard_asks_for(pages: Pages) -> None:
    out(pages.town, title_en="Fish & <chips>", **WELSH)
    got = pages.get("/learning/feed.atom?organisation=homes&language=cy")
    feed = Xml.fromstring(got.content)

    entry = feed.find(f"{ATOM}entry")

    assert got.headers["content-type"] == "application/atom+xml"
    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "cy"
    for element in (feed, entry):
        assert element is not None
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{name}")
            assert found.text
        assert element.findtext(f"{ATOM}author/{ATOM}name") == "Town Homes"
    assert entry is not None
    assert datetime.fromisoformat(str(entry.findtext(f"{ATOM}updated"))) == datetime(2025, 12, 18, 9, tzinfo=UTC)
    assert (entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}title")) == (
        "https://redress.example/learning/fish-chips",
        "Gwaith trwsio",
    )
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == "https://redress.example/learning/feed.atom?organisation=homes&language=cy"


@pytest.mark.requirement("R116")
def test_the_json_feed_has_all_that_the_standard_asks_for_and_nobody_in_it(pages: Pages) -> None:
    out(pages.town, pages.town.mail("The lift is broken."), title_en="Fish & <chips>")
    got = pages.get("/learning/feed.json")
    feed: dict[str, Any] = got.json()

    assert got.headers["content-type"] == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://redress.example/learning/feed.json"
    assert all(isinstance(item["id"], str) and item["content_text"] for item in feed["items"])
    assert feed["items"][0]["date_published"] == "2025-12-18T09:00:00Z"
    assert feed["items"][0]["tags"] == ["Delay, or nothing done"]
    assert not [word for word in ("Bloggs", "citizen.example", "RD-") if word in got.text]


@pytest.mark.requirement("R116", "R280")
@pytest.mark.parametrize("kind", ["atom", "json"])
def test_another_installation_can_follow_our_feed(pages: Pages, kind: str) -> None:
    out(pages.town, title_en="Fish & <chips>")

    (item,) = read_feed(pages.get(f"/learning/feed.{kind}").content, pages.town.now.astimezone(UTC))

    assert (item.title, item.url) == ("Fish & <chips>", "https://redress.example/learning/fish-chips")
    assert "A resident waited three weeks" in item.text


def test_a_long_feed_comes_in_pages(pages: Pages) -> None:
    for number in range(PAGE + 2):
        pages.town.now += timedelta(minutes=1)
        out(pages.town, title_en=f"Lesson {number}")

    first = pages.get("/learning/feed.json").json()
    second = pages.get(first["next_url"].removeprefix("https://redress.example")).json()

    assert (len(first["items"]), len(second["items"])) == (PAGE, 2)
    assert "next_url" not in second
    assert 'rel="next"' in pages.get("/learning/feed.atom").text
    assert "Lesson 0" in pages.get("/learning?page=2").text


def test_what_xml_can_not_hold_does_not_break_the_feed(pages: Pages) -> None:
    out(pages.town, title_en="Odd \uffff sign ]]> &amp;")

    entry = Xml.fromstring(pages.get("/learning/feed.atom").content).find(f"{ATOM}entry")

    assert entry is not None
    assert entry.findtext(f"{ATOM}title") == "Odd  sign ]]> &amp;"


@pytest.mark.requirement("R122")
def test_looking_at_the_stop_page_stops_nothing_and_its_button_does(pages: Pages) -> None:
    id_, path = a_stakeholder(pages.town)

    asked, before = pages.get(path).text, stopped(pages.town, id_)
    said = pages.client.post(path).text

    assert "Stop the emails" in asked
    assert (before, stopped(pages.town, id_)) == (False, True)
    assert "The emails are stopped" in said


def test_the_mail_programs_own_button_stops_them_with_one_post(pages: Pages) -> None:
    id_, path = a_stakeholder(pages.town)

    answer = httpx2.post(f"{pages.url}{path}", data={"List-Unsubscribe": "One-Click"}, verify=False)

    assert answer.status_code == 200
    assert stopped(pages.town, id_)


def test_a_guessed_stop_link_is_not_there(pages: Pages) -> None:
    assert pages.get(f"/learning/stop/{'a' * 26}").status_code == 404
    assert pages.client.post(f"/learning/stop/{'a' * 26}").status_code == 404


def test_every_subject_has_words_for_the_public() -> None:
    for language in ("en", "cy"):
        assert list(sentences(language)["subjects"]) == list(subjects())


@pytest.mark.parametrize("language", ["en", "cy"])
def test_each_page_keeps_the_rules_of_accessibility(pages: Pages, browser: Browser, language: str) -> None:
    out(pages.town, **WELSH)
    out(pages.town, title_en="Only English, with a long word " + "x" * 60, subject="property")
    lost = out(pages.town, title_en="Gone")
    withdrawn(pages.town, lost)
    _, stop = a_stakeholder(pages.town)
    wrong = []
    paths = {"learning": "/learning", "filtered": "/learning?organisation=homes&subject=delay", "lesson": FIRST,
             "english": "/learning/only-english-with-a-long-word-" + "x" * 48, "gone": "/learning/gone",
             "stop": stop}  # fmt: skip

    for size in (DESKTOP, PHONE):
        with browser.new_context(viewport=size, base_url=pages.url) as context:
            context.add_cookies([{"name": "language", "value": language, "url": pages.url}])
            page = context.new_page()
            for name, path in paths.items():
                page.goto(path)
                picture(page, f"public-{name}-{language}-{size['width']}")
                wrong += [f"{name}: {each}" for each in axe(page)] + [name] * (sticks_out(page) > 0)
            if size == PHONE:  # once it is stopped there is no button any more
                page.click("main button")
            wrong += [f"stopped: {each}" for each in axe(page)]

    assert wrong == []
