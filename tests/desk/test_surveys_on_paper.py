"""Surveys on paper: printed with a sheet that names nobody, posted, and entered by their number when they come back."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page
from sqlmodel import select

from learning.feedback import survey_post
from learning.feedback.survey_number import number_of
from storage.database import writing
from storage.tables import Case, Message, Organisation, Participant, SurveyInvitation
from tests.browser import DESKTOP, PHONE
from tests.desk.office import Desk, act
from tests.desk.test_in_a_browser import check, sit_down
from tests.learning.surveying import invitations, kept, mails, sweep
from tests.town import KEYRING

POSTAL = "Jo Bloggs\n2 Gate Lane\nTown TN1 1AA"


@pytest.fixture
def letter(the_desk: Desk) -> str:
    """The page of a survey's letter that waits to be posted, about a complaint that Hana dealt with."""
    town = the_desk.town
    reference = town.mail("The lift is broken.") or ""
    town.do(reference, "change_contact", avoid="email", postal_address=POSTAL, because="he reads her mail")
    act(the_desk.as_("mina"), reference, "assign", to="hana@town.example", role="handler", because="Her street.")
    town.do(reference, "withdraw", still_dissatisfied="no")
    with writing(the_desk.engine) as session:
        for body in session.exec(select(Organisation)):
            body.postal_address = "Town Hall\n1 High Street\nTown TN1 1ZZ"
    sweep(town)
    sweep(town, "2025-12-25")
    return f"/desk/surveys/{mail(the_desk)}"


def number(the_desk: Desk) -> str:
    return number_of(KEYRING, hers(the_desk))


def hers(the_desk: Desk) -> SurveyInvitation:
    return next(one for one in invitations(the_desk.town) if one.grp == "complainant")


def mail(the_desk: Desk) -> int:
    return mails(the_desk.town)[0].id or 0


def enter(client: httpx2.Client, typed: str, **answers: str) -> httpx2.Response:
    step = {"step": "answers"} if answers else {}
    return client.post("/desk/surveys/sheet", data={"number": typed, **step, **answers})


def test_the_task_leads_to_a_letter_and_a_sheet_that_names_nobody(the_desk: Desk, letter: str) -> None:
    client = the_desk.as_("mina")

    tasks, page = client.get("/desk/tasks").text, client.get(letter).text

    assert f'href="{letter}"' in tasks
    assert page.count("<article") == 2
    printed, sheet = page.split("<article")[1:]
    assert "2 Gate Lane" in printed
    assert "How did we do?" in printed
    assert sheet.count('<th scope="row">') == 12
    assert sheet.count("desk-sheet__box") == 12 * 6
    assert f"Number {number(the_desk)}" in sheet
    assert "Send this sheet to: Town Homes, Town Hall, 1 High Street, Town TN1 1ZZ" in sheet
    assert "Bloggs" not in sheet
    assert "Gate Lane" not in sheet


def test_where_we_know_no_address_of_ours_whoever_prints_is_told_to_write_it(the_desk: Desk, letter: str) -> None:
    client, words = the_desk.as_("mina"), "Write on the letter and on the sheet where to send the answers."
    before = client.get(letter).text
    with writing(the_desk.engine) as session:
        for body in session.exec(select(Organisation)):
            body.postal_address = ""

    assert words in client.get(letter).text
    assert words not in before


def test_whoever_deals_with_the_complaint_leaves_its_survey_to_others(the_desk: Desk, letter: str) -> None:
    hana = the_desk.as_("hana")

    page, form = hana.get(letter), hana.get(f"{letter}/posted")

    assert "somebody else must post this" in page.text
    assert number(the_desk) not in page.text
    assert (page.status_code, form.status_code) == (409, 409)


def test_who_may_not_see_the_case_finds_no_letter(the_desk: Desk, letter: str) -> None:
    the_desk.hire("olu", "handler", "care")

    assert the_desk.as_("olu").get(letter).status_code == 404
    assert the_desk.as_("mina").get("/desk/surveys/77").status_code == 404
    assert the_desk.as_("mina").get("/desk/surveys/1").status_code == 404  # the receipt


def test_after_posting_nobody_finds_whose_number_it_was(the_desk: Desk, letter: str) -> None:
    client = the_desk.as_("mina")

    posted = client.post(f"{letter}/posted", data={"on-day": "25", "on-month": "12", "on-year": "2025"})

    assert posted.headers["location"] == "/desk/tasks"
    assert hers(the_desk).sent_at
    assert client.get(letter).status_code == 404
    assert "surveys/" not in client.get("/desk/tasks").text


