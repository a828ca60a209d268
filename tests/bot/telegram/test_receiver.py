"""Receiving by getUpdates: durable before it is confirmed, whatever comes."""

import sqlite3
from typing import Any

import pytest

from bot.telegram.emulator.people import People
from tests.bot.telegram.channel import JO, Here, soon


def numbers(here: Here) -> list[int]:
    return [update["update_id"] for update in here.kept()]


def waiting(people: People) -> int:
    return int(people.look()["waiting"])


def a_message(number: int, words: str = "x") -> dict[str, Any]:
    message = {"message_id": number, "date": 1, "chat": {"id": JO, "type": "private"}, "text": words}
    return {"update_id": number, "message": message | {"from": {"id": JO, "is_bot": False, "first_name": "Jo"}}}


def test_an_update_is_kept_as_it_came_and_then_confirmed(here: Here) -> None:
    here.people.say(JO, "The lift has been broken for weeks.")

    here.start()
    soon(lambda: waiting(here.people) == 0)

    assert [update["message"]["text"] for update in here.kept()] == ["The lift has been broken for weeks."]
    assert [(update.bot, update.kind, update.chat) for update in here.updates()] == [
        ("telegram:4242424242", "message", str(JO))
    ]


@pytest.mark.only_on("sqlite")
def test_while_nothing_can_be_stored_nothing_is_confirmed(here: Here) -> None:
    database = str(here.town.engine.url.database)
    with sqlite3.connect(database, isolation_level=None) as other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON chat_update BEGIN SELECT RAISE(FAIL, 'no room'); END")
        here.people.say(JO, "Keep this.")
        here.start()
        soon(lambda: len(here.people.calls("getUpdates")) >= 2)
        unconfirmed = waiting(here.people)
        other.execute("DROP TRIGGER full")

    soon(lambda: waiting(here.people) == 0)

    assert unconfirmed == 1
    assert len(here.kept()) == 1


def test_a_type_from_the_future_is_kept_and_does_not_stand_in_the_way(here: Here) -> None:
    here.people.publish([{"thought_transfer": {"from": {"id": JO}, "thoughts": ["?"]}}, a_message(2_000_000_000)])

    here.start()
    soon(lambda: waiting(here.people) == 0)
    soon(lambda: all(update.handled_at for update in here.updates()))

    assert [update.kind for update in here.updates()] == ["unknown", "message"]
    assert "thought_transfer" in here.kept()[0]


def test_the_same_update_twice_is_kept_once(here: Here) -> None:
    here.people.publish([a_message(7), a_message(7), a_message(8)])

    here.start()
    soon(lambda: waiting(here.people) == 0)

    assert numbers(here) == [7, 8]


def test_updates_out_of_order_are_kept_in_the_order_of_their_numbers_and_none_is_lost(here: Here) -> None:
    here.people.mix()
    here.people.publish([a_message(number) for number in range(1, 301)])

    here.start()
    soon(lambda: waiting(here.people) == 0)

    assert sorted(numbers(here)) == list(range(1, 301))


def test_after_a_quiet_week_lower_numbers_are_received_too(here: Here) -> None:
    here.people.publish([a_message(900_000)])
    here.start()
    soon(lambda: numbers(here) == [900_000] and is_asking_without_a_number(here))

    here.people.publish([a_message(12)])
    soon(lambda: waiting(here.people) == 0)

    assert numbers(here) == [900_000, 12]


def is_asking_without_a_number(here: Here) -> bool:
    return "offset" not in here.people.calls("getUpdates")[-1]["given"]


def test_another_program_on_the_token_raises_an_alarm(here: Here) -> None:
    here.people.trouble(409, method="getUpdates", description="Conflict: terminated by other getUpdates request")

    here.start()
    soon(lambda: "telegram_taken" in here.alarms())

    assert "another program uses this token" in here.reports
    assert "BotFather" in here.task("telegram_taken").text


def test_a_webhook_of_somebody_else_is_left_alone_and_raises_the_alarm(here: Here) -> None:
    here.call("setWebhook", url="https://elsewhere.example/hook")

    here.start()
    soon(lambda: "telegram_taken" in here.alarms())

    assert here.people.look()["webhook"]["url"] == "https://elsewhere.example/hook"


def test_a_webhook_of_our_own_is_taken_back(here: Here) -> None:
    here.call("setWebhook", url="https://redress.example/telegram")
    here.people.say(JO, "hello")

    here.start()
    soon(lambda: len(here.kept()) == 1)

    assert here.people.look()["webhook"] == {}


def test_errors_of_telegram_are_noted_and_asking_goes_on(here: Here) -> None:
    here.people.trouble(502, method="getUpdates", description="Bad Gateway")
    here.people.say(JO, "still here")

    here.start()
    soon(lambda: len(here.kept()) == 1)

    assert here.reports[:2] == ["it answered 502", None]
    assert here.alarms() == []


def test_a_wait_that_telegram_asks_for_is_kept(here: Here) -> None:
    here.people.trouble(429, method="getUpdates", description="Too Many Requests", retry_after=2)

    here.start()
    soon(lambda: len(here.people.calls("getUpdates")) >= 2)

    first, second = here.people.calls("getUpdates")[:2]
    assert second["at"] - first["at"] >= 2


@pytest.mark.parametrize("where", ["reports", "logs"])
def test_the_token_is_never_told(here: Here, where: str, caplog: pytest.LogCaptureFixture) -> None:
    here.start(api="http://127.0.0.1:9")
    soon(lambda: any(here.reports))

    told = caplog.text if where == "logs" else " ".join(filter(None, here.reports))
    assert here.emulator.token not in told
    assert here.emulator.token not in repr(here.door)
