"""Words of immediate risk at any turn: whom to call, at once; a person alarmed; a case even if nothing was sent."""

import pytest
from sqlmodel import select

from storage.database import reading
from storage.tables import Case, Contact, Message
from tests.bot.someone import Someone, sent

HARM = "I want to kill myself."


def only_case(jo: Someone) -> Case:
    with reading(jo.town.engine) as session:
        return session.exec(select(Case)).one()


def alarms(jo: Someone) -> list[str]:
    with reading(jo.town.engine) as session:
        return list(session.exec(select(Message.address).where(Message.kind == "urgent")))


@pytest.fixture
def on_duty(jo: Someone) -> Someone:
    jo.town.put_on_duty("mina")
    return jo


def test_the_first_words_of_a_stranger_open_a_case_at_once(on_duty: Someone) -> None:
    words = on_duty.say(HARM)

    case = only_case(on_duty)
    assert words.startswith("If you or someone else is in danger now, call 999.")
    assert case.reference in words
    assert case.urgent_at == on_duty.town.now
    assert alarms(on_duty) == ["mina@town.example"]


def test_in_the_middle_of_a_complaint_what_was_told_so_far_is_filed(on_duty: Someone) -> None:
    on_duty.command("complain")
    on_duty.say("The carer shouts at me.")

    words = on_duty.say(f"Every day. {HARM}")

    case = only_case(on_duty)
    assert "call 999" in words
    assert "When did it happen?" in words  # they may go on, and need not
    assert case.urgent_at is not None
    text = on_duty.town.all(Contact, case.reference)[0].text
    assert "The carer shouts at me." in text
    assert HARM in text


def test_going_on_after_that_ends_in_the_same_case_with_name_and_way_to_reach_them(on_duty: Someone) -> None:
    on_duty.say(HARM)
    for answer in ("Since May", "repairs", "me", "A repair", "Jo Bloggs", "jo@citizen.example"):
        on_duty.say(answer)
    on_duty.tap("All ways are safe")
    on_duty.tap("Skip")
    on_duty.tap("Nothing to add")

    words = on_duty.tap("Send my complaint")

    case = only_case(on_duty)
    person = on_duty.town.person(case.reference)
    assert case.reference in words
    assert (person.name, person.email) == ("Jo Bloggs", "jo@citizen.example")
    assert "A repair" in on_duty.town.all(Contact, case.reference)[-1].text


def test_an_addition_that_names_harm_flags_the_case_and_is_answered_first_with_whom_to_call(on_duty: Someone) -> None:
    reference = sent(on_duty)

    words = on_duty.say(HARM)

    assert words.startswith("If you or someone else is in danger now")
    assert on_duty.town.look(reference).urgent_at is not None
    assert alarms(on_duty) == ["mina@town.example"]


def test_harm_said_while_we_ask_for_something_else_is_heard_all_the_same(on_duty: Someone) -> None:
    on_duty.command("status")
    on_duty.tap("I complained by email or form")

    words = on_duty.say(HARM)

    assert "call 999" in words
    assert only_case(on_duty).urgent_at is not None


def test_harm_in_a_message_that_was_changed_is_heard(on_duty: Someone) -> None:
    on_duty.command("complain")
    on_duty.say("The carer shouts.", id="m7")

    on_duty.say(HARM, replaces="m7")

    assert only_case(on_duty).urgent_at is not None


def test_our_reply_is_the_receipt_of_a_case_opened_so(on_duty: Someone) -> None:
    on_duty.say(HARM)

    assert len(on_duty.heard) == 1
    assert "https://redress.example/progress/" in on_duty.heard[0].text
