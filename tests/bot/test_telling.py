"""Telling a complaint, question by question: in twelve turns at most, nothing asked twice, nothing lost."""

from datetime import timedelta

import pytest
from sqlmodel import select

from storage.database import reading
from storage.tables import Case, ChatUpdate, Contact, Conversation
from tests.bot.someone import Someone, sent, told


def cases(jo: Someone) -> list[Case]:
    with reading(jo.town.engine) as session:
        return list(session.exec(select(Case)))


@pytest.mark.requirement("R235")
def test_a_full_complaint_takes_twelve_turns_and_opens_a_case_with_all_of_it(jo: Someone) -> None:
    reference = sent(jo, by="jo@citizen.example")

    case, person = jo.town.look(reference), jo.town.person(reference)
    assert jo.turns <= 12
    assert (case.channel, case.procedure) == ("messenger", "housing-ombudsman-code-2024")
    assert case.summary.startswith("The gate has been broken")
    assert case.outcomes_sought == "A repair and an apology"
    assert (person.name, person.email, person.prefers, person.avoid) == ("Jo Bloggs", "jo@citizen.example", "email", [])
    assert person.chat == "messenger:12345"


def test_it_says_at_the_start_who_can_read_the_chat(jo: Someone) -> None:
    jo.channel = "telegram"

    assert "Telegram’s company can read what is said in this chat" in jo.command("complain")


def test_it_is_received_when_the_last_turn_had_reached_us_however_late_it_is_handled(jo: Someone) -> None:
    told(jo)
    value, earlier = jo.button("Send my complaint").value, jo.town.now
    jo.town.now += timedelta(hours=20)

    jo.does(tapped=value, at=earlier)

    assert cases(jo)[0].received_at == earlier


def test_the_receipt_comes_to_the_chat_of_someone_who_wants_to_hear_there(jo: Someone) -> None:
    reference = sent(jo)

    assert len(jo.heard[-1].rows) == 0
    assert "A person will read it" in jo.heard[-1].text
    assert "https://redress.example/progress/" in jo.heard[-1].text
    assert "call 999" in jo.heard[-1].text
    assert jo.town.mails(reference) == ["receipt"]


def test_the_receipt_goes_by_email_to_someone_who_wants_that_and_the_chat_tells_the_reference(jo: Someone) -> None:
    reference = sent(jo, by="jo@citizen.example")

    assert reference in jo.heard[-1].text
    assert [message.address for message in jo.town.send()] == ["jo@citizen.example"]


def test_sending_twice_is_once(jo: Someone) -> None:
    told(jo)
    again = jo.button("Send my complaint").value
    jo.tap("Send my complaint")

    words = jo.press(again)

    assert "no longer in use" in words
    assert len(cases(jo)) == 1


def test_an_answer_can_be_changed_at_the_last_look(jo: Someone) -> None:
    told(jo)

    jo.tap("Change an answer")
    jo.tap("When it happened")
    words = jo.say("Since last winter")

    assert "When it happened: Since last winter" in words
    assert jo.buttons()[0] == "Send my complaint"


