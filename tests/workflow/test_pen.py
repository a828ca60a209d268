"""The holding pen: what names a case without proof waits beside it until a person decides."""

import pytest
from sqlalchemy import Engine

from storage.tables import Contact
from tests.town import Town, town
from workflow.casework import Refused


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


@pytest.fixture
def damp(here: Town) -> str:
    reference = here.mail("There is damp in my bedroom.")
    assert reference
    here.send()
    return reference


def held(here: Town, reference: str) -> Contact:
    return here.all(Contact, reference)[-1]


def test_a_stranger_who_names_the_reference_is_held_and_nothing_goes_out(here: Town, damp: str) -> None:
    filed = here.mail("What is happening?", sender="sam@other.example", subject=f"Re: {damp}")

    assert filed == damp
    assert held(here, damp).held_because == "It names the case's reference, but did not come through the reply address."
    assert held(here, damp).standing == "waiting"
    assert here.events(damp)[-1] == "contact.held"
    assert here.send() == []


def test_even_the_person_is_held_when_they_name_only_the_reference(here: Town, damp: str) -> None:
    here.mail("And another thing.", subject=f"Re: {damp}")

    assert here.tasks(damp) == ["held"]


def test_a_forged_answer_to_a_message_of_ours_is_held(here: Town, damp: str) -> None:
    here.do(damp, "ask", question="Which room?")
    (ours,) = here.send()
    forged = f"In-Reply-To: {ours.message_id}\r\nReferences: {ours.message_id}\r\n"

    here.mail("Tell me all.", sender="sam@other.example", headers=forged)

    assert held(here, damp).held_because == "It answers a message of ours, but did not come through the reply address."


def test_the_reply_address_in_other_hands_is_held(here: Town, damp: str) -> None:
    here.reply(damp, "I am her sister.", sender="sam@other.example")

    assert held(here, damp).held_because == "It came through the reply address, but from another sender."


def test_a_persons_mail_to_a_bounce_address_is_held_and_not_answered(here: Town, damp: str) -> None:
    here.do(damp, "ask", question="Which room?")
    (ours,) = here.send()

    here.mail("The bedroom.", to=ours.envelope_sender)

    assert held(here, damp).held_because == "It was sent to an address that only takes bounces."
    assert here.send() == []


def test_a_reference_that_is_nobodys_opens_a_case(here: Town, damp: str) -> None:
    other = here.mail("Hello?", sender="sam@other.example", subject="RD-BBBB-CCCC")

    assert other != damp
    assert here.look(other).state == "open"


def test_what_is_held_is_no_part_of_what_the_person_or_a_search_finds(here: Town, damp: str) -> None:
    here.reply(damp, "Bartholomew", sender="sam@other.example")

    found, story = here.found("Bartholomew"), here.story(damp)

    assert (found, story) == ([], ["There is damp in my bedroom."])


def test_a_person_lets_it_in_knowing_who_it_is_from(here: Town, damp: str) -> None:
    here.reply(damp, "I am her sister Bartholomea.", sender="sam@other.example")

    here.do(damp, "admit", contact=held(here, damp).id, because="she rang and said so")

    assert (held(here, damp).standing, held(here, damp).held_because) == ("filed", None)
    assert here.tasks(damp) == []
    assert here.events(damp)[-1] == "contact.joined"
    assert here.found("Bartholomea") == [damp]


def test_letting_something_in_makes_its_sender_no_part_of_the_case(here: Town, damp: str) -> None:
    here.reply(damp, "I am her sister.", sender="sam@other.example")
    here.do(damp, "admit", contact=held(here, damp).id, because="she rang")

    here.do(damp, "ask", question="Which room?")

    assert [message.address for message in here.send()] == ["jo@citizen.example"]
    assert "sister" not in " ".join(here.story(damp))


def test_what_is_left_out_is_kept_with_the_reason(here: Town, damp: str) -> None:
    here.reply(damp, "Buy now.", sender="sam@other.example")

    here.do(damp, "set_aside", contact=held(here, damp).id, because="advertising")

    assert held(here, damp).held_because is not None
    assert here.tasks(damp) == []
    assert here.may(damp, "admit") == "Nothing is held for this case."


@pytest.mark.parametrize("wanted", ["9999", "nothing", "²", "9" * 40])
def test_only_what_is_held_here_can_be_let_in(here: Town, damp: str, wanted: str) -> None:
    here.reply(damp, "I am her sister.", sender="sam@other.example")

    with pytest.raises(Refused, match="no such held contact"):
        here.do(damp, "admit", contact=wanted, because="she rang")


def test_words_of_danger_are_for_a_person_at_once_whoever_wrote_them(here: Town, damp: str) -> None:
    here.reply(damp, "She says she wants to kill herself, she wants to end it all.", sender="sam@other.example")

    assert here.look(damp).urgent_at is not None
