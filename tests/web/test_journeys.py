"""Whole complaints in a real browser: without JavaScript, with it, and by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser import PHONE
from tests.web.town import Town
from tests.web.walk import START, answer_all, begin, choose, go_on, write


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A phone without JavaScript."""
    with browser.new_context(java_script_enabled=False, viewport=PHONE) as context:
        yield context.new_page()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


def test_a_complaint_is_made_without_javascript_on_a_phone(plain_page: Page, the_town: Town) -> None:
    answer_all(plain_page, the_town)
    plain_page.get_by_role("button", name="Send complaint").click()

    (case,) = the_town.cases()
    expect(plain_page.get_by_role("heading", name="Complaint sent")).to_be_visible()
    assert case.reference in plain_page.inner_text("body")
    assert "by Monday 9 March 2026" in plain_page.inner_text("body")
    assert (case.channel, case.received_at) == ("web", the_town.now)


def test_what_was_answered_reaches_the_case(plain_page: Page, the_town: Town) -> None:
    answer_all(plain_page, the_town)
    plain_page.get_by_role("button", name="Send complaint").click()

    (contact,) = the_town.contacts()
    answers = contact.reading["answers"]
    assert {
        key: answers[key] for key in ("service", "about", "about_name", "prefers", "avoid", "consent", "language")
    } == {
        "service": "housing",
        "about": "someone_else",
        "about_name": "Rose Smith",
        "prefers": "email",
        "avoid": ["telephone"],
        "consent": True,
        "language": "en",
    }
    assert contact.text.startswith("The lift has not worked for three weeks.\n\nWhen it happened:\nSince the middle")


def test_an_answer_is_changed_from_the_last_look(page: Page, the_town: Town) -> None:
    answer_all(page, the_town)

    page.get_by_role("link", name="Change what happened").click()
    assert page.get_by_label("What happened?").input_value() == "The lift has not worked for three weeks."
    write(page, "What happened?", "The lift and the door are broken.")

    assert page.url.endswith("/check")
    assert "The lift and the door are broken." in page.inner_text("main")


def test_a_way_that_is_no_longer_open_is_asked_again(page: Page, the_town: Town) -> None:
    answer_all(page, the_town)

    page.get_by_role("link", name="Change email address").click()
    page.get_by_label("Email address").fill("")
    go_on(page)

    expect(page.get_by_role("heading", name="Contacting you safely")).to_be_visible()


def test_a_missing_answer_is_said_at_the_top_and_at_the_field_and_nothing_typed_is_lost(
    plain_page: Page, the_town: Town
) -> None:
    begin(plain_page, the_town)
    choose(plain_page, "Housing")
    choose(plain_page, "Someone else")
    write(plain_page, "Why are you complaining for them?", "I am her daughter")

    assert plain_page.title().startswith("Error: ")
    expect(plain_page.get_by_role("link", name="Enter the name of the person you are complaining for")).to_be_visible()
    assert plain_page.get_by_label("Why are you complaining for them?").input_value() == "I am her daughter"


def test_a_sentence_is_no_email_address_and_stays_in_its_field_until_it_is_mended(
    plain_page: Page, the_town: Town
) -> None:
    plain_page.goto(the_town.url + f"{START}/contact")
    plain_page.get_by_label("Postal address").fill("1 High Street")
    write(plain_page, "Email address", "I will finish this later")

    error = "Enter an email address in the correct format, like name@example.com"
    expect(plain_page.get_by_role("alert").get_by_role("link", name=error)).to_have_attribute("href", "#email")
    expect(plain_page.locator("#email-error")).to_contain_text(error)
    expect(plain_page.get_by_label("Email address")).to_have_value("I will finish this later")
    expect(plain_page.get_by_label("Postal address")).to_have_value("1 High Street")
    assert the_town.drafts() == []


def test_the_whole_form_can_be_filled_in_with_the_keyboard_alone(page: Page, the_town: Town) -> None:
    page.goto(the_town.url + START)

    page.get_by_role("button", name="Start now").press("Enter")
    page.get_by_label("Housing").press("Space")
    page.keyboard.press("Enter")
    page.get_by_label("Me", exact=True).press("Space")
    page.keyboard.press("Enter")
    page.get_by_label("What happened?").press_sequentially("No heat")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="When did it happen?")).to_be_visible()


def test_files_are_added_one_taken_away_and_the_rest_sent(plain_page: Page, the_town: Town) -> None:
    answer_all(plain_page, the_town)
    plain_page.get_by_role("link", name="Change photos and documents").click()
    picture: FilePayload = {"name": "lift.jpg", "mimeType": "image/jpeg", "buffer": b"a picture"}
    letter: FilePayload = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"a letter"}
    plain_page.get_by_label("Choose files").set_input_files([picture, letter])
    plain_page.get_by_role("button", name="Add and choose more").click()
    plain_page.get_by_role("button", name="Remove lift.jpg").click()
    go_on(plain_page)
    plain_page.get_by_role("button", name="Send complaint").click()

    (contact,) = the_town.contacts()
    assert [file["name"] for file in contact.reading["answers"]["files"]] == ["letter.pdf"]


def test_leaving_quickly_takes_the_pages_place_in_the_history(page: Page, the_town: Town) -> None:
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="the weather"))
    page.goto(the_town.url)
    page.goto(the_town.url + START)

    page.get_by_role("button", name="Exit this page").first.click()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    page.go_back()

    assert page.url == the_town.url + "/"


def test_the_exit_is_a_plain_link_on_every_page_without_javascript(plain_page: Page, the_town: Town) -> None:
    for path in ("/", START, f"{START}/what", "/help/privacy", "/nothing-here"):
        plain_page.goto(the_town.url + path)

        link = plain_page.locator("a.govuk-exit-this-page__button")
        assert link.get_attribute("href") == "https://www.bbc.co.uk/weather"
        assert "noopener" in (link.get_attribute("rel") or "")


def test_our_scripts_run_under_the_security_policy_and_nothing_is_refused(page: Page, the_town: Town) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    page.goto(the_town.url + f"{START}/what")

    expect(page.locator("body.js-enabled.govuk-frontend-supported")).to_be_visible()
    assert page.locator("[data-govuk-exit-this-page-init]").count() == 1
    assert said == []


@pytest.mark.requirement("R141")
def test_equality_answers_are_kept_apart_from_the_case(plain_page: Page, the_town: Town) -> None:
    answer_all(plain_page, the_town)
    plain_page.get_by_role("button", name="Send complaint").click()
    plain_page.get_by_role("link", name="answer a few questions about yourself").click()
    plain_page.get_by_label("25 to 44").check()
    plain_page.get_by_role("button", name="Send my answers").click()

    expect(plain_page.get_by_role("heading", name="Thank you")).to_be_visible()
    (kept,) = the_town.equality_answers()
    assert (kept.month.isoformat(), kept.answers) == ("2026-03-01", {"age": "25-44"})
    assert "25-44" not in str([contact.reading for contact in the_town.contacts()])
