"""Words that run over: beside a photo, in place of a date, or longer than one message at the last look."""

from tests.bot.someone import Someone, told


def test_words_beside_a_photo_belong_to_what_happened_whatever_was_asked(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")

    words = jo.send("gate.jpg", text="this is the gate")

    answers = jo.conversation().answers
    assert answers["what"] == "The gate is broken.\n\nthis is the gate"
    assert "when" not in answers
    assert "I have added that to what happened." in words
    assert "When did it happen?" in words


def test_a_story_told_when_we_ask_for_the_date_is_kept_and_the_date_is_asked_again(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")
    story = "We have asked and asked. " * 40

    words = jo.say(story)

    assert jo.conversation().answers["what"].endswith(story.strip())
    assert "characters or fewer" not in words
    assert "When did it happen?" in words


def test_however_much_they_told_it_is_repeated_in_few_words_and_kept_whole(jo: Someone) -> None:
    story = "The gate is broken. " * 2_000
    told(jo, story)
    jo.tap("Change an answer")

    again = jo.tap("What happened")
    looked = jo.tap("Keep my answer")

    assert len(again) < 1_000
    assert "press “Send my complaint”" in looked
    assert jo.conversation().answers["what"] == story.strip()


def test_what_no_more_fits_in_is_said_not_to_fit_and_never_to_be_added(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken. " * 2_400)

    words = jo.say("We have asked and asked. " * 100)

    assert "50,000 characters or fewer" in words
    assert "I have added that" not in words
