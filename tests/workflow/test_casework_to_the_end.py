"""From the decision on: answers, next stages, endings, and reaching people"""

from typing import Any

import pytest

from storage.tables import Deadline, Event, Message, Task
from tests.town import Town, at
from tests.workflow.acts import ANSWER, MINA, acknowledged, answered, kinds
from workflow.casework import Refused


@pytest.fixture
def damp(here: Town) -> str:
    reference = here.mail("There is damp in my bedroom.")
    assert reference
    return reference


WITH_JO: dict[str, Any] = {"with": "Jo"}


# Deciding and answering


def test_no_answer_goes_out_before_every_head_is_decided(here: Town, damp: str) -> None:
    acknowledged(here, damp, heads="Damp\nNobody rang")
    here.do(damp, "decide", head="1", outcome="upheld", reasons="We waited.")

    assert here.may(damp, "respond") == "Decide every head of complaint first: 1 to go."
    here.do(damp, "decide", head="Nobody rang", outcome="not_upheld", reasons="We rang twice.")
    assert here.may(damp, "respond") is None


def test_a_decision_the_procedure_does_not_know_is_refused(here: Town, damp: str) -> None:
    acknowledged(here, damp)

    with pytest.raises(Refused, match="upheld, partly_upheld, not_upheld"):
        here.do(damp, "decide", outcome="perhaps", reasons="who knows")


def test_an_answer_says_the_decision_the_reasons_and_what_to_do_next(here: Town, damp: str) -> None:
    answered(here, damp)

    letter = next(message for message in here.all(Message, damp) if message.kind == "response")
    assert "We agree with you (upheld)." in letter.text
    assert "We waited too long." in letter.text
    assert "£50, today" in letter.text
    assert "Stage 2 (final response)" in letter.text
    assert here.look(damp).outcome == "answered"


# The next stage


def test_what_they_write_after_our_answer_is_a_proposal_dated_by_its_arrival(here: Town, damp: str) -> None:
    answered(here, damp)
    here.now = at("2026-01-05 15:00")

    here.reply(damp, "That is not good enough.")

    (task,) = [task for task in here.all(Task, damp) if task.kind == "stage_request"]
    assert task.data == {"event": "s2.requested", "at": "2026-01-05T15:00:00+00:00"}
    assert here.look(damp).stage == "s1"


def test_accepting_opens_the_stage_from_the_day_they_asked_with_a_new_handler(here: Town, damp: str) -> None:
    here.do(damp, "assign", to="hana@town.example")
    answered(here, damp)
    here.now = at("2026-01-05 15:00")
    here.reply(damp, "That is not good enough.")
    here.now = at("2026-01-08")

    here.do(damp, "accept_request", by=MINA)

    assert (here.look(damp).stage, here.look(damp).handler_id) == ("s2", None)
    assert str(here.clock(damp, "s2.acknowledge").start) == "2026-01-05"
    assert "stage_request" not in here.tasks(damp)
    with pytest.raises(Refused, match="they took part in Stage 1"):
        here.do(damp, "assign", to="hana@town.example")
    with pytest.raises(Refused, match="they took part in Stage 1"):
        here.do(damp, "assign", to="hana@town.example", role="stage2_handler")


def test_who_answered_a_case_that_nobody_was_given_does_not_consider_it_at_the_next_stage(
    here: Town, damp: str
) -> None:
    answered(here, damp)
    here.now = at("2026-01-05 15:00")
    here.do(damp, "request_stage", because="she rang")
    here.do(damp, "accept_request", by=MINA)

    assert "an earlier stage" in (here.may(damp, "decide") or "")
    assert here.may(damp, "decide", by=MINA) is None
    with pytest.raises(Refused, match="they took part in Stage 1"):
        here.do(damp, "assign", by=MINA, to="hana@town.example")


def test_what_they_wrote_before_our_answer_left_is_no_request(here: Town, damp: str) -> None:
    acknowledged(here, damp)
    here.do(damp, "decide", outcome="upheld", reasons="We waited.", remedy="£50")
    here.do(damp, "respond", **ANSWER)

    here.reply(damp, "Any news?")
    here.send()

    assert "stage_request" not in here.tasks(damp)


def test_a_request_is_recorded_once(here: Town, damp: str) -> None:
    answered(here, damp)
    here.do(damp, "request_stage", because="she rang")

    assert here.may(damp, "request_stage") == "They have asked already."


def test_nobody_asks_for_the_next_stage_before_the_answer_left(here: Town, damp: str) -> None:
    answered(here, damp)

    with pytest.raises(Refused, match="can't have asked before"):
        here.do(damp, "request_stage", arrived="2025-12-17")


def test_a_request_that_came_by_post_on_the_day_of_the_answer_counts_after_it(here: Town, damp: str) -> None:
    answered(here, damp)
    here.now = at("2025-12-22")
    here.do(damp, "request_stage", arrived="2025-12-18")

    here.do(damp, "accept_request")

    assert str(here.clock(damp, "s2.acknowledge").start) == "2025-12-18"


def test_a_request_can_not_have_come_tomorrow(here: Town, damp: str) -> None:
    answered(here, damp)

    with pytest.raises(Refused, match="today or earlier"):
        here.do(damp, "request_stage", arrived="2030-01-01")


