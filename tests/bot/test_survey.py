"""A survey answered in the chat: asked there, one question after the other, kept as those from the page are."""

import pytest
from sqlmodel import Session, col, select

from learning.feedback.survey_chat import asked
from learning.feedback.survey_items import said
from storage.tables import Case, Message
from tests.bot.someone import GATE, Someone, sent
from tests.learning.surveying import invitations, kept, sweep

ON_THE_WHOLE = "Overall, I am satisfied with how my complaint was dealt with."
EASY = "It was easy to complain in a way that suited me."


def told_how_it_was(jo: Someone, *answers: str) -> str:
    """They press one answer after the other; gives what they read last."""
    return [jo.tap(one) for one in answers][-1]


@pytest.fixture
def asked_jo(jo: Someone) -> Someone:
    """Jo, whose complaint was closed a week ago, and who is asked how it was."""
    closed_a_week_ago(jo)
    jo.hears()
    return jo


def closed_a_week_ago(jo: Someone) -> str:
    """The reference; that they are asked how it was is owed, and has not left yet."""
    reference = sent(jo)
    jo.town.do(reference, "withdraw", still_dissatisfied="no")
    jo.town.now = jo.town.now.replace(hour=23)
    jo.hears()
    sweep(jo.town)
    sweep(jo.town, "2025-12-25")
    return reference


def messages(jo: Someone) -> list[Message]:
    with Session(jo.town.engine) as session:
        return list(session.exec(select(Message)).all())


@pytest.mark.requirement("R063", "R241")
def test_the_first_question_comes_with_its_answers_to_press_and_a_link_beside(asked_jo: Someone) -> None:
    invitation = asked_jo.heard[-1]

    assert invitation.text.startswith("How did we do with your complaint?")
    assert f"Question 1 of 12. How far do you agree?\n{ON_THE_WHOLE}" in invitation.text
    assert "https://redress.example/survey/" in invitation.text
    assert "at least 10 people" in invitation.text
    assert asked_jo.buttons() == [*said()["scale"].values(), "Do not ask me again"]


@pytest.mark.requirement("R311")
def test_one_question_comes_after_the_other_and_all_answers_are_kept_as_from_the_page(asked_jo: Someone) -> None:
    words = [asked_jo.tap("Agree") for _ in asked("complainant")]

    assert f"Question 2 of 12. How far do you agree?\n{EASY}" in words[0]
    assert words[-1].startswith("Thank you\n\nWe have kept your answers.")
    [answers] = kept(asked_jo.town)
    assert answers.answers == dict.fromkeys(asked("complainant"), "agree")
    assert (answers.grp, answers.quarter, answers.channel) == ("complainant", "2025Q3", "messenger")
    assert asked_jo.conversation().aside == ""


def test_what_is_left_out_is_not_asked_again_and_not_kept(asked_jo: Someone) -> None:
    told_how_it_was(asked_jo, "Disagree", *["Skip"] * 11)

    assert [one.answers for one in kept(asked_jo.town)] == [{"handling": "disagree"}]


def test_going_back_changes_an_answer(asked_jo: Someone) -> None:
    asked_jo.tap("Agree")

    again = asked_jo.tap("Back")
    told_how_it_was(asked_jo, "Strongly disagree", *["Skip"] * 11)

    assert ON_THE_WHOLE in again
    assert [one.answers for one in kept(asked_jo.town)] == [{"handling": "strongly_disagree"}]


def test_an_answer_pressed_under_an_earlier_question_changes_that_one(asked_jo: Someone) -> None:
    first = asked_jo.button("Disagree").value
    told_how_it_was(asked_jo, "Agree", "Agree")

    asked_jo.press(first)
    asked_jo.tap("Stop")

    assert [one.answers for one in kept(asked_jo.town)] == [{"handling": "disagree", "easy": "agree"}]


def test_stopping_keeps_what_was_answered_and_nothing_more_is_asked(asked_jo: Someone) -> None:
    asked_jo.tap("Agree")

    words = asked_jo.tap("Stop")
    sweep(asked_jo.town, "2026-01-10")

    assert "We have kept your answers." in words
    assert [one.answers for one in kept(asked_jo.town)] == [{"handling": "agree"}]
    assert asked_jo.hears() == []


