"""Every public page, with and without errors, 320 pixels wide: no rule of axe is broken, and nothing sticks out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, PHONE, axe, picture, sticks_out
from tests.web.town import Town
from tests.web.visitor import answer, visitor
from tests.web.walk import START, answer_all, begin, choose, go_on

LONG_WORD = "http://example.org/" + "a" * 120


@dataclass
class Look:
    """Looks at each page it is shown as a phone shows it, the narrowest, and remembers what is wrong."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    seen: int = 0

    def at(self, name: str) -> None:
        self.seen += 1
        self.page.set_viewport_size(DESKTOP)
        picture(self.page, f"{name}-desktop")
        self.page.set_viewport_size(PHONE)
        picture(self.page, f"{name}-phone")
        self.wrong += [f"{name}: {each}" for each in axe(self.page)]
        if over := sticks_out(self.page):
            self.wrong.append(f"{name}: {over} pixels too wide")


@pytest.fixture
def look(browser: Browser) -> Iterator[Look]:
    with browser.new_context() as context:
        yield Look(context.new_page())


def test_pages_without_a_complaint(look: Look, the_town: Town) -> None:
    paths = {
        "front": "/",
        "start": START,
        "start-one-service": "/complain/example-homes",
        "privacy": "/help/privacy?body=example-council",
        "cookies": "/help/cookies",
        "accessibility": "/help/accessibility?body=example-council",
        "not-found": "/nothing-here",
        "link-not-valid": "/progress/abcdefghijklmnopqrstuvwxyz",
    }

    for name, path in paths.items():
        look.page.goto(the_town.url + path)
        look.at(name)

    assert look.wrong == []


def test_each_question_as_asked_and_as_refused(look: Look, the_town: Town) -> None:
    page = look.page
    begin(page, the_town)
    for name in ("service", "about", "person", "what", "when", "outcome", "files", "name", "contact"):
        look.at(name)
        if name == "files":
            page.get_by_label("Choose files").set_input_files(
                {"name": f"{LONG_WORD}.txt", "mimeType": "text/plain", "buffer": b"x"}
            )
            page.get_by_role("button", name="Add and choose more").click()
            look.at("files-added")
        elif name != "outcome":
            go_on(page)
            look.at(f"{name}-error")
        _answer(page, name)
    look.at("safe-contact")
    for way in ("Email", "Telephone", "Post"):
        page.get_by_label(way, exact=True).check()
    go_on(page)
    look.at("safe-contact-error")
    page.get_by_label("Email", exact=True).uncheck()
    page.get_by_label("Telephone", exact=True).uncheck()
    go_on(page)
    look.at("prefers")
    go_on(page)
    look.at("prefers-error")
    choose(page, "Email")
    look.at("needs")
    go_on(page)
    look.at("consent")
    go_on(page)
    look.at("consent-error")
    choose(page, "I understand, and want you to look into my complaint")
    look.at("check")

    assert page.url.endswith("/check")
    assert look.wrong == []
    assert look.seen == 25


def _answer(page: Page, name: str) -> None:
    answers = {
        "service": ["Adult social care"],
        "about": ["Someone else"],
    }
    fields = {
        "person": {"about_name": "Rose Smith", "authority": "I am her daughter"},
        "what": {"what": f"Nobody came.\n\nI wrote to {LONG_WORD}"},
        "when": {"when": "In May"},
        "name": {"name": "Ann Smith"},
        "contact": {"email": "ann@example.com", "telephone": "01632 960 123"},
    }
    for chosen in answers.get(name, []):
        page.get_by_label(chosen, exact=True).check()
    for key, words in fields.get(name, {}).items():
        page.locator(f"[name={key}]").fill(words)
    go_on(page)


