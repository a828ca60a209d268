"""Leaving in the middle of a complaint and coming back: the same question again, and nothing taken for its answer."""

import pytest

from tests.bot.someone import Someone


def test_who_comes_back_and_types_go_on_is_asked_again_and_that_is_no_answer(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")
    jo.tap("Save and finish later")

    words = jo.say("Go on")

    assert words.startswith("When did it happen?")
    assert "when" not in jo.conversation().answers


def test_keep_my_answer_can_be_typed_where_there_is_one(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")
    jo.say("Since May")
    jo.tap("Back")

    jo.say("keep my answer")

    assert jo.conversation().answers["when"] == "Since May"


def test_a_sentence_in_place_of_an_email_address_is_refused_and_kept_with_what_happened(jo: Someone) -> None:
    jo.command("complain")
    for answer in ("The gate is broken.", "In May", "repairs", "me", "A repair", "Jo"):
        jo.say(answer)
    jo.tap("Save and finish later")

    words = jo.say("Since yesterday the fence is down, too.")

    answers = jo.conversation().answers
    assert answers["what"] == "The gate is broken.\n\nSince yesterday the fence is down, too."
    assert "email" not in answers
    assert words.startswith("Enter an email address in the correct format, like name@example.com")
    assert "I have added that to what happened." in words
    assert "How should we write to you?" in words


@pytest.mark.requirement("R235")
def test_it_is_saved_and_finished_later(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")

    assert "It is not sent yet" in jo.tap("Save and finish later")
    assert "When did it happen?" in jo.tap("Go on")


def test_who_was_greeted_already_is_not_greeted_again_when_they_begin(jo: Someone) -> None:
    jo.say("hello")

    begun = jo.tap("Make a complaint")

    assert "What happened?" in begun
    assert "Hello." not in begun
    assert "may be able to read" not in begun


def test_somebody_who_comes_back_and_says_hello_is_asked_the_same_question_again(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")

    words = jo.say("Hello!")

    assert "not sent yet" in words
    assert "When did it happen?" in words
    assert "when" not in jo.conversation().answers
