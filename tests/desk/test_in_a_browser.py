"""The desk in a real browser: whole journeys by keyboard and on a telephone's screen, and no rule of axe broken."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlmodel import Session

from storage.database import writing
from storage.tables import Contact, Participant
from tests.browser import DESKTOP, PHONE, axe, picture, sticks_out
from tests.desk.office import ACKNOWLEDGED, COOKIE, Desk, act, last_letter, send_letter
from tests.desk.test_chat_updates import failed
from tests.desk.test_entering import SAID
from tests.desk.test_files import MAIL


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, the_desk: Desk) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, base_url=the_desk.url)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk_page(browser: Browser, the_desk: Desk) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP, base_url=the_desk.url)
    yield context.new_page()
    context.close()


def sit_down(the_desk: Desk, page: Page, name: str = "hana") -> Page:
    """Sign in without the mail."""
    token = the_desk.as_(name).cookies[COOKIE]
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": f"{the_desk.url}/desk"}])
    return page


def furnish(the_desk: Desk) -> dict[str, str]:
    """Cases of every sort, so that each page has something to show."""
    client = the_desk.as_("mina")
    busy = the_desk.town.arrive(MAIL.encode(), to="housing@town.example") or ""
    act(client, busy, "assign", to="hana@town.example", role="handler", because="She knows the street.")
    the_desk.town.mail("I am her neighbour.", subject=f"Re: {busy}", sender="else@citizen.example")
    the_desk.town.mail("I want to kill myself.", sender="bo@citizen.example")
    the_desk.town.mail("The door is broken.", sender="cy@citizen.example")
    with writing(the_desk.engine) as session:
        last = session.get_one(Contact, 4)
        last.standing, last.error, last.tries, last.case_id = "quarantined", "ValueError", 3, None
    postal = {"telephone": "", "postal_address": "2 Gate Lane\nTown TN1 1AA", "prefers": "post", "channel": "post"}
    home = client.post("/desk/new", data={**SAID, **postal, "avoid": "email", "once": "once"}).headers["location"]
    posted = str(home.rpartition("/")[2])
    send_letter(client, posted, "acknowledge", **ACKNOWLEDGED)
    send_letter(client, busy, "acknowledge", **ACKNOWLEDGED)
    act(client, busy, "decide", outcome="upheld", reasons="We were late.", remedy="An apology.", head="1")
    return {"busy": busy, "posted": posted, "print": f"/desk/letters/{last_letter(the_desk, posted)}/print"}


def check(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands."""
    picture(page, name)
    wide = [f"{sticks_out(page)} pixels too wide"] if sticks_out(page) > 0 else []
    return [f"{name}: {wrong}" for wrong in axe(page) + wide]


def test_what_a_messenger_brought_and_nobody_could_handle_keeps_them_too(the_desk: Desk, page: Page) -> None:
    size = "phone" if page.viewport_size == PHONE else "desktop"
    number = failed(the_desk)

    sit_down(the_desk, page, "ada").goto("/desk/tasks")
    wrong = check(page, f"{size}-tasks-of-an-administrator")
    page.goto(f"/desk/quarantine/chat/{number}")
    wrong += check(page, f"{size}-chat-update")
    page.get_by_role("button", name="Done").click()
    wrong += check(page, f"{size}-chat-update-refused")

    assert page.get_by_role("alert").is_visible()
    assert wrong == []


def test_every_page_keeps_the_rules_of_accessibility(the_desk: Desk, page: Page) -> None:
    size = "phone" if page.viewport_size == PHONE else "desktop"
    there = furnish(the_desk)
    case = f"/desk/cases/{there['busy']}"
    pages = {
        "worklist": "/desk", "worklist-done": "/desk?done=move", "mine": "/desk?show=mine", "tasks": "/desk/tasks",
        "search": "/desk/search", "held": "/desk/held", "quarantine": "/desk/quarantine",
        "quarantined": "/desk/quarantine/4",
        "new": "/desk/new", "case": f"{case}?done=acknowledge", "case-posted": f"/desk/cases/{there['posted']}",
        "assign": f"{case}/do/assign", "converse": f"{case}/do/converse", "extend": f"{case}/do/extend",
        "respond": f"{case}/do/respond", "admit": f"{case}/do/admit", "not-now": f"{case}/do/reopen",
        "print": there["print"], "not-found": "/desk/cases/RD-2222-2222",
    }  # fmt: skip

    sit_down(the_desk, page)
    wrong = []
    for name, address in pages.items():
        page.goto(address)
        wrong += check(page, f"{size}-{name}")
    page.goto(case)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    wrong += check(page, f"{size}-case-open")

    assert wrong == []


