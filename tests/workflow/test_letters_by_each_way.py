"""Letters by each way: the safe one, paper, and what a person's own act owes them."""

from typing import Any

import pytest

from storage.database import writing
from storage.tables import Contact, Event, Letter, Message
from tests.town import Town, at
from workflow import letters
from workflow.casework import Refused

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
