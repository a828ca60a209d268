"""Choosing how to hear what becomes of a complaint, taking part in it, and stopping all of it by one click."""

import html
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, select

from storage.tables import Event, Involvement, Task
from tests.browser import DESKTOP, PHONE, axe, picture, sticks_out
from tests.web.promising import WHAT, choice, over, promised
from tests.web.town import Town
from tests.web.visitor import answer, send, visitor

CHOSEN = {"do": "choose", "channel": "email", "weeks": "2"}


@pytest.fixture
def client(the_town: Town) -> Iterator[httpx2.Client]:
    """Someone who has complained."""
    with visitor(the_town) as client:
        answer(client)
        send(client)
        yield client


def tasks(there: Town, kind: str) -> list[Task]:
    with Session(there.engine) as session:
        return list(session.exec(select(Task).where(Task.kind == kind)))


def events(there: Town) -> list[str]:
    with Session(there.engine) as session:
        return list(session.exec(select(Event.name)))


def involvements(there: Town) -> dict[str, bool]:
    """Each way that was ever agreed to, and whether the consent stands."""
    with Session(there.engine) as session:
        return {row.way: row.withdrawn_at is None for row in session.exec(select(Involvement))}


@pytest.mark.requirement("R109")
def test_someone_chooses_how_and_how_often_to_be_kept_informed(client: httpx2.Client, the_town: Town) -> None:
    path = promised(the_town)

    page = client.post(path, data=CHOSEN)

    assert page.status_code == 200
    assert "We have kept your choices" in page.text
    assert (choice(the_town).channel, choice(the_town).every_weeks) == ("email", 2)


def test_only_ways_that_reach_the_person_safely_are_offered(client: httpx2.Client, the_town: Town) -> None:
    path = promised(the_town)

    page = client.get(path).text
    refused = client.post(path, data={**CHOSEN, "channel": "post"})

    assert 'value="email"' in page
    assert 'value="post"' not in page
    assert refused.status_code == 422
    assert choice(the_town).channel is None


def test_a_choice_that_lacks_something_is_refused_in_words(client: httpx2.Client, the_town: Town) -> None:
    path = promised(the_town)

    refused = [client.post(path, data=data) for data in ({"do": "choose"}, {"do": "choose", "channel": "email"})]

    assert [one.status_code for one in refused] == [422, 422]
    assert "Select how we should keep you informed" in refused[0].text
    assert "Select how often we should write to you" in refused[1].text


@pytest.mark.requirement("R110", "R111", "R112", "R113", "R114")
def test_each_way_to_take_part_is_agreed_to_by_itself_and_is_a_task_for_the_owner_of_the_plan(
    client: httpx2.Client, the_town: Town
) -> None:
    path = promised(the_town)
    page = client.get(path).text

    client.post(path, data={**CHOSEN, "ways": ["review", "visit"]})

    assert all(f'value="{way}"' in page for way in ("review", "training", "visit", "story", "audit"))
    assert involvements(the_town) == {"review": True, "visit": True}
    assert [task.text for task in tasks(the_town, "involve")] == [
        f"The owner of the plan: the complainant agreed to {what}. Arrange it."
        for what in ("help with a review of guidance, policies or procedures", "visit to see the changes in action")
    ]


@pytest.mark.requirement("R113")
def test_a_consent_can_be_taken_back_and_its_task_with_it(client: httpx2.Client, the_town: Town) -> None:
    path = promised(the_town)
    client.post(path, data={**CHOSEN, "ways": ["story", "visit"]})

    client.post(path, data={**CHOSEN, "ways": ["visit"]})

    assert involvements(the_town) == {"story": False, "visit": True}
    assert [task.done_at is None for task in tasks(the_town, "involve")] == [True, False]
    assert events(the_town).count("involvement.withdrawn") == 1


def test_one_click_of_a_mail_program_stops_it_and_opening_the_link_does_not(
    client: httpx2.Client, the_town: Town
) -> None:
    path = f"{promised(the_town)}/stop"

    page = client.get(path)
    after_opening = choice(the_town).stopped_at
    stopped = client.post(path, data={"List-Unsubscribe": "One-Click"})

    assert page.status_code == 200
    assert after_opening is None
    assert "Updates are stopped" in stopped.text
    assert choice(the_town).stopped_at == the_town.now
    assert choice(the_town).next_at is None