def test_back_asks_the_question_before_and_what_was_answered_can_be_kept(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")

    words = jo.tap("Back")

    assert "Your answer so far: The gate is broken." in words
    assert "When did it happen?" in jo.tap("Keep my answer")


def test_what_need_not_be_answered_can_be_skipped_by_button_or_word(jo: Someone) -> None:
    told(jo)
    jo.tap("Change an answer")
    jo.tap("What would put it right")

    with pytest.raises(AssertionError):
        jo.button("Skip")  # it has an answer: that can be kept
    assert "What happened" in jo.tap("Keep my answer")


def test_what_must_be_answered_can_not_be_skipped(jo: Someone) -> None:
    jo.command("complain")

    assert jo.buttons() == ["Save and finish later"]
    assert "What happened?" in jo.press(f"n{jo.conversation().round} skip what")


def test_a_button_can_be_typed(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")
    jo.say("In May")

    assert "Who is this complaint for?" in jo.say("repairs")
    assert "What would put it right?" in jo.say("me")
    assert "What is your name?" in jo.say("skip")


def test_an_answer_that_can_not_be_taken_is_asked_for_again_saying_what_to_do(jo: Someone) -> None:
    jo.command("complain")
    for answer in ("The gate is broken.", "In May", "repairs", "me", "A repair", "Jo"):
        jo.say(answer)

    words = jo.say("jo at home")

    assert "Enter an email address in the correct format" in words
    assert "How should we write to you?" in words
    assert jo.conversation().answers["what"] == "The gate is broken."


def test_for_someone_else_it_asks_for_whom_and_why(jo: Someone) -> None:
    jo.command("complain")
    for answer in ("The gate is broken.", "In May", "repairs"):
        jo.say(answer)

    assert "What is their name?" in jo.tap("Someone else")
    assert "Why are you complaining for them?" in jo.say("Ann Bloggs")
    assert "What would put it right?" in jo.say("I am her daughter")


def test_a_telephone_number_and_an_address_are_asked_for_only_when_they_are_chosen(jo: Someone) -> None:
    jo.command("complain")
    for answer in ("The gate is broken.", "In May", "repairs", "me", "A repair", "Jo"):
        jo.say(answer)

    words = jo.tap("By post")

    assert "Postal address" in words
    assert "Telephone number" not in words


def test_ways_that_are_not_safe_are_ticked_and_bind(jo: Someone) -> None:
    jo.command("complain")
    for answer in ("The gate is broken.", "In May", "repairs", "me", "A repair", "Jo", "jo@citizen.example"):
        jo.say(answer)

    jo.tap("Telephone")
    jo.tap("Here in this chat")
    assert {"✓ Telephone", "✓ Here in this chat", "Email"} <= set(jo.buttons())
    assert "contact you safely" in jo.tap("That is all")
    jo.say("Only write, please")
    jo.tap("Skip")
    jo.tap("Nothing to add")
    jo.tap("Send my complaint")

    person = jo.town.person(cases(jo)[0].reference)
    assert person.avoid == ["telephone", "messenger"]
    assert person.communication_needs == "Only write, please"


def test_not_every_way_can_be_ruled_out(jo: Someone) -> None:
    jo.command("complain")
    for answer in ("The gate is broken.", "In May", "repairs", "me", "A repair", "Jo"):
        jo.say(answer)
    jo.tap("Here in this chat")

    jo.tap("Here in this chat")
    words = jo.tap("That is all")

    assert "Leave us at least one way to contact you" in words


def test_more_words_at_the_end_belong_to_what_happened(jo: Someone) -> None:
    jo.command("complain")
    for answer in ("The gate is broken.", "In May", "repairs", "me", "A repair", "Jo", "here in this chat"):
        jo.say(answer)
    jo.tap("All ways are safe")
    jo.tap("Skip")

    words = jo.say("And the tap drips.")

    assert "I have added that to what happened." in words
    assert jo.conversation().answers["what"] == "The gate is broken.\n\nAnd the tap drips."


def test_what_they_wrote_before_they_could_see_the_next_question_goes_on_with_the_last_answer(jo: Someone) -> None:
    jo.command("complain")
    arrived = jo.town.now
    jo.town.now += timedelta(seconds=2)
    jo.say("The gate is broken.", at=arrived)

    jo.say("So is the lift.", at=arrived)

    assert jo.conversation().answers["what"] == "The gate is broken.\n\nSo is the lift."
    assert "when" not in jo.conversation().answers


def test_asking_where_it_is_in_the_middle_of_it_is_answered_and_the_question_asked_again(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")

    words = jo.say("where is my complaint?")

    assert "I know of no complaint made in this chat." in words
    assert "When did it happen?" in words
    assert "when" not in jo.conversation().answers


def test_nothing_is_understood_of_a_sticker_and_the_question_stands(jo: Someone) -> None:
    jo.command("complain")

    words = jo.say(trouble="not_understood")

    assert "I cannot read that kind of message" in words
    assert "What happened?" in words


def test_to_a_group_one_polite_line_is_said_once_and_no_conversation_begins(jo: Someone) -> None:
    first = jo.say("hello all", trouble="group")
    second = jo.say("hello again", trouble="group")

    with reading(jo.town.engine) as session:
        assert session.exec(select(Conversation)).all() == []
    assert "one person at a time" in first
    assert second == ""


def test_nothing_of_a_conversation_is_a_contact_before_it_is_sent(jo: Someone) -> None:
    told(jo)

    with reading(jo.town.engine) as session:
        assert session.exec(select(Contact)).all() == []
        assert session.exec(select(ChatUpdate)).all() == []


def test_it_is_held_in_welsh_with_someone_whose_messenger_is_in_welsh(jo: Someone) -> None:
    words = jo.say("Mae'r giât wedi torri ers tair wythnos.", language="cy")

    assert "Dyma wasanaeth cwynion" in words
    assert jo.conversation().language == "cy"
