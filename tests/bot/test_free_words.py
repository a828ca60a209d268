"""Free words at any time are taken for what they most likely are; when that is unsure, the person is asked."""

import pytest
from sqlmodel import select

from bot.meaning import Meaning, meaning
from storage.database import reading
from storage.tables import Blob, Contact
from tests.bot.someone import Someone, sent
from tests.workflow.acts import answered

LONG = " ".join(["The lift was broken again and nobody came."] * 9)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Where is my complaint?", Meaning.STATUS),
        ("hi, any news please", Meaning.STATUS),
        ("Ble mae fy nghwyn?", Meaning.STATUS),
        ("Oes newyddion?", Meaning.STATUS),
        ("I want to make another complaint", Meaning.ANOTHER),
        ("cwyn newydd", Meaning.ANOTHER),
        ("Hello", Meaning.NOTHING),
        ("Bore da", Meaning.NOTHING),
        ("diolch!", Meaning.NOTHING),
        ("?", Meaning.NOTHING),
        ("👍🏽 !", Meaning.NOTHING),
        ("The gate has been broken for weeks", Meaning.STORY),
        ("gate broken", Meaning.UNSURE),
        ("", Meaning.UNSURE),
        ("They told me there was no news of the repair and that my bins are not emptied", Meaning.STORY),
    ],
)
def test_what_words_most_likely_mean(text: str, meant: Meaning) -> None:
    assert meaning(text) is meant


@pytest.mark.requirement("R365")
def test_a_story_from_a_stranger_is_a_complaint_and_its_first_answer(jo: Someone) -> None:
    words = jo.say("The gate has been broken for three weeks.")

    assert "call 999" in words
    assert "may be able to read what is said in this chat" in words
    assert "When did it happen?" in words


def test_a_greeting_is_answered_with_what_can_be_done(jo: Someone) -> None:
    words = jo.say("Hello")

    assert "Town Council and Town Homes" in words
    assert jo.buttons() == ["Make a complaint", "Where is my complaint?"]


@pytest.mark.parametrize("text", ["thanks", "?", "👍"])
def test_thanks_or_a_thumb_from_someone_with_a_case_are_no_addition_and_they_are_not_greeted_anew(
    jo: Someone, text: str
) -> None:
    reference = sent(jo)

    words = jo.say(text)

    assert words == "All right. To add something to your complaint, just write it here."
    assert jo.buttons() == ["Where is my complaint?", "Make a complaint"]
    assert "new_contact" not in jo.town.tasks(reference)


def test_two_words_may_be_anything_so_the_person_is_asked_and_their_words_are_held(jo: Someone) -> None:
    jo.say("gate broken")

    assert jo.buttons() == ["Make a complaint", "Where is my complaint?", "Never mind"]
    assert "When did it happen?" in jo.tap("Make a complaint")
    assert jo.conversation().answers["what"] == "gate broken"


def test_a_photo_from_a_stranger_begins_a_complaint(jo: Someone) -> None:
    words = jo.send("damp.jpg")

    assert "What happened?" in words
    assert len(jo.conversation().answers["kept"]) == 1


def test_a_few_words_from_someone_with_an_open_case_are_added_to_it(jo: Someone) -> None:
    reference = sent(jo)

    words = jo.say("I forgot to say that there is a baby in the house.")

    assert f"I have added this to your complaint {reference}" in words
    assert jo.town.tasks(reference) == ["new_contact"]
    assert jo.town.all(Contact, reference)[1].text == "I forgot to say that there is a baby in the house."


def test_a_photo_from_someone_with_an_open_case_is_added_to_it(jo: Someone) -> None:
    reference = sent(jo)

    assert reference in jo.send("damp.jpg")


def test_a_long_story_from_someone_with_a_case_may_be_another_so_they_are_asked(jo: Someone) -> None:
    reference = sent(jo)

    jo.say(LONG)

    assert jo.buttons() == [reference, "Make a complaint", "Where is my complaint?", "Never mind"]
    assert f"added this to your complaint {reference}" in jo.tap(reference)
    assert jo.town.all(Contact, reference)[1].text == LONG


def test_more_words_while_we_ask_what_it_is_about_are_held_with_the_first(jo: Someone) -> None:
    reference = sent(jo)
    jo.say(LONG)

    jo.say("And the stairs are dark.")
    jo.tap(reference)

    assert jo.town.all(Contact, reference)[1].text == f"{LONG}\n\nAnd the stairs are dark."


def test_a_case_that_is_closed_is_not_added_to_without_asking(jo: Someone) -> None:
    reference = sent(jo)
    jo.town.do(reference, "withdraw", still_dissatisfied="no")
    jo.hears()

    jo.say("It broke again last night.")

    assert jo.buttons() == [reference, "Make a complaint", "Where is my complaint?", "Never mind"]


@pytest.mark.requirement("R207")
def test_where_is_it_is_answered_with_stage_and_date(jo: Someone) -> None:
    reference = sent(jo)

    words = jo.say("Where is my complaint?")

    assert f"{reference}, Repairs\nStage 1" in words
    assert "Monday 29 December 2025" in words


def test_who_is_not_satisfied_with_the_answer_says_so_and_a_person_decides_on_the_next_stage(jo: Someone) -> None:
    reference = sent(jo)
    answered(jo.town, reference)
    jo.hears()

    jo.say("I am not satisfied with this.")

    assert "stage_request" in jo.town.tasks(reference)


def test_what_was_held_for_an_answer_is_not_kept_once_it_is_not_wanted(jo: Someone) -> None:
    sent(jo)
    jo.send("damp.jpg", text=LONG)
    assert jo.conversation().holding["files"]

    jo.tap("Never mind")

    with reading(jo.town.engine) as session:
        assert b"the bytes of damp.jpg" not in session.exec(select(Blob.content)).all()
    assert jo.conversation().holding == {}


def test_a_command_loses_none_of_the_words_that_we_asked_about(jo: Someone) -> None:
    jo.say("gate broken")

    jo.command("help")
    jo.command("complain", "Since May.")

    assert jo.conversation().answers["what"] == "gate broken\n\nSince May."


def test_words_that_we_asked_about_join_what_is_added_by_command(jo: Someone) -> None:
    reference = sent(jo)
    jo.say(LONG)

    jo.command("add", "And the stairs are dark.")

    assert jo.town.all(Contact, reference)[1].text == f"{LONG}\n\nAnd the stairs are dark."


def test_a_complaint_in_the_making_is_not_overwritten_by_words_held_beside_it(jo: Someone) -> None:
    sent(jo)
    sent(jo)
    jo.command("complain")
    jo.say("The bins are never emptied.")
    jo.command("add")
    jo.say(LONG)

    jo.tap("Make a complaint")

    assert jo.conversation().answers["what"] == f"The bins are never emptied.\n\n{LONG}"
