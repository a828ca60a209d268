"""The emulator answers as Telegram does, and refuses what Telegram refuses."""

import threading
import time
from typing import Any

import pytest

from tests.bot.telegram.channel import JO, Here

LETTER = {"chat_id": JO, "text": "Dear Jo"}


def button(value: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Yes", "callback_data": value}]]}


@pytest.fixture(autouse=True)
def someone_there(here: Here) -> None:
    here.people.say(JO, "/start")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "  "}, "message text is empty"),
        ({"chat_id": 99}, "chat not found"),
        ({"reply_markup": button("x" * 65)}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": button("")}, "BUTTON_DATA_INVALID"),
        ({"entities": [{"type": "bold", "offset": 3, "length": 40}]}, "ENTITY_BOUNDS_INVALID"),
        ({"text": "<b>open", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "<script>", "parse_mode": "HTML"}, "Unsupported start tag"),
        ({"reply_markup": {"inline_keyboard": "no rows"}}, "reply_markup"),
        ({"text": None}, "text"),
    ],
)
def test_a_message_that_telegram_would_refuse_is_refused(here: Here, given: dict[str, Any], why: str) -> None:
    answer = here.call("sendMessage", **LETTER | given)

    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert why in answer["description"]


def test_a_message_of_4096_characters_with_data_of_64_bytes_is_taken(here: Here) -> None:
    answer = here.call("sendMessage", chat_id=JO, text="x" * 4096, reply_markup=button("ŵ" * 32))

    assert answer["result"]["chat"]["id"] == JO


def test_an_unknown_method_and_a_wrong_token_are_told_apart(here: Here) -> None:
    unknown = here.call("danceTango")
    here.emulator.token = "1:wrong"
    wrong = here.call("getMe")

    assert (unknown["error_code"], wrong["error_code"]) == (404, 401)


def test_an_update_stays_until_a_higher_number_is_asked_for(here: Here) -> None:
    first = here.call("getUpdates")["result"]
    again = here.call("getUpdates")["result"]
    after = here.call("getUpdates", offset=first[-1]["update_id"] + 1)["result"]

    assert (len(first), first, after) == (1, again, [])


def test_a_poll_is_answered_as_soon_as_there_is_something(here: Here) -> None:
    [first] = here.call("getUpdates")["result"]
    began = time.monotonic()
    threading.Timer(0.5, lambda: here.people.say(JO, "hello")).start()

    [update] = here.call("getUpdates", offset=first["update_id"] + 1, timeout=20)["result"]

    assert update["message"]["text"] == "hello"
    assert 0.4 < time.monotonic() - began < 5


def test_of_two_that_poll_the_first_hears_of_the_conflict(here: Here) -> None:
    [first] = here.call("getUpdates")["result"]
    heard: list[Any] = []
    asked = {"offset": first["update_id"] + 1, "timeout": 20}
    one = threading.Thread(target=lambda: heard.append(here.call("getUpdates", **asked)))
    one.start()
    time.sleep(0.3)

    here.call("getUpdates", timeout=0)
    one.join(5)

    assert heard[0]["error_code"] == 409


def test_polling_is_refused_while_a_webhook_is_set(here: Here) -> None:
    here.call("setWebhook", url="https://elsewhere.example/hook")

    refused = here.call("getUpdates")
    here.call("deleteWebhook")

    assert refused["error_code"] == 409
    assert here.call("getUpdates")["ok"]


def test_whoever_blocks_the_bot_is_not_written_to(here: Here) -> None:
    here.people.block(JO)

    refused = here.call("sendMessage", **LETTER)
    here.people.unblock(JO)

    assert refused["error_code"] == 403
    assert here.call("sendMessage", **LETTER)["ok"]


def test_trouble_comes_as_often_as_it_was_asked_for(here: Here) -> None:
    here.people.trouble(429, method="sendMessage", retry_after=7, times=2)

    answers = [here.call("sendMessage", **LETTER) for _ in range(3)]

    assert [answer["ok"] for answer in answers] == [False, False, True]
    assert answers[0]["parameters"] == {"retry_after": 7}


def test_an_edit_must_change_something_that_is_there(here: Here) -> None:
    sent = here.call("sendMessage", **LETTER)["result"]
    edit = {"chat_id": JO, "message_id": sent["message_id"]}

    same = here.call("editMessageText", text="Dear Jo", **edit)
    other = here.call("editMessageText", text="Dear Jo,", **edit)
    missing = here.call("editMessageText", text="x", chat_id=JO, message_id=9999)

    assert (same["error_code"], other["ok"], missing["error_code"]) == (400, True, 400)
    assert here.told() == ["Dear Jo,"]


def test_a_tap_can_be_answered_once_it_was_made(here: Here) -> None:
    here.call("sendMessage", **LETTER, reply_markup=button("yes"))
    here.people.tap(JO, "Yes")
    query = here.call("getUpdates")["result"][-1]["callback_query"]

    answered = here.call("answerCallbackQuery", callback_query_id=query["id"])
    unknown = here.call("answerCallbackQuery", callback_query_id="nobody's")

    assert (query["data"], answered["ok"], unknown["ok"]) == ("yes", True, False)


def test_a_file_can_be_fetched_unless_it_is_over_20_megabytes(here: Here) -> None:
    here.people.send_file(JO, "lift.txt", b"stuck", "text/plain")
    here.people.send_file(JO, "film.mp4", b"", "video/mp4", as_="video", size=4_000_000_000)
    small, large = (update["message"] for update in here.call("getUpdates")["result"][1:])

    found = here.call("getFile", file_id=small["document"]["file_id"])["result"]
    refused = here.call("getFile", file_id=large["video"]["file_id"])

    assert here.people.file(found["file_id"]) == b"stuck"
    assert "file is too big" in refused["description"]


def test_menus_are_kept_by_language(here: Here) -> None:
    here.call("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    here.call("setMyCommands", commands=[{"command": "help", "description": "Cymorth"}], language_code="cy")

    refused = here.call("setMyCommands", commands=[{"command": "Help!", "description": "x"}])

    assert here.call("getMyCommands", language_code="cy")["result"][0]["description"] == "Cymorth"
    assert here.call("getMyCommands")["result"][0]["description"] == "Help"
    assert refused["error_code"] == 400
