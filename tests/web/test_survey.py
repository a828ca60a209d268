"""Answering a survey: a click in the mail chooses an answer, and only the button sends it."""

from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, select

from learning.feedback import surveys
from learning.feedback.survey_number import number_of
from storage.database import writing
from storage.tables import SurveyAnswer, SurveyInvitation
from tests.browser import DESKTOP, PHONE, axe, picture, sticks_out
from tests.web.town import Town
from tests.web.visitor import answer, send, visitor
from workflow.tokens import digest


@pytest.fixture
def client(the_town: Town) -> Iterator[httpx2.Client]:
    """Someone who has complained."""
    with visitor(the_town) as client:
        answer(client)
        send(client)
        yield client


def invited(there: Town, group: str = "complainant") -> str:
    """Somebody is asked; gives the path of their survey."""
    secret = there.keyring.sign("survey", group)
    with writing(there.engine) as session:
        case = there.cases()[-1]
        session.add(
            SurveyInvitation(key=group, grp=group, organisation_id=case.organisation_id, service_id=case.service_id,
                             participant_id=there.people()[-1].id, token_hash=digest(secret), send_at=there.now,
                             sent_at=there.now)
        )  # fmt: skip
    return f"/survey/{secret}"


def kept(there: Town) -> list[SurveyAnswer]:
    with Session(there.engine) as session:
        return list(session.exec(select(SurveyAnswer)))


def test_a_click_in_the_mail_chooses_the_answer_and_keeps_nothing(client: httpx2.Client, the_town: Town) -> None:
    path = invited(the_town)

    pages = [client.get(f"{path}?handling=disagree") for _ in range(3)]

    assert all(page.status_code == 200 for page in pages)
    assert 'name="handling" type="radio" value="disagree" checked' in " ".join(pages[0].text.split())
    assert kept(the_town) == []


@pytest.mark.requirement("R018", "R311")
def test_the_button_sends_the_answers_once(client: httpx2.Client, the_town: Town) -> None:
    path = invited(the_town)

    first = client.post(path, data={"handling": "disagree", "easy": "agree"})
    second = client.post(path, data={"handling": "agree"})

    assert "We have kept your answers" in first.text
    assert "It has been answered already" in second.text
    assert [one.answers for one in kept(the_town)] == [{"easy": "agree", "handling": "disagree"}]


def test_what_was_answered_in_a_chat_is_chosen_on_the_page_already(client: httpx2.Client, the_town: Town) -> None:
    path = invited(the_town)
    with writing(the_town.engine) as session:
        row = session.exec(select(SurveyInvitation)).one()
        row.given = {"easy": "agree", "open": ""}
        session.add(row)

    page = " ".join(client.get(f"{path}?handling=disagree").text.split())

    for item, chosen in (("easy", "agree"), ("handling", "disagree")):
        assert f'name="{item}" type="radio" value="{chosen}" checked' in page
    assert page.count(" checked") == 2


def test_nothing_chosen_is_refused_in_words(client: httpx2.Client, the_town: Town) -> None:
    refused = client.post(invited(the_town), data={"handling": "nonsense"})

    assert refused.status_code == 422
    assert "Choose an answer to at least one question" in refused.text


def test_stopping_is_one_click_and_opening_the_link_stops_nothing(client: httpx2.Client, the_town: Town) -> None:
    path = invited(the_town)

    client.get(f"{path}/stop")
    still_open = client.get(path).text
    stopped = client.post(f"{path}/stop", data={"List-Unsubscribe": "One-Click"})

    assert "Send my answers" in still_open
    assert "The survey is stopped" in stopped.text
    assert "This survey is closed" in client.get(path).text


def test_stopping_says_so_where_what_was_answered_in_a_chat_is_kept(client: httpx2.Client, the_town: Town) -> None:
    path = invited(the_town)
    with writing(the_town.engine) as session:
        row = session.exec(select(SurveyInvitation)).one()
        row.given = {"easy": "agree"}
        session.add(row)

    stopped = client.post(f"{path}/stop")

    assert "We have kept your answers" in stopped.text
    assert [one.answers for one in kept(the_town)] == [{"easy": "agree"}]