def test_a_request_is_refused_with_reasons_and_the_way_to_the_ombudsman(here: Town, damp: str) -> None:
    answered(here, damp)
    here.do(damp, "request_stage")

    here.do(damp, "refuse_request", by=MINA, reasons="The court is dealing with it.")

    (letter,) = here.send()
    assert "The court is dealing with it." in letter.text
    assert "Housing Ombudsman" in letter.text
    assert "stage_request" not in here.tasks(damp)


# Endings


@pytest.mark.requirement("R234")
@pytest.mark.parametrize("still", ["yes", "no"])
def test_a_withdrawal_says_whether_they_are_still_dissatisfied(here: Town, damp: str, still: str) -> None:
    here.send()

    here.do(damp, "withdraw", because="she rang", still_dissatisfied=still)

    event = next(one for one in here.all(Event, damp) if one.name == "complaint.withdrawn")
    assert event.data == {"still_dissatisfied": still == "yes"}
    assert (here.look(damp).outcome, kinds(here, damp)) == ("withdrawn", ["withdrawal"])
    assert {clock.state for clock in here.all(Deadline, damp)} == {"stopped"}


@pytest.mark.parametrize("still", ["", "perhaps"])
def test_a_withdrawal_that_does_not_say_it_waits_for_the_answer(here: Town, damp: str, still: str) -> None:
    with pytest.raises(Refused, match="yes or no"):
        here.do(damp, "withdraw", because="she rang", still_dissatisfied=still)

    assert here.look(damp).state == "open"


@pytest.mark.parametrize(
    ("to", "ground"),
    [("housing", "over_12_months"), ("housing", "already_considered"), ("care", "freedom_of_information")],
)
def test_a_refusal_rests_on_a_ground_of_the_procedure_and_names_the_ombudsman(here: Town, to: str, ground: str) -> None:
    reference = here.mail("It was years ago.", to=f"{to}@town.example")
    here.send()

    here.do(reference, "refuse", by=MINA, ground=ground, reasons="It was in 2019.")

    (letter,) = here.send()
    assert "It was in 2019." in letter.text
    assert "Ombudsman" in letter.text
    assert here.look(reference).outcome == "refused"


def test_a_ground_the_procedure_does_not_name_is_refused(here: Town, damp: str) -> None:
    with pytest.raises(Refused, match="Ground must be one of"):
        here.do(damp, "refuse", by=MINA, ground="rude", reasons="He shouted.")


def test_a_procedure_without_grounds_refuses_nobody(here: Town) -> None:
    reference = here.mail("It was years ago.", to="old@town.example")

    assert here.may(reference, "refuse", by=MINA) == "This procedure names no ground for refusing a complaint."


def test_a_late_case_can_be_signposted_and_is_still_owed_an_answer(here: Town, damp: str) -> None:
    here.send()
    assert here.may(damp, "signpost") == "The procedure does not lead to the ombudsman from here yet."

    here.now = at("2025-12-30")
    here.do(damp, "signpost")

    assert kinds(here, damp) == ["signpost"]
    assert (here.look(damp).state, here.clock(damp, "s1.acknowledge").state) == ("open", "overdue")


def test_closing_and_reopening_an_answered_case(here: Town, damp: str) -> None:
    answered(here, damp)

    here.do(damp, "close")
    closed = here.look(damp)
    here.do(damp, "reopen", because="an action is open")

    assert (closed.state, closed.outcome, here.look(damp).state) == ("closed", "answered", "open")


def test_a_task_is_done_with_what_was_done(here: Town, damp: str) -> None:
    here.reply(damp, "More.")

    here.do(damp, "finish_task", task=here.all(Task, damp)[0].id, because="read it")

    assert here.tasks(damp) == []
    assert here.all(Event, damp)[-1].because == "read it"


# Reaching people


def test_the_story_says_what_sort_of_detail_changed_and_not_what_it_is(here: Town, damp: str) -> None:
    here.do(damp, "change_contact", email="Jo.New@citizen.example", avoid="telephone", because="she rang")

    person, event = here.person(damp), here.all(Event, damp)[-1]
    assert (person.email, person.avoid) == ("jo.new@citizen.example", ["telephone"])
    assert event.data == {"participant": person.id, "changed": ["email", "avoid"]}


def test_someone_can_say_on_the_telephone_that_they_would_rather_be_called(here: Town, damp: str) -> None:
    here.do(damp, "change_contact", telephone="01632 960 111", prefers="telephone", because="she rang")

    assert (here.person(damp).prefers, here.person(damp).telephone) == ("telephone", "01632 960 111")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"email": "no address"}, "Enter an email address"),
        ({"email": "@"}, "Enter an email address"),
        ({"email": "jo@citizen.example,"}, "Enter an email address"),
        ({"telephone": "ring her"}, "Enter a telephone number"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "Enter an email address"),
        ({"prefers": "pigeon"}, "Preferred way must be one of"),
        ({"avoid": "pigeon"}, "pigeon is not one of"),
        ({}, "Enter what is to change"),
    ],
)
def test_a_way_that_can_not_be_is_refused(here: Town, damp: str, given: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        here.do(damp, "change_contact", because="she rang", **given)
