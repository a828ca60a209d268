"""A letter's life: approved, recalled or relayed, come back or not; and where it may go at all."""

from typing import Any

import pytest
from sqlalchemy import Engine

from storage.database import writing
from storage.tables import Contact, Event, Letter, Message, Participant
from tests.town import Town, at, town
from workflow import letters
from workflow.casework import Refused
from workflow.checklist import LetterIncomplete

ITEMS: dict[str, Any] = {
    "complaint_definition": "Damp",
    "outcomes_sought": "A repair",
    "responsible_and_not_responsible": "All of it",
}


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


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


@pytest.mark.parametrize(
    ("prefers", "avoid", "channels"),
    [
        ("email", [], ["email"]),
        ("post", [], ["post"]),
        ("email", ["email"], ["post"]),
        ("email", ["email", "post"], []),
    ],
)
def test_every_letter_follows_the_persons_own_choice(
    here: Town, damp: str, prefers: str, avoid: list[str], channels: list[str]
) -> None:
    by_post(here, damp)
    here.do(damp, "change_contact", prefers=prefers, avoid="\n".join(avoid) or "none", because="she said so")

    here.do(damp, "ask", question="Which room?")

    assert [message.channel for message in here.all(Message, damp) if message.kind == "question"] == channels


def test_where_no_way_is_safe_a_person_is_asked_and_the_duty_stays(here: Town, damp: str) -> None:
    here.do(damp, "change_contact", avoid="email", because="he reads her mail")

    here.do(damp, "acknowledge", **ITEMS)

    assert here.send() == []
    assert here.tasks(damp) == ["no_safe_way"]
    assert here.may(damp, "acknowledge") is None
    assert here.clock(damp, "s1.acknowledge").state == "running"


def test_a_choice_made_after_a_letter_was_approved_still_stops_it(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    here.do(damp, "change_contact", avoid="email", because="he reads her mail")

    assert here.send() == []
    assert here.tasks(damp) == ["not_served"]


def test_no_receipt_goes_to_an_address_that_is_not_safe(here: Town) -> None:
    reference = here.form(email="jo@citizen.example", avoid=["email"], postal_address="2 High Street")

    assert here.mails(reference) == []


def test_a_letter_by_post_counts_from_the_day_it_was_posted(here: Town, damp: str) -> None:
    by_post(here, damp)
    here.now = at("2025-12-19 11:00")
    here.do(damp, "acknowledge", **ITEMS)
    here.now = at("2025-12-31 09:00")

    here.do(damp, "record_posting", letter=letter(here, damp).id, on="2025-12-22")

    event = next(one for one in here.all(Event, damp) if one.name == "s1.acknowledged")
    assert (event.at, event.recorded_at) == (at("2025-12-22 08:00"), at("2025-12-31"))
    assert here.clock(damp, "s1.acknowledge").state == "met"
    assert str(here.clock(damp, "s1.respond").due) == "2026-01-08"
    assert here.tasks(damp) == []


def test_a_letter_posted_on_the_day_it_was_written_counts_after_its_writing(here: Town, damp: str) -> None:
    by_post(here, damp)
    here.do(damp, "acknowledge", **ITEMS)
    here.now = at("2025-12-22")

    here.do(damp, "record_posting", letter=letter(here, damp).id, on="2025-12-18")

    assert here.clock(damp, "s1.acknowledge").state == "met"


@pytest.mark.parametrize(("on", "why"), [("2025-12-17", "before it was written"), ("2026-01-01", "today or earlier")])
def test_a_letter_is_posted_neither_before_it_was_written_nor_in_the_future(
    here: Town, damp: str, on: str, why: str
) -> None:
    by_post(here, damp)
    here.do(damp, "acknowledge", **ITEMS)

    with pytest.raises(Refused, match=why):
        here.do(damp, "record_posting", letter=letter(here, damp).id, on=on)


def test_taking_back_a_letter_by_post_takes_back_its_task(here: Town, damp: str) -> None:
    by_post(here, damp)
    here.do(damp, "acknowledge", **ITEMS)

    here.do(damp, "recall_letter", letter=letter(here, damp).id)

    assert here.tasks(damp) == []


def test_a_printed_letter_is_signed_and_dated_as_approved_whoever_prints_it(here: Town, damp: str) -> None:
    by_post(here, damp)
    here.do(damp, "acknowledge", by="hana@town.example", **ITEMS)
    sent = here.all(Message, damp)[-1]
    here.now = at("2026-02-01")

    with writing(here.engine) as session:
        printed = letters.written(here.act(session), here.look(damp), letter(here, damp), here.person(damp))

    assert "Hana" in printed.text
    assert printed.text == sent.text


def test_what_the_persons_own_act_owes_them_goes_out_unsigned_and_as_automatic(here: Town, damp: str) -> None:
    here.page(damp, "I give up.", withdraw=True, still_dissatisfied="yes")

    (sent,) = here.send()

    assert (sent.kind, sent.is_automatic, letter(here, damp).approved_by) == ("withdrawal", True, "system")
    assert "complainant" not in sent.text


def test_a_handlers_letter_is_not_automatic_and_answers_what_the_person_wrote_last(here: Town, damp: str) -> None:
    here.reply(damp, "Now the hall too.")
    here.do(damp, "ask", question="Since when?")

    (sent,) = here.send()

    last = here.all(Contact, damp)[-1]
    assert (sent.is_automatic, sent.in_reply_to) == (False, last.message_id)
    assert (sent.reply_to, sent.sender) == (here.reply_address(damp), "housing@town.example")


def test_a_letter_that_leaves_after_the_case_has_moved_on_makes_a_task(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)
    here.page(damp, "Stop.", withdraw=True, still_dissatisfied="no")

    here.send()

    assert "sent_out_of_turn" in here.tasks(damp)
    assert here.look(damp).state == "closed"
