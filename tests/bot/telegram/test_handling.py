"""What people do in Telegram reaches the conversation: once, in order, and with its files."""

import json
from datetime import timedelta

import pytest

from bot import conversation
from bot.said import Said
from bot.telegram import updates
from storage.tables import Case, ChatUpdate, Conversation
from tests.bot.telegram.channel import JO, Here, begun, settled, soon
from workflow.office import Act

MB = 1_000_000


def test_a_message_is_answered(here: Here) -> None:
    said = here.people.say(JO, "/start")

    here.start()

    assert "complaints service" in here.people.answer(JO, said["message_id"]).text


def test_a_command_is_known_with_the_bots_name_too(here: Here) -> None:
    said = here.people.say(JO, "/help@complaints_bot")

    here.start()

    assert "photos" in here.people.answer(JO, said["message_id"]).text


def test_a_button_stops_turning_and_shows_what_was_chosen(here: Here) -> None:
    said = here.people.say(JO, "/start")
    here.start()
    button = here.people.answer(JO, said["message_id"]).buttons[0][0]

    here.people.tap(JO, button)
    soon(lambda: len(here.lines()) == 2)
    soon(lambda: not here.lines()[0].buttons)

    assert here.lines()[0].text.endswith(f"✓ {button}")
    assert "answered" in here.people.taps(JO)[0]


def test_welsh_is_spoken_to_whoever_uses_telegram_in_welsh(here: Here) -> None:
    here.people.be(JO, language="cy")
    said = here.people.say(JO, "/start")

    here.start()

    assert "cwyn" in here.people.answer(JO, said["message_id"]).text.lower()


def test_a_place_that_goes_on_moving_is_heard_of_once(here: Here) -> None:
    here.people.say(JO, "/complain")
    place = {"latitude": 51.5007, "longitude": -0.1246, "live_period": 900}
    here.people.say(JO, "", location=place)
    here.people.say(JO, "I wait here.")
    here.start()
    settled(here)
    before = begun(here).answers

    moved = json.loads(here.updates()[1].raw)["message"] | {"edit_date": 1_804_000_060}
    moved["location"] = place | {"latitude": 51.5018}
    updates.keep(here.door.engine, here.door.bot, [{"update_id": 999_999, "edited_message": moved}], here.now())
    settled(here)

    assert begun(here).answers == before


def test_a_command_ends_where_its_line_does(here: Here) -> None:
    command = {"type": "bot_command", "offset": 0, "length": 9}
    here.people.say(JO, "/complain\nThe lift is broken again.", entities=[command])

    here.start()
    settled(here)

    assert begun(here).answers["what"] == "The lift is broken again."


@pytest.mark.parametrize("where", ["text", "caption"])
def test_words_in_a_message_of_a_kind_that_is_newer_than_we_are_are_heard(here: Here, where: str) -> None:
    here.people.say(JO, "/complain")
    here.start()
    settled(here)

    chat_of_jo = {"id": JO, "type": "private", "first_name": "Jo"}
    newer = {"message_id": 77, "date": "in words", "chat": chat_of_jo, where: "I want to kill myself."}
    updates.keep(here.door.engine, here.door.bot, [{"update_id": 999_999, "message": newer}], here.now())
    settled(here)

    [case] = here.all(Case)
    assert case.urgent_at is not None


@pytest.mark.parametrize(
    "what",
    [
        {"location": {"latitude": 51.5007, "longitude": -0.1246}},
        {"venue": {"location": {"latitude": 51.5, "longitude": -0.1}, "title": "Town Hall", "address": "1 High St"}},
        {"contact": {"phone_number": "+441632960000", "first_name": "Somebody", "user_id": 5}},
    ],
)
def test_a_place_and_a_card_are_kept_as_words(here: Here, what: dict[str, object]) -> None:
    here.people.say(JO, "/complain")
    here.people.say(JO, "", **what)

    here.start()
    settled(here)

    assert begun(here).answers["what"][0] in "📍☎"


@pytest.mark.parametrize("what", [{"dice": {"emoji": "🎲", "value": 3}}, {"thought": {"words": "?"}}])
def test_what_we_can_not_take_is_politely_declined(here: Here, what: dict[str, object]) -> None:
    said = here.people.say(JO, "", **what)

    here.start()

    assert here.people.answer(JO, said["message_id"]).text
    assert here.all(Case) == []


def test_a_group_hears_one_polite_line_once(here: Here) -> None:
    group = {"id": -500, "type": "supergroup", "title": "Neighbours"}
    sender = {"id": JO, "is_bot": False, "first_name": "Jo"}
    here.people.be(-500)
    here.people.publish(
        {"message": {"message_id": number, "date": 1, "chat": group, "from": sender, "text": "/complain"}}
        for number in (1, 2)
    )

    here.start()
    soon(lambda: here.told(-500))
    settled(here)

    assert len(here.told(-500)) == 1
    assert here.all(Conversation) == []


def test_a_bot_is_not_answered(here: Here) -> None:
    sender = {"id": 9, "is_bot": True, "first_name": "Echo"}
    chat = {"id": 9, "type": "private", "first_name": "Echo"}
    here.people.be(9)
    here.people.publish([{"message": {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": "hello"}}])

    here.start()
    settled(here)

    assert here.told(9) == []


def test_an_edit_is_a_new_version_and_the_old_one_is_kept(here: Here) -> None:
    here.people.say(JO, "/complain")
    said = here.people.say(JO, "The lift is broken.")
    here.start()
    settled(here)

    here.people.edit(JO, "The lift has been broken for weeks.", said["message_id"])
    soon(lambda: begun(here).answers.get("what") == "The lift has been broken for weeks.")

    assert any("The lift is broken." in str(update) for update in here.kept())


def test_an_edit_after_the_case_was_closed_is_kept_and_answered(here: Here) -> None:
    edit = {"message_id": 5, "date": 1, "edit_date": 2, "chat": {"id": JO, "type": "private", "first_name": "Jo"}}
    sender = {"id": JO, "is_bot": False, "first_name": "Jo"}
    here.people.be(JO)
    here.people.publish([{"edited_message": {**edit, "from": sender, "text": "It was a Tuesday."}}])

    here.start()
    settled(here)

    assert [update.kind for update in here.updates()] == ["edit"]
    assert all(update.handled_at for update in here.updates())


def test_blocking_and_unblocking_are_kept_and_stop_nothing(here: Here) -> None:
    here.people.block(JO)
    here.people.unblock(JO)
    said = here.people.say(JO, "/start")

    here.start()
    here.people.answer(JO, said["message_id"])
    settled(here)

    assert [update.kind for update in here.updates()] == ["membership", "membership", "message"]


def test_an_update_that_keeps_failing_is_put_aside_in_sight_and_the_rest_goes_on(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = conversation.answer

    def answer(act: Act, said: Said) -> None:
        if said.text == "poison":
            raise ZeroDivisionError
        real(act, said)

    monkeypatch.setattr(conversation, "answer", answer)
    here.people.say(JO, "poison")
    said = here.people.say(2002, "/start")

    here.start()
    here.people.answer(2002, said["message_id"])
    for tries in range(1, 6):
        soon(lambda: here.updates()[0].tries >= tries)  # noqa: B023 - awaited before it changes
        here.ahead += timedelta(minutes=2)
    soon(lambda: "chat_quarantine" in here.alarms())

    poisoned = next(one for one in here.all(ChatUpdate) if one.given_up_at)
    assert (poisoned.tries, poisoned.error) == (5, "ZeroDivisionError")
    assert "poison" not in here.task("chat_quarantine").text
