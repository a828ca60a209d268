"""The commands of the menu, and the buttons that do the same."""

import pytest
from sqlmodel import select

from bot.commands import COMMANDS, MENU
from storage.database import reading
from storage.tables import Case, Contact
from tests.bot.someone import Someone, sent, told
from tests.town import Town
from tests.workflow.acts import acknowledged


def another(town: Town, chat: str = "777") -> Someone:
    return Someone(town, chat)


def test_the_menu_has_eight_commands_and_each_is_answered(jo: Someone) -> None:
    assert set(MENU) < set(COMMANDS)
    assert len(MENU) == 8
    for name in MENU:
        assert another(jo.town, name).command(name)


def test_help_tells_each_command(jo: Someone) -> None:
    words = jo.command("help")

    assert all(f"/{name}: " in words for name in MENU)


def test_an_unknown_command_gets_the_list(jo: Someone) -> None:
    assert "/withdraw: " in jo.command("frobnicate")


@pytest.mark.parametrize("command", ["complaint", "help", "start", "status"])
def test_words_behind_a_command_that_has_no_use_for_them_are_heard(jo: Someone, command: str) -> None:
    words = jo.command(command, "The gate has been broken for three weeks and nobody has come to mend it.")

    assert "When did it happen?" in words
    assert str(jo.conversation().answers["what"]).startswith("The gate has been broken")


def test_a_few_words_behind_status_still_ask_for_it(jo: Someone) -> None:
    reference = sent(jo)

    assert f"{reference}, Repairs" in jo.command("status", "of my complaint please")


def test_words_behind_stop_do_not_keep_us_from_stopping(jo: Someone) -> None:
    assert "We will not write to you here any more" in jo.command("stop", "writing to me here please")