def test_a_wrong_link_shows_nothing(client: httpx2.Client, the_town: Town) -> None:
    assert client.get("/survey/abcdefghijklmnopqrstuvwxyz").status_code == 404


def test_whoever_was_asked_by_post_finds_their_survey_by_its_number(client: httpx2.Client, the_town: Town) -> None:
    path = invited(the_town)
    with Session(the_town.engine) as session:
        row = session.exec(select(SurveyInvitation)).one()
    number = number_of(the_town.keyring, row)

    asked = client.get("/survey").text
    wrong = client.post("/survey", data={"number": "1-AAAA-AAAA"})
    right = client.post("/survey", data={"number": number.lower().replace("-", " ")})

    assert "What is the number on your letter?" in asked
    assert wrong.status_code == 422
    assert "We do not know this number." in wrong.text
    assert 'value="1-AAAA-AAAA"' in wrong.text
    assert right.headers["location"] == path
    assert "Send my answers" in client.get(path).text


def test_a_number_can_not_be_guessed_fast(client: httpx2.Client, the_town: Town) -> None:
    statuses = [client.post("/survey", data={"number": f"1-AAAA-AA{n}"}).status_code for n in range(61)]

    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_the_page_says_who_sees_the_answers(client: httpx2.Client, the_town: Town) -> None:
    page = client.get(invited(the_town)).text

    assert "kept without your name and without your complaint" in page
    assert "at least 10 people" in page


def test_the_progress_page_leads_to_the_survey_until_it_is_answered(client: httpx2.Client, the_town: Town) -> None:
    with Session(the_town.engine) as session:
        assert surveys.open_for(session, the_town.people()[-1].id or 0) is None
    path = invited(the_town)

    before = client.get(the_town.progress_path()).text
    client.post(path, data={"handling": "agree"})

    assert f'href="{path}"' in before
    assert path not in client.get(the_town.progress_path()).text


@pytest.mark.parametrize(
    ("group", "title", "unaffected"),
    [
        ("complainant", "Tell us how it was", "Your complaint is not affected"),
        ("supporter", "Tell us how it was", "The complaint that you supported is not affected"),
        ("colleague", "Tell us how you were treated", "changes nothing for you"),
        ("complaints_staff", "How are we dealing with complaints?", "changes nothing for you"),
    ],
)
def test_each_group_is_spoken_to_as_who_they_are(
    client: httpx2.Client, the_town: Town, group: str, title: str, unaffected: str
) -> None:
    path = invited(the_town, group)

    asked, sure, stopped = (
        client.get(path).text,
        client.get(f"{path}/stop").text,
        client.post(f"{path}/stop", data={}).text,
    )

    assert title in asked
    assert unaffected in stopped
    assert ("our complaint" in asked + stopped) == (group == "complainant")
    assert ("about this quarter" in sure) == (group == "complaints_staff")  # they are asked again after the next


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_pages_break_no_rule_of_axe_and_fit_a_phone(
    browser: Browser, client: httpx2.Client, the_town: Town, language: str
) -> None:
    path = invited(the_town)
    wrong: list[str] = []

    with browser.new_context() as context:
        page = context.new_page()
        for name, address in (
            ("survey", f"{path}?handling=agree&"),
            ("survey-stop", f"{path}/stop?"),
            ("survey-number", "/survey?"),
        ):
            page.goto(f"{the_town.url}{address}lang={language}")
            page.set_viewport_size(DESKTOP)
            picture(page, f"{name}-{language}-desktop")
            page.set_viewport_size(PHONE)
            picture(page, f"{name}-{language}-phone")
            wrong += [f"{name}: {each}" for each in axe(page)] + (["too wide"] if sticks_out(page) else [])

    assert wrong == []
