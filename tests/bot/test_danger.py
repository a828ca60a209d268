"""Words of immediate risk at any turn: whom to call, at once; a person alarmed; a case even if nothing was sent."""

from datetime import timedelta

import pytest
from sqlmodel import select

from storage.database import reading, writing
from storage.tables import Attachment, Case, Contact, Message, Task
from tests.bot.someone import Someone, sent
from workflow import unfinished

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
    assert "may be able to read what is said in this chat" in words
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


def test_what_they_told_after_that_and_never_sent_joins_the_case_after_a_day(on_duty: Someone) -> None:
    on_duty.say(HARM)
    on_duty.send("bruise.jpg")
    for answer in ("Since May", "repairs", "me", "A repair", "Jo Bloggs"):
        on_duty.say(answer)
    on_duty.hears()

    silent_for_a_day(on_duty)

    case = only_case(on_duty)
    [_, rest] = on_duty.town.all(Contact, case.reference)
    assert "Since May" in rest.text
    assert HARM not in rest.text
    assert on_duty.town.person(case.reference).name == "Jo Bloggs"
    assert files_of(on_duty, rest) == ["bruise.jpg"]
    assert on_duty.hears() == []
    assert alarms(on_duty) == ["mina@town.example"]  # once: nobody is alarmed twice by the same words


def test_who_told_no_more_than_that_adds_nothing_to_the_case(on_duty: Someone) -> None:
    on_duty.say(HARM)

    silent_for_a_day(on_duty)

    reference = only_case(on_duty).reference
    assert len(on_duty.town.all(Contact, reference)) == 1
    assert "contact.changed" not in on_duty.town.events(reference)
    assert on_duty.conversation().answers == {}


def test_a_photo_that_comes_with_more_words_of_danger_is_in_the_case_at_once(on_duty: Someone) -> None:
    on_duty.say(HARM)

    words = on_duty.send("bruise.jpg", text="He hit me again, I am being abused.")

    case = only_case(on_duty)
    [_, more] = on_duty.town.all(Contact, case.reference)
    assert f"I have added this to your complaint {case.reference}" in words
    assert files_of(on_duty, more) == ["bruise.jpg"]


def silent_for_a_day(jo: Someone) -> None:
    jo.town.now += timedelta(days=1)
    with writing(jo.town.engine) as session:
        act = jo.town.act(session)
        for one in unfinished.due(act):
            assert unfinished.attend(act, one)


def files_of(jo: Someone, contact: Contact) -> list[str]:
    with reading(jo.town.engine) as session:
        return list(session.exec(select(Attachment.name).where(Attachment.contact_id == contact.id)))


def test_whom_it_is_about_and_how_to_be_careful_with_them_is_known_at_the_end_too(on_duty: Someone) -> None:
    on_duty.say(HARM)
    for answer in ("Since May", "repairs", "Someone else", "Ann Bloggs", "She asked me to", "A repair", "Jo Bloggs"):
        on_duty.say(answer)
    on_duty.tap("Here in this chat")
    on_duty.tap("Post")
    on_duty.tap("That is all")
    on_duty.say("Never write to our home.")
    on_duty.tap("Skip")
    on_duty.tap("Nothing to add")

    on_duty.tap("Send my complaint")

    person = on_duty.town.person(only_case(on_duty).reference)
    assert (person.role, person.acts_for, person.authority) == ("representative", "Ann Bloggs", "She asked me to")
    assert person.communication_needs == "Never write to our home."
    assert person.avoid == ["post"]


@pytest.mark.parametrize(
    ("service", "asked"), [("Repairs, Town Homes", True), ("Adult social care, Town Council", False)]
)
def test_which_service_it_is_about_is_asked_of_a_person_only_where_it_is_another(
    on_duty: Someone, service: str, asked: bool
) -> None:
    on_duty.say(HARM)
    on_duty.say("Since May")
    on_duty.tap(service)

    silent_for_a_day(on_duty)

    case = only_case(on_duty)
    words = [task.text for task in on_duty.town.all(Task, case.reference) if task.kind == "triage" and not task.done_at]
    assert any("The person says that it is about Repairs." in one for one in words) == asked
    assert bool(words) == asked