def test_pages_after_sending(look: Look, the_town: Town) -> None:
    page = look.page
    answer_all(page, the_town)
    page.get_by_role("button", name="Send complaint").click()
    look.at("sent")
    page.get_by_role("link", name="answer a few questions about yourself").click()
    look.at("equality")
    progress = the_town.progress_path()
    for name in ("", "/add", "/withdraw", "/stop"):
        page.goto(the_town.url + progress + name)
        look.at(f"progress{name.replace('/', '-')}")
    for name, button in {"add": "Send", "withdraw": "Withdraw my complaint"}.items():
        page.goto(f"{the_town.url}{progress}/{name}")
        page.get_by_role("button", name=button).click()
        look.at(f"progress-{name}-error")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Withdraw my complaint").click()
    look.at("progress-withdrawn")
    page.goto(the_town.url + progress)
    look.at("progress-closed")
    page.goto(f"{the_town.url}{progress}/stop")
    page.get_by_role("button", name="Stop this link").click()
    look.at("progress-stopped")

    assert look.wrong == []


def test_pages_after_an_answer(look: Look, the_town: Town) -> None:
    page = look.page
    answer_all(page, the_town)
    page.get_by_role("button", name="Send complaint").click()
    the_town.answer_stage_one()
    page.goto(the_town.url + the_town.progress_path())
    look.at("progress-answered")
    page.get_by_role("link", name="Ask for the next stage").click()
    look.at("progress-next-stage")
    page.get_by_role("button", name="Ask for the next stage").click()
    look.at("progress-next-stage-asked")

    assert look.wrong == []


def test_pages_of_trouble(look: Look, the_town: Town) -> None:
    page = look.page
    answer_all(page, the_town)
    the_town.is_filing = False
    page.get_by_role("button", name="Send complaint").click()
    look.at("sent-without-reference")
    begin(page, the_town)
    the_town.break_database()
    page.get_by_label("Housing").check()
    go_on(page)
    look.at("unavailable-with-words")
    page.goto(the_town.url + START)
    look.at("unavailable")

    assert look.wrong == []


def test_pages_of_second_thoughts(look: Look, the_town: Town) -> None:
    page = look.page
    answer_all(page, the_town)
    page.get_by_role("button", name="Delete everything I have written").click()
    look.at("discarded")
    answer_all(page, the_town)
    left_open = page.context.new_page()
    left_open.goto(f"{the_town.url}{START}/what")
    page.get_by_role("button", name="Send complaint").click()
    page.get_by_role("link", name="answer a few questions about yourself").click()
    page.get_by_role("button", name="Send my answers").click()
    look.at("thanks")
    go_on(left_open)
    Look(left_open, look.wrong).at("already-sent")
    for _ in range(61):
        page.request.get(f"{the_town.url}/progress/{'a' * 26}")
    page.goto(f"{the_town.url}/progress/{'a' * 26}")
    look.at("too-often")

    assert page.get_by_role("heading", name="Please wait a minute").is_visible()
    assert look.wrong == []


def test_pages_in_welsh(look: Look, the_town: Town) -> None:
    page = look.page
    for name, path in {
        "front": "/?lang=cy",
        "start": START,
        "cookies": "/help/cookies",
        "file": f"{START}/files",
    }.items():
        page.goto(the_town.url + path)
        look.at(f"cy-{name}")
    with visitor(the_town) as client:
        answer(client)
        page.context.add_cookies([{"name": "complaint", "value": client.cookies["complaint"], "url": the_town.url}])
    page.goto(f"{the_town.url}{START}/what")
    page.get_by_label("Beth ddigwyddodd?").fill("")
    page.get_by_role("button", name="Parhau").click()
    look.at("cy-what-error")
    page.goto(f"{the_town.url}{START}/check")
    look.at("cy-check")
    page.get_by_role("button", name="Anfon y gŵyn").click()
    look.at("cy-sent")
    for name in ("", "/withdraw", "/language"):
        page.goto(the_town.url + the_town.progress_path() + name)
        look.at(f"cy-progress{name.replace('/', '-')}")

    assert page.locator("html").get_attribute("lang") == "cy"
    assert look.wrong == []