def test_whoever_does_not_wish_to_be_asked_is_not_reminded(asked_jo: Someone) -> None:
    words = asked_jo.tap("Do not ask me again")
    sweep(asked_jo.town, "2026-01-10")

    assert "Your complaint is not affected." in words
    assert kept(asked_jo.town) == []
    assert asked_jo.hears() == []


def test_a_survey_that_has_not_left_is_dropped_when_they_stop_and_nobody_is_troubled_with_it(jo: Someone) -> None:
    reference = closed_a_week_ago(jo)
    person = jo.town.person(reference)
    person.email = "jo@citizen.example"
    jo.town.change(person)

    jo.does_unheard(command="stop")
    told = [one.text for one in jo.hears()]
    sweep(jo.town, "2026-01-10")

    assert len(told) == 1
    assert told[0].startswith("We will not write to you here any more.")
    [asked] = [one for one in messages(jo) if one.kind == "survey" and one.participant_id]
    assert (asked.recalled_at is not None, asked.given_up_at) == (True, None)
    assert jo.town.tasks(reference) == []
    assert invitations(jo.town)[0].closed_at is not None


def test_what_they_had_answered_before_they_stop_is_kept(asked_jo: Someone) -> None:
    asked_jo.tap("Agree")

    asked_jo.command("stop")

    assert [one.answers for one in kept(asked_jo.town)] == [{"handling": "agree"}]


@pytest.mark.requirement("R063")
def test_who_says_nothing_is_reminded_once_with_the_same_buttons_and_then_no_more(asked_jo: Someone) -> None:
    told = []
    for day in ("2026-01-03", "2026-01-04", "2026-01-05", "2026-01-25", "2026-03-01"):
        sweep(asked_jo.town, day)
        told.append([one.text.partition("\n")[0] for one in asked_jo.hears()])

    reminder = "There is still time to tell us how we did. This is the last time we ask."
    assert told == [[], [reminder], [], [], []]
    assert "This survey is closed" in asked_jo.tap("Agree")
    assert kept(asked_jo.town) == []


def test_who_answered_a_part_is_not_reminded_and_that_part_is_kept(asked_jo: Someone) -> None:
    told_how_it_was(asked_jo, "Agree", "Disagree")
    before = kept(asked_jo.town)

    sweep(asked_jo.town, "2026-01-04")

    assert before == []
    assert [one.answers for one in kept(asked_jo.town)] == [{"handling": "agree", "easy": "disagree"}]
    assert asked_jo.hears() == []
    assert invitations(asked_jo.town)[0].given is None


def test_a_reminder_that_has_not_left_when_they_answer_never_leaves(asked_jo: Someone) -> None:
    sweep(asked_jo.town, "2026-01-04")

    asked_jo.does_unheard(tapped=asked_jo.button("Do not ask me again").value)

    assert [one.text.partition("\n")[0] for one in asked_jo.hears()] == ["The survey is stopped"]


def test_a_restart_in_the_middle_loses_nothing(asked_jo: Someone) -> None:
    asked_jo.tap("Agree")

    later = Someone(asked_jo.town, heard=asked_jo.heard[-1:])
    told_how_it_was(later, "Disagree", "Stop")

    assert [one.answers for one in kept(asked_jo.town)] == [{"handling": "agree", "easy": "disagree"}]


@pytest.mark.parametrize(
    ("words", "answer"),
    [("agree", "agree"), ("Strongly agree.", "strongly_agree"), ("5", "strongly_disagree")],
)
def test_an_answer_can_be_typed(asked_jo: Someone, words: str, answer: str) -> None:
    asked_jo.tap("Neither agree nor disagree")

    asked_jo.say(words)
    asked_jo.say("never mind")

    assert [one.answers for one in kept(asked_jo.town)] == [{"handling": "neither", "easy": answer}]


