"""What a person sees through their secret link, and what they can do there."""

import re

import pytest
from sqlalchemy import Engine

from storage.database import reading, writing
from storage.tables import Contact, Event
from tests.town import KEYRING, Town, at, town
from workflow import casework, progress
from workflow.office import COMPLAINANT, Act
from workflow.tokens import progress_secret


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


@pytest.fixture
def damp(here: Town) -> str:
    reference = here.mail("There is damp in my bedroom.")
    assert reference
    return reference


def page(here: Town, reference: str) -> progress.Progress | None:
    with reading(here.engine) as session:
        return progress.find(session, progress_secret(KEYRING, here.person(reference).id or 0), here.now)


@pytest.mark.requirement("R207")
def test_the_page_says_where_it_is_and_what_comes_next_by_when(here: Town, damp: str) -> None:
    seen = page(here, damp)

    assert seen is not None
    assert (seen.reference, seen.stage_title, seen.state) == (damp, "Stage 1", "open")
    assert (
        seen.next_text == "We will write to you by Monday 29 December 2025, to make sure we understand your complaint."
    )
    assert (seen.may_add, seen.may_withdraw, seen.may_ask_next_stage) == (True, True, False)


def test_the_page_says_so_when_we_are_late(here: Town, damp: str) -> None:
    here.now = at("2025-12-30")

    seen = page(here, damp)

    assert seen is not None
    assert seen.next_text == "We should have written to you by Monday 29 December 2025. We are late, and we are sorry."


def test_an_earlier_promise_is_the_date_shown(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", complaint_definition="Damp", outcomes_sought="A repair",
            responsible_and_not_responsible="All", promised="2025-12-30")  # fmt: skip
    here.send()

    seen = page(here, damp)

    assert seen is not None
    assert str(seen.next_date) == "2025-12-30"


@pytest.mark.parametrize("secret", ["", "nothing", "a" * 26])
def test_a_wrong_link_shows_nothing(here: Town, damp: str, secret: str) -> None:
    with reading(here.engine) as session:
        assert progress.find(session, secret, here.now) is None


def test_a_link_that_was_stopped_shows_nothing_and_is_in_no_letter(here: Town, damp: str) -> None:
    with writing(here.engine) as session:
        person = here.person(damp)
        progress.revoke(Act(session, here.office, COMPLAINANT, here.now), person.case_id, person.id or 0)

    here.do(damp, "ask", question="Which room?")

    assert page(here, damp) is None
    question = next(message for message in here.send() if message.kind == "question")
    assert "/progress/" not in question.text


def test_the_story_has_what_they_and_we_said_in_order(here: Town, damp: str) -> None:
    here.send()
    here.do(damp, "ask", question="Which room?")
    here.send()
    here.now = at("2025-12-19")
    here.reply(damp, "The back one.")

    story = here.story(damp)

    assert story[0] == "There is damp in my bedroom."
    assert "Which room?" in story[1]
    assert story[2] == "The back one."


def test_a_letter_that_has_not_left_is_not_in_the_story(here: Town, damp: str) -> None:
    here.do(damp, "ask", question="Which room?")

    assert here.story(damp) == ["There is damp in my bedroom."]


@pytest.mark.requirement("R234")
def test_withdrawing_there_keeps_whether_they_are_still_dissatisfied(here: Town, damp: str) -> None:
    here.page(damp, "I am tired of it.", withdraw=True, why="I am tired of it.", still_dissatisfied="yes")

    event = next(one for one in here.all(Event, damp) if one.name == "complaint.withdrawn")
    assert (event.by, event.because, event.data) == (
        "complainant", "asked on their progress page", {"still_dissatisfied": True},
    )  # fmt: skip
    assert here.look(damp).state == "closed"
    assert here.all(Contact, damp)[-1].standing == "filed"


def test_what_can_not_be_done_there_any_more_is_read_by_a_person(here: Town, damp: str) -> None:
    here.do(damp, "withdraw", still_dissatisfied="no")

    here.page(damp, "Stop it all.", withdraw=True, still_dissatisfied="yes")

    assert here.events(damp).count("complaint.withdrawn") == 1
    assert here.tasks(damp) == ["new_contact"]


def test_asking_there_for_the_next_stage_is_a_proposal(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", complaint_definition="Damp", outcomes_sought="A repair",
            responsible_and_not_responsible="All")  # fmt: skip
    here.send()
    here.do(damp, "decide", outcome="not_upheld", reasons="It is dry.", remedy="none")
    here.do(damp, "respond", outstanding_actions="none")
    here.send()
    before = page(here, damp)

    here.page(damp, "It is wet.", next_stage=True, why="It is wet.")

    after = page(here, damp)
    assert before is not None
    assert after is not None
    assert (before.may_ask_next_stage, before.next_stage_title) == (True, "Stage 2 (final response)")
    assert after.may_ask_next_stage is False
    assert after.next_text == (
        "You told us that you are not satisfied with our answer. We will write to you by Monday 29 December 2025 about "
        "what happens next."
    )
    assert here.tasks(damp) == ["stage_request"]


def test_adding_there_joins_the_case(here: Town, damp: str) -> None:
    here.page(damp, "The hall too.")

    assert here.story(damp)[-1] == "The hall too."
    assert here.tasks(damp) == ["new_contact"]


def test_a_handler_stops_a_link_that_came_into_the_wrong_hands(here: Town, damp: str) -> None:
    here.do(damp, "stop_link", because="her husband reads her mail")

    assert page(here, damp) is None
    assert here.all(Event, damp)[-1].name == "link.stopped"
    with pytest.raises(casework.Refused, match="stopped already"):
        here.do(damp, "stop_link", because="once more")


def test_whoever_stops_their_own_link_leaves_a_line_in_the_story(here: Town, damp: str) -> None:
    person = here.person(damp)

    with writing(here.engine) as session:
        progress.revoke(Act(session, here.office, COMPLAINANT, here.now), person.case_id, person.id or 0)

    event = here.all(Event, damp)[-1]
    assert (event.name, event.because, event.at) == ("link.stopped", "on their progress page", here.now)


def test_a_new_link_opens_the_case_goes_into_letters_and_leaves_the_old_one_dead(here: Town, damp: str) -> None:
    here.do(damp, "stop_link", because="her husband reads her mail")

    here.do(damp, "new_link", because="she rang from her own number")
    here.do(damp, "ask", question="Which room?")

    question = next(message for message in here.send() if message.kind == "question")
    secret = re.findall(r"/progress/([a-z2-7]{26})", question.text)[0]
    with reading(here.engine) as session:
        opened = progress.find(session, secret, here.now)
    assert opened is not None
    assert opened.reference == damp
    assert page(here, damp) is None


def test_a_new_link_is_only_for_someone_whose_link_was_stopped(here: Town, damp: str) -> None:
    assert here.may(damp, "new_link") == "No progress link of this case was stopped."