def test_a_second_complain_while_one_is_told_offers_to_go_on(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")

    assert "begun a complaint that is not sent yet" in jo.command("complain")
    assert "When did it happen?" in jo.tap("Go on")


def test_status_is_for_the_chat_that_opened_the_case_alone(jo: Someone) -> None:
    reference = sent(jo)

    assert reference in jo.command("status")
    assert reference not in another(jo.town).command("status")


def test_a_chat_by_another_messenger_with_the_same_number_is_another_person(jo: Someone) -> None:
    reference = sent(jo)

    assert reference not in Someone(jo.town, jo.chat, "other").command("status")


def test_add_takes_what_is_written_next(jo: Someone) -> None:
    reference = sent(jo)

    jo.command("add")
    words = jo.say("Also the tap drips.")

    assert f"I have added this to your complaint {reference}" in words
    assert jo.town.all(Contact, reference)[1].text == "Also the tap drips."


def test_add_asks_which_when_there_are_several(jo: Someone) -> None:
    first, second = sent(jo), sent(jo, "The lift is broken.")

    jo.command("add", "It still is.")

    assert jo.buttons() == [second, first]
    assert f"added this to your complaint {first}" in jo.tap(first)


def test_add_can_be_left(jo: Someone) -> None:
    sent(jo)
    jo.command("add")

    assert "All right" in jo.tap("Never mind")
    assert jo.conversation().aside == ""


def test_somebody_elses_case_is_not_added_to_by_a_button_made_up(jo: Someone) -> None:
    reference = sent(jo)
    thief = another(jo.town)
    person = jo.town.person(reference)

    words = thief.press(f"x add {person.id}") + thief.press(f"x solved {person.id}")

    assert reference not in words
    assert len(jo.town.all(Contact, reference)) == 1
    assert jo.town.look(reference).state == "open"


@pytest.mark.parametrize(("button", "unhappy"), [("solved", "no longer"), ("unhappy", "still")])
def test_withdraw_asks_whether_it_was_put_right_and_withdraws(jo: Someone, button: str, unhappy: str) -> None:
    reference = sent(jo)
    words = {"solved": "Withdraw it, I am no longer unhappy", "unhappy": "Withdraw it, I am still unhappy"}

    jo.command("withdraw")
    jo.tap(words[button])

    assert jo.town.look(reference).outcome == "withdrawn"
    assert unhappy in jo.town.all(Contact, reference)[1].text


def test_withdraw_can_be_thought_better_of(jo: Someone) -> None:
    reference = sent(jo)
    jo.command("withdraw")

    words = jo.tap("Do not withdraw it")

    assert "is not withdrawn" in words
    assert jo.town.look(reference).state == "open"


def test_updates_by_email_asks_for_the_address_and_letters_then_go_there(jo: Someone) -> None:
    reference = sent(jo)
    jo.command("updates")
    jo.tap("By email")
    assert "Enter an email address" in jo.say("nowhere")

    words = jo.say("Jo@Citizen.example")
    acknowledged(jo.town, reference)

    assert "From now on we write to you by email." in words
    person = jo.town.person(reference)
    assert (person.prefers, person.email) == ("email", "jo@citizen.example")
    assert jo.hears() == []


def test_a_way_that_they_called_unsafe_is_not_offered_and_its_old_button_does_not_choose_it(jo: Someone) -> None:
    person = jo.town.person(reference := sent(jo))
    person.avoid, person.postal_address = ["post"], "1 High Street"
    jo.town.change(person)

    jo.command("updates")
    offered = jo.buttons()
    words = jo.press("x by post")

    assert offered == ["Here in this chat", "By email", "Do not write to me here"]
    assert "it is not safe for us to write to you by post, so we will not" in words
    person = jo.town.person(reference)
    assert (person.prefers, person.avoid) == (jo.channel, ["post"])


def test_a_way_that_they_call_unsafe_while_we_ask_for_its_address_is_not_chosen(jo: Someone) -> None:
    reference = sent(jo)
    jo.command("updates")
    jo.tap("By email")
    person = jo.town.person(reference)
    person.avoid = ["email"]
    jo.town.change(person)

    words = jo.say("jo@citizen.example")

    assert "it is not safe for us to write to you by email" in words
    assert (jo.town.person(reference).email, jo.town.person(reference).avoid) == ("", ["email"])


@pytest.mark.parametrize("value", ["x by pigeon", "x by", "x by chat"])
def test_a_button_of_ways_that_is_none_of_ours_changes_nothing(jo: Someone, value: str) -> None:
    if value != "x by chat":  # which is one, for who has a complaint
        sent(jo)

    assert "no longer" in jo.press(value)


def test_stop_means_that_nothing_is_written_there_any_more(jo: Someone) -> None:
    reference = sent(jo)

    words = jo.command("stop")
    jo.town.do(reference, "ask", question="Which room?")
    jo.town.now = jo.town.now.replace(hour=23)

    assert "will not write to you here any more" in words
    assert jo.hears() == []
    assert "no_safe_way" in jo.town.tasks(reference)
    assert reference not in jo.command("status")


def test_after_stop_they_can_have_it_back_where_no_mailbox_can_show_who_asks(jo: Someone) -> None:
    reference = sent(jo)
    jo.command("stop")
    jo.command("status")

    jo.tap("Write to me here again")

    assert reference in jo.command("status")


def test_after_stop_someone_with_a_mailbox_must_show_by_a_code_who_asks(jo: Someone) -> None:
    reference = sent(jo, by="jo@citizen.example")
    jo.command("stop")
    jo.command("status")

    words = jo.tap("Write to me here again")

    assert "From now on we write to you" not in words
    assert jo.buttons() == ["I complained by email or form"]
    assert reference not in jo.command("status")


def test_a_chat_called_unsafe_when_they_complained_tells_nobody_who_asks_there_of_it(jo: Someone) -> None:
    told(jo, by="jo@citizen.example")
    jo.tap("Change an answer")
    jo.tap("Do not contact me by")
    jo.tap("Here in this chat")
    jo.tap("That is all")
    if "Send my complaint" not in jo.buttons():
        jo.tap("Skip")
    jo.tap("Send my complaint")

    words = jo.command("status")

    assert "I know of no complaint" in words
    assert "You asked us not to write" not in words
    assert "Write to me here again" not in jo.buttons()


def test_language_is_kept_on_the_case(jo: Someone) -> None:
    reference = sent(jo)
    jo.command("language")

    words = jo.tap("Cymraeg")

    assert "O hyn ymlaen byddaf yn ysgrifennu yn Gymraeg." in words
    with reading(jo.town.engine) as session:
        assert session.exec(select(Case.language).where(Case.reference == reference)).one() == "cy"


def test_language_in_the_middle_of_a_complaint_asks_on_in_the_new_one(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")
    jo.command("language")

    words = jo.tap("Cymraeg")

    assert "Teipiwch" not in words
    assert jo.buttons()[-1] == "Cadw a gorffen yn nes ymlaen"


def test_whoever_was_asked_for_an_address_can_say_something_else(jo: Someone) -> None:
    reference = sent(jo)
    jo.command("updates")
    jo.tap("By email")

    words = jo.say("I am not satisfied. The repair was not done.")

    assert f"I have added this to your complaint {reference}" in words
    assert "Enter an email address" not in words


def test_never_mind_can_be_typed(jo: Someone) -> None:
    sent(jo)
    jo.command("updates")
    jo.tap("By email")

    words = jo.say("never mind")

    assert "Enter an email address" not in words
    assert jo.conversation().aside == ""


def test_status_after_stop_does_not_say_that_there_is_no_complaint(jo: Someone) -> None:
    sent(jo)
    jo.command("stop")

    words = jo.command("status")

    assert "You asked us not to write about your complaint here." in words
    assert "I know of no complaint" not in words


def test_an_unknown_command_is_said_to_be_unknown(jo: Someone) -> None:
    assert "I do not know that command." in jo.command("nonsense")
