"""A letter's life: approved, recalled or relayed, come back or not; and where it may go at all."""

from typing import Any

import pytest

from storage.tables import Letter, Participant
from tests.town import Town
from workflow.casework import Refused
from workflow.checklist import LetterIncomplete

ITEMS: dict[str, Any] = {
    "complaint_definition": "Damp",
    "outcomes_sought": "A repair",
    "responsible_and_not_responsible": "All of it",
}


@pytest.fixture
def damp(here: Town) -> str:
    reference = here.mail("There is damp in my bedroom.")
    here.send()
    assert reference
    return reference


def letter(here: Town, reference: str) -> Letter:
    return here.all(Letter, reference)[-1]


def by_post(here: Town, reference: str) -> None:
    here.do(reference, "change_contact", postal_address="2 High Street", prefers="post", because="she said so")


def test_an_approved_letter_writes_its_event_only_when_the_relay_has_taken_it(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    approved = here.events(damp)

    here.send()

    assert approved == ["complaint.received"]
    assert here.events(damp) == ["complaint.received", "s1.acknowledged", "clock.promised"]
    assert here.clock(damp, "s1.acknowledge").state == "met"


@pytest.mark.requirement("R061", "R297")
def test_the_date_told_is_kept_as_a_promise_of_its_own(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    (sent,) = here.send()

    clock = here.clock(damp, "s1.respond")

    assert "Tuesday 6 January 2026" in sent.text
    assert str(clock.promised) == str(clock.due) == "2026-01-06"


def test_a_letter_can_be_taken_back_before_it_leaves_and_then_written_anew(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    here.do(damp, "recall_letter", letter=letter(here, damp).id)

    sent = here.send()
    here.do(damp, "acknowledge", **ITEMS)

    assert sent == []
    assert [message.kind for message in here.send()] == ["acknowledgement"]


def test_a_letter_that_has_left_can_not_be_taken_back(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    here.send()

    assert here.may(damp, "recall_letter") == "No letter is waiting to leave."


def test_while_one_acknowledgement_waits_a_second_can_not_be_written(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)

    with pytest.raises(Refused, match="about to go out"):
        here.do(damp, "acknowledge", **ITEMS)


def test_a_letter_with_an_item_missing_can_not_go_out_and_the_item_is_named(here: Town, damp: str) -> None:
    with pytest.raises(LetterIncomplete, match="The outcomes that the person seeks") as caught:
        here.do(damp, "acknowledge", **{**ITEMS, "outcomes_sought": " "})

    assert caught.value.missing == ("outcomes_sought",)
    assert here.all(Letter, damp) == []
    assert here.look(damp).version == 1


def test_a_bounce_opens_the_duty_again_and_makes_a_task(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    (sent,) = here.send()

    here.bounce(sent)

    assert here.events(damp)[-1] == "letter.not_served"
    assert here.clock(damp, "s1.acknowledge").state == "running"
    assert here.clock(damp, "s1.respond").state == "projected"
    assert here.tasks(damp) == ["not_served"]


def test_a_bounce_that_comes_twice_counts_once(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    (sent,) = here.send()

    here.bounce(sent)
    here.bounce(sent)

    assert here.events(damp).count("letter.not_served") == 1


def test_a_delay_is_no_bounce(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    (sent,) = here.send()

    here.bounce(sent, status="4.4.1", action="delayed")

    assert "letter.not_served" not in here.events(damp)


def test_a_bounce_that_comes_after_later_letters_still_counts(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    (acknowledgement,) = here.send()
    here.do(damp, "ask", question="Which room?")
    here.send()

    here.bounce(acknowledgement)

    assert here.clock(damp, "s1.acknowledge").state == "running"
    assert "not_served" in here.tasks(damp)


def test_after_a_bounce_the_letter_is_sent_another_way_and_meets_the_duty(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    (sent,) = here.send()
    here.bounce(sent)

    by_post(here, damp)
    here.do(damp, "acknowledge", **ITEMS)
    here.do(damp, "record_posting", letter=letter(here, damp).id)

    assert here.clock(damp, "s1.acknowledge").state == "met"


def test_a_letter_the_relay_refuses_meets_nothing_and_can_be_sent_again(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    here.relay_refuses()

    assert here.events(damp) == ["complaint.received"]
    assert here.tasks(damp) == ["not_served"]
    assert here.may(damp, "acknowledge") is None


def test_the_bounce_of_a_receipt_changes_no_clock(here: Town) -> None:
    reference = here.mail("There is damp.")
    (receipt,) = here.send()

    here.bounce(receipt)

    assert here.events(reference) == ["complaint.received"]


def test_a_forged_bounce_changes_nothing(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    (sent,) = here.send()
    forged = sent.model_copy(update={"envelope_sender": f"b-{sent.number}-{'a' * 26}@complaints.example"})

    assert here.bounce(forged) is None
    assert here.clock(damp, "s1.acknowledge").state == "met"


def test_one_copy_that_comes_back_does_not_undo_what_another_person_got(here: Town, damp: str) -> None:
    here.change(Participant(case_id=here.look(damp).id or 0, role="advocate", email="ada@advice.example"))
    here.do(damp, "acknowledge", **ITEMS)
    first, _second = here.send()

    here.bounce(first)

    assert here.clock(damp, "s1.acknowledge").state == "met"
    assert here.tasks(damp) == ["not_served"]
