"""How someone walks through the form, page by page, in a browser."""

from playwright.sync_api import Page

from tests.web.town import Town

START = "/complain/example-council"


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue", exact=True).click()


def write(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).fill(words)
    go_on(page)


def choose(page: Page, answer: str) -> None:
    page.get_by_label(answer, exact=True).check()
    go_on(page)


def begin(page: Page, town: Town) -> None:
    page.goto(town.url + START)
    page.get_by_role("button", name="Start now").click()


def answer_all(page: Page, town: Town, what: str = "The lift has not worked for three weeks.") -> None:
    """From the start page to the last look, as someone who complains for their father and wants no telephone call."""
    begin(page, town)
    choose(page, "Housing")
    choose(page, "Someone else")
    page.get_by_label("What is their name?").fill("Rose Smith")
    write(page, "Why are you complaining for them?", "She is my mother and asked me to")
    write(page, "What happened?", what)
    write(page, "When did it happen?", "Since the middle of February")
    write(page, "What would put it right?", "Mend it, and say when")
    go_on(page)
    write(page, "What is your name?", "Ann Smith")
    page.get_by_label("Email address").fill("ann@example.com")
    write(page, "Telephone number", "01632 960 123")
    choose(page, "Telephone")
    write(page, "Do you need any help to communicate with us?", "Large print")
    choose(page, "I understand, and want you to look into my complaint")