def test_a_complaint_told_in_the_middle_is_heard_as_one(asked_jo: Someone) -> None:
    asked_jo.tap("Disagree")

    asked_jo.say(GATE)
    words = asked_jo.tap("Make a complaint")

    assert "When did it happen?" in words
    assert asked_jo.conversation().answers["what"] == GATE
    assert "Question 3 of 12" in asked_jo.press(f"s{invitations(asked_jo.town)[0].id} easy=agree")


def test_danger_in_the_middle_is_told_at_once_and_the_survey_can_be_gone_on_with(asked_jo: Someone) -> None:
    asked_jo.tap("Agree")
    question = asked_jo.heard[-1]

    words = asked_jo.say("I want to kill myself")

    assert "call 999" in words
    with Session(asked_jo.town.engine) as session:
        assert [case.urgent_at is not None for case in session.exec(select(Case).order_by(col(Case.id)))] == [
            False,
            True,
        ]
    asked_jo.heard.append(question)
    assert "Question 3 of 12" in asked_jo.tap("Agree")


@pytest.mark.parametrize("command", ["status", "help", "language", "updates"])
def test_a_command_in_the_middle_is_answered_as_ever(asked_jo: Someone, command: str) -> None:
    fresh = asked_jo.command(command)
    asked_jo.press(f"s{invitations(asked_jo.town)[0].id} handling=agree")

    assert asked_jo.command(command) == fresh


def test_a_survey_in_the_middle_of_telling_a_complaint_goes_back_to_it(asked_jo: Someone) -> None:
    invitation = asked_jo.heard[-1]
    asked_jo.command("complain")
    asked_jo.say(GATE)
    asked_jo.heard.append(invitation)

    asked_jo.tap("Agree")
    words = asked_jo.tap("Stop")

    assert "We have kept your answers." in words
    assert "When did it happen?" in words
    asked_jo.say("Agree to disagree, in May")
    assert asked_jo.conversation().answers["when"] == "Agree to disagree, in May"


def test_nobody_answers_for_another_by_a_button_made_up(asked_jo: Someone) -> None:
    number = invitations(asked_jo.town)[0].id
    thief = Someone(asked_jo.town, "777")

    words = [thief.press(f"s{number} {does}") for does in ("handling=agree", "stop", "back easy")]

    assert all("no longer in use" in one for one in words)
    assert invitations(asked_jo.town)[0].given is None


@pytest.mark.parametrize("does", ["handling=nonsense", "other=agree", "back handling", "", "dance", "=", "time=agree"])
def test_a_button_that_we_never_offered_changes_nothing(asked_jo: Someone, does: str) -> None:
    asked_jo.press(f"s{invitations(asked_jo.town)[0].id} {does}")

    assert invitations(asked_jo.town)[0].given is None


def test_what_a_chat_of_ours_keeps_never_tells_what_was_answered(asked_jo: Someone) -> None:
    told_how_it_was(asked_jo, "Strongly disagree", "Strongly disagree", "Stop")

    with Session(asked_jo.town.engine) as session:
        turns = session.exec(select(Message.text).where(Message.kind == "turn")).all()
    there = asked_jo.conversation()
    assert "strongly_disagree" not in str([there.said, there.answers, there.holding])
    assert not any("disagree" in text.lower().replace("how far do you agree?", "") for text in turns[-3:])


def test_in_welsh(asked_jo: Someone) -> None:
    invitation = asked_jo.heard[-1]
    asked_jo.command("language")
    asked_jo.tap("Cymraeg")
    asked_jo.heard.append(invitation)

    words = asked_jo.tap("Agree")

    assert words.startswith("Cwestiwn 2 o 12. I ba raddau rydych yn cytuno?")
    assert asked_jo.buttons()[-3:] == ["Hepgor", "Yn ôl", "Stopio"]


def test_every_button_fits_into_a_messenger(asked_jo: Someone) -> None:
    for name in asked("complainant")[1:]:
        asked_jo.tap("Does not apply")

        rows = [button for row in asked_jo.heard[-1].rows for button in row]
        assert all(len(button.value.encode()) <= 60 for button in rows), name  # room for a number of seven more digits