def test_a_page_of_another_site_cannot_stop_it(client: httpx2.Client, the_town: Town) -> None:
    path = f"{promised(the_town)}/stop"

    refused = client.post(path, headers={"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"})

    assert refused.status_code == 403
    assert choice(the_town).stopped_at is None


def test_a_wrong_link_shows_nothing(client: httpx2.Client, the_town: Town) -> None:
    promised(the_town)

    assert client.get("/updates/abcdefghijklmnopqrstuvwxyz").status_code == 404
    assert client.post("/updates/abcdefghijklmnopqrstuvwxyz/stop").status_code == 404


def test_the_progress_page_shows_what_was_promised_and_leads_to_the_choices(
    client: httpx2.Client, the_town: Town
) -> None:
    before = client.get(the_town.progress_path()).text
    path = promised(the_town)

    page = client.get(the_town.progress_path()).text

    assert "What we are doing because of your complaint" not in before
    assert WHAT.replace("'", "&#39;") in page
    assert "To be done by 30 April 2026." in page
    assert f'href="{path}"' in page


@pytest.mark.requirement("R115")
def test_who_was_told_what_changed_says_whether_they_are_satisfied(client: httpx2.Client, the_town: Town) -> None:
    path = promised(the_town)
    too_soon = client.post(path, data={"do": "satisfied", "satisfied": "no"})
    over(the_town)

    missing = client.post(path, data={"do": "satisfied"})
    kept = client.post(path, data={"do": "satisfied", "satisfied": "no", "why": "The alarm rang again."})

    assert (too_soon.status_code, missing.status_code, kept.status_code) == (404, 422, 200)
    assert "A person will read it and speak to you." in kept.text
    assert "The alarm rang again." in tasks(the_town, "not_satisfied")[0].text


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_pages_break_no_rule_of_axe_and_fit_a_phone(
    browser: Browser, client: httpx2.Client, the_town: Town, language: str
) -> None:
    path = promised(the_town, progress="The firm has been chosen.")
    over(the_town)
    wrong: list[str] = []

    with browser.new_context() as context:
        page = context.new_page()
        for name, address in (("updates", path), ("stop", f"{path}/stop"), ("progress", the_town.progress_path())):
            page.goto(f"{the_town.url}{address}?lang={language}")
            page.set_viewport_size(DESKTOP)
            picture(page, f"{name}-{language}-desktop")
            page.set_viewport_size(PHONE)
            picture(page, f"{name}-{language}-phone")
            wrong += [f"{name}: {each}" for each in axe(page)] + (["too wide"] if sticks_out(page) else [])

    assert wrong == []


def test_after_the_last_letter_the_page_says_that_it_is_over_and_asks_only_what_is_still_theirs(
    client: httpx2.Client, the_town: Town
) -> None:
    path = promised(the_town, state="embedded", embedded_at=the_town.now)
    client.post(path, data={**CHOSEN, "ways": ["story", "visit"]})
    over(the_town)

    page = client.get(path).text
    kept = client.post(path, data={"do": "choose", "ways": ["visit"]})

    assert "That was the last of these letters" in page
    assert 'name="channel"' not in page
    assert 'name="weeks"' not in page
    assert "Stop all updates" not in page
    assert kept.status_code == 200
    assert involvements(the_town) == {"story": False, "visit": True}
    assert (choice(the_town).channel, choice(the_town).every_weeks) == ("email", 2)


def test_the_progress_page_keeps_what_we_intend_until_we_have_answered(client: httpx2.Client, the_town: Town) -> None:
    promised(the_town, ends=())

    page = client.get(the_town.progress_path()).text

    assert WHAT not in page
    assert "What we are doing because of your complaint" not in page


def test_the_progress_page_does_not_say_that_nothing_is_due_above_what_we_promised(
    client: httpx2.Client, the_town: Town
) -> None:
    promised(the_town)

    page = client.get(the_town.progress_path()).text

    assert "Nothing more is due" not in page
    assert "What we promised because of your complaint stands below, with its dates." in page


def test_who_withdrew_before_we_answered_is_not_told_that_we_did(client: httpx2.Client, the_town: Town) -> None:
    promised(the_town, ends=("complaint.withdrawn",))

    page = client.get(the_town.progress_path()).text

    assert WHAT in html.unescape(page)
    assert "We have answered" not in page


def test_once_all_of_it_has_lasted_nothing_more_is_due(client: httpx2.Client, the_town: Town) -> None:
    promised(the_town, state="embedded", embedded_at=the_town.now)

    assert "Nothing more is due from us at this stage." in client.get(the_town.progress_path()).text