def test_every_page_of_errors_keeps_them_too(the_desk: Desk, page: Page) -> None:
    there = furnish(the_desk)
    case = f"/desk/cases/{there['busy']}"
    wrong = []

    page.goto("/desk")
    wrong += check(page, "sign-in")
    page.click("text=Send me a link")
    wrong += check(page, "sign-in-error")
    page.fill("#email", "hana@town.example")
    page.click("text=Send me a link")
    wrong += check(page, "link-sent")
    link = the_desk.link("hana@town.example")
    page.goto(link)
    wrong += check(page, "confirm")
    page.click("main button")
    page.goto(link)
    wrong += check(page, "link-over")
    page.goto("/desk/new")
    page.click("main button")
    wrong += check(page, "new-errors")
    page.goto(f"{case}/do/correct_receipt")
    wrong += check(page, "for-managers")
    page.goto(f"{case}/do/converse")
    page.click("main button")
    wrong += check(page, "form-error")
    page.fill("#said", "She rang about the gate.")
    act(the_desk.as_("ravi"), there["busy"], "converse", said="He rang too.")
    page.click("main button")
    wrong += check(page, "conflict")
    page.click("text=Sign out")
    wrong += check(page, "signed-out")

    assert wrong == []


def test_a_handler_signs_in_acknowledges_by_keyboard_and_takes_the_letter_back(the_desk: Desk, desk_page: Page) -> None:
    page = desk_page
    reference = the_desk.town.mail("The gate is broken.")
    page.goto(f"/desk/cases/{reference}")
    page.get_by_label("Your work email address").fill("hana@town.example")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Check your email").wait_for()
    page.goto(the_desk.link("hana@town.example"))
    page.get_by_role("button", name="Sign in").press("Enter")
    page.wait_for_url(f"**/desk/cases/{reference}")

    page.get_by_role("button", name="Acknowledge", exact=True).press("Enter")
    for name, words in ACKNOWLEDGED.items():
        if page.locator(f"#{name}").count():
            page.locator(f"#{name}").fill(words)
    page.get_by_role("button", name="See the letter").press("Enter")
    letter = page.locator(".desk-letter").inner_text()
    picture(page, "preview")
    assert axe(page) == []
    page.get_by_role("button", name="Send", exact=True).press("Enter")
    page.get_by_role("button", name="Take it back").press("Enter")
    page.get_by_text("Take back a letter: done.").wait_for()

    assert "Dear Jo Bloggs" in letter
    assert "acknowledgement" not in [message.kind for message in the_desk.town.send()]


def test_a_missing_item_takes_the_focus_to_its_field(the_desk: Desk, desk_page: Page) -> None:
    page = sit_down(the_desk, desk_page)
    reference = the_desk.town.mail("The gate is broken.")
    page.goto(f"/desk/cases/{reference}/do/acknowledge")

    page.get_by_role("button", name="See the letter").click()
    focused = page.evaluate("document.activeElement.className")
    page.locator(".govuk-error-summary a").first.press("Enter")

    assert "govuk-error-summary" in focused
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    picture(page, "letter-incomplete")
    assert axe(page) == []


def test_a_call_is_taken_down_on_a_small_screen(the_desk: Desk, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, base_url=the_desk.url)
    page = sit_down(the_desk, context.new_page())
    page.goto("/desk/new")
    page.get_by_label("Telephone", exact=True).first.check()
    page.get_by_label("Repairs, Town Homes").check()
    for label, words in (("What happened?", "No heating for a week."), ("When did it happen?", "Last week"),
                         ("What is your name?", "Jo Bloggs"), ("Telephone number", "01632 960 111")):  # fmt: skip
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="Open a case").click()
    page.wait_for_url("**/desk/cases/RD-*")

    assert "No heating for a week." in page.content()
    with Session(the_desk.engine) as session:
        assert session.get_one(Participant, 1).telephone == "01632 960 111"
    context.close()


def test_nothing_of_a_page_stays_after_signing_out(the_desk: Desk, desk_page: Page) -> None:
    page = sit_down(the_desk, desk_page)
    reference = the_desk.town.mail("The gate is broken.")
    page.goto(f"/desk/cases/{reference}")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You have signed out").first.wait_for()

    page.go_back()

    assert "The gate is broken." not in page.content()


def test_no_page_breaks_its_own_security_policy(the_desk: Desk, desk_page: Page) -> None:
    page = sit_down(the_desk, desk_page)
    there = furnish(the_desk)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)

    for address in ("/desk", f"/desk/cases/{there['busy']}", "/desk/new", there["print"]):
        page.goto(address)

    assert said == []