def test_whose_complaint_was_opened_again_is_not_asked_yet(the_desk: Desk, letter: str) -> None:
    case = hers(the_desk).case_id
    with writing(the_desk.engine) as session:
        session.get_one(Case, case).state = "open"

    page = the_desk.as_("mina").get(letter)

    assert "opened again. Do not send it" in page.text
    assert "Gate Lane" not in page.text


def test_a_way_that_is_unsafe_by_now_is_not_printed(the_desk: Desk, letter: str) -> None:
    person = hers(the_desk).participant_id
    with writing(the_desk.engine) as session:
        session.get_one(Participant, person).avoid = ["email", "post"]

    page = the_desk.as_("mina").get(letter)

    assert "post is not safe for them" in page.text
    assert "Gate Lane" not in page.text


@pytest.mark.requirement("R311")
def test_a_sheet_is_entered_by_its_number_and_shows_nobody(the_desk: Desk, letter: str) -> None:
    ravi = the_desk.as_("ravi")

    asked = enter(ravi, f" {number(the_desk).lower()} ")
    done = enter(ravi, number(the_desk), handling="agree", easy="disagree", other="agree")

    assert "12. Overall, I am satisfied with the outcome." in asked.text
    assert "Bloggs" not in asked.text
    assert done.headers["location"] == "/desk/surveys/sheet?done=yes"
    assert "Kept, without whose it is" in ravi.get("/desk/surveys/sheet?done=yes").text
    assert [(one.channel, one.answers) for one in kept(the_desk.town)] == [
        ("post", {"easy": "disagree", "handling": "agree"})
    ]


def test_a_sheet_is_entered_once_and_not_after_answering_on_the_web(the_desk: Desk, letter: str) -> None:
    client = the_desk.as_("ravi")
    enter(client, number(the_desk), handling="agree")

    again = enter(client, number(the_desk), handling="disagree")

    assert again.status_code == 422
    assert "was answered already" in again.text
    assert len(kept(the_desk.town)) == 1


def test_an_empty_sheet_says_that_they_do_not_wish_to_answer(the_desk: Desk, letter: str) -> None:
    client = the_desk.as_("ravi")

    refused = enter(client, number(the_desk), handling="")
    both = enter(client, number(the_desk), handling="agree", empty="yes")
    enter(client, number(the_desk), handling="", empty="yes")

    assert [one.status_code for one in (refused, both)] == [422, 422]
    assert "Choose at least one answer" in refused.text
    assert hers(the_desk).closed_at
    assert kept(the_desk.town) == []


@pytest.mark.parametrize("typed", ["", "1-AAAA-AAAA", "99-K7M2-P9QD", "x"])
def test_a_wrong_number_finds_nothing(the_desk: Desk, letter: str, typed: str) -> None:
    answer = enter(the_desk.as_("ravi"), typed, handling="agree")

    assert answer.status_code == 422
    assert "There is no survey of yours with this number" in answer.text
    assert kept(the_desk.town) == []


def test_a_sheet_of_another_body_is_not_ours_to_enter(the_desk: Desk, letter: str) -> None:
    the_desk.hire("olu", "handler", "care")

    assert "no survey of yours" in enter(the_desk.as_("olu"), number(the_desk)).text


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, the_desk: Desk) -> Iterator[Page]:
    context = browser.new_context(viewport=request.param, base_url=the_desk.url)
    yield context.new_page()
    context.close()


def test_the_pages_keep_the_rules_of_accessibility(the_desk: Desk, letter: str, page: Page) -> None:
    size = "phone" if page.viewport_size == PHONE else "desktop"
    sit_down(the_desk, page, "mina")
    wrong = []

    for name, address in (("print", letter), ("posted", f"{letter}/posted"), ("sheet", "/desk/surveys/sheet")):
        page.goto(address)
        wrong += check(page, f"{size}-survey-{name}")
    page.fill("#number", number(the_desk))
    page.click("main form button")
    wrong += check(page, f"{size}-survey-sheet-answers")
    page.click("main form button")
    wrong += check(page, f"{size}-survey-sheet-errors")

    assert wrong == []


@pytest.mark.parametrize("language", ["en", "cy"])
def test_on_paper_it_is_a_letter_and_a_sheet_of_one_page_each(
    the_desk: Desk, letter: str, page: Page, language: str
) -> None:
    survey, mailed = hers(the_desk).id, mail(the_desk)
    with writing(the_desk.engine) as session:
        row, message = session.get_one(SurveyInvitation, survey), session.get_one(Message, mailed)
        row.language, row.sent_at = language, the_desk.town.now  # the longest: a reminder
        message.text = survey_post.as_letter(the_desk.town.act(session), row).text
    sit_down(the_desk, page, "mina")
    page.goto(letter)

    pages = page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")

    assert pages == 2
