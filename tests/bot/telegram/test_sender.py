"""Sending by Telegram: in order, at the pace allowed, and what each refusal means."""

import asyncio
import itertools
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest

from bot.telegram import holder
from bot.telegram.pace import Pace
from bot.telegram.writing import parts_of
from storage.database import writing
from storage.tables import Message
from tests.bot.telegram.channel import JO, Here, soon

ANN = 1002


@pytest.fixture(autouse=True)
def two_people(here: Here) -> None:
    """Both have chats with the bot, and nothing of theirs waits."""
    people = here.people
    for chat in (JO, ANN):
        people.say(chat, "/start")
    here.call("getUpdates", offset=-1)
    here.call("getUpdates", offset=here.call("getUpdates")["result"][-1]["update_id"] + 1)


def sent(here: Here) -> list[Message]:
    return [message for message in here.all(Message) if message.sent_at]


def test_what_is_owed_is_sent_with_its_buttons(here: Here) -> None:
    here.owe("Shall we go on?", buttons=[[{"text": "Yes", "value": "y"}, {"text": "No", "value": "n"}]])

    here.start()
    soon(lambda: sent(here))

    [line] = here.lines()
    assert (line.text, line.buttons) == ("Shall we go on?", (("Yes", "No"),))


def test_no_preview_makes_telegram_open_a_private_link(here: Here) -> None:
    here.owe("Your page: https://redress.example/progress/secret")

    here.start()
    soon(lambda: sent(here))

    assert here.people.calls("sendMessage")[0]["given"]["link_preview_options"] == {"is_disabled": True}


def test_a_letter_is_enclosed_as_a_page(here: Here) -> None:
    page = "<!doctype html><title>Our answer</title>"
    document = {"name": "R-1.html", "type": "text/html"}
    here.owe("Dear Jo, …", html=page, document=document, caption="We have answered your complaint.")

    here.start()
    soon(lambda: sent(here))

    [line] = here.lines()
    assert (line.text, line.document) == ("We have answered your complaint.", "R-1.html")
    assert here.people.file(line.file_id).decode() == page


def test_long_texts_go_in_parts_with_the_buttons_below_the_last(here: Here) -> None:
    paragraphs = [f"{number}: " + "damp wall " * 150 for number in range(6)]
    here.owe("\n\n".join(paragraphs), buttons=[[{"text": "Yes", "value": "y"}]])

    here.start()
    soon(lambda: sent(here))

    lines = here.lines()
    assert [bool(line.buttons) for line in lines] == [False] * (len(lines) - 1) + [True]
    assert "".join("".join(line.text.split()) for line in lines) == "".join("".join(paragraphs).split())


IN_PARTS = "\n\n".join(f"{number}: " + "damp wall " * 350 for number in range(3))


@pytest.mark.parametrize("trouble", [{"code": 429, "retry_after": 1}, {"code": 502, "description": "Bad Gateway"}])
def test_what_stops_a_long_text_midway_sends_no_part_of_it_twice(here: Here, trouble: dict[str, Any]) -> None:
    here.people.trouble(method="sendMessage", after=1, **trouble)
    here.owe(IN_PARTS)

    here.start()
    soon(lambda: here.all(Message)[0].tries == 1)
    here.ahead = timedelta(minutes=5)
    soon(lambda: sent(here))

    assert [words[:2] for words in here.told()] == ["0:", "1:", "2:"]


def test_another_process_goes_on_after_the_part_that_left(here: Here) -> None:
    here.people.trouble(429, method="sendMessage", after=2, retry_after=600)
    here.owe(IN_PARTS, buttons=[[{"text": "Yes", "value": "y"}]])
    here.start()
    soon(lambda: here.all(Message)[0].tries == 1)
    here.stop()

    here.ahead = timedelta(minutes=15)
    here.start()
    soon(lambda: sent(here))

    lines = here.lines()
    assert [line.text[:2] for line in lines] == ["0:", "1:", "2:"]
    assert [bool(line.buttons) for line in lines] == [False, False, True]


def test_a_part_is_known_to_have_left_before_the_next_is_tried(here: Here) -> None:
    here.owe(IN_PARTS)

    here.start()
    soon(lambda: len(here.lines()) == 2)
    known = (here.all(Message)[0].extra or {})["parts_left"]
    soon(lambda: sent(here))

    assert known >= 1


def test_emoji_count_as_telegram_counts_them() -> None:
    parts = list(parts_of("🙂" * 5000))

    assert "".join(parts) == "🙂" * 5000
    assert all(len(part.encode("utf-16-le")) // 2 <= 4096 for part in parts)


def test_within_a_chat_order_is_kept_and_a_second_lies_between(here: Here) -> None:
    for number in range(3):
        here.owe(f"message {number}")

    here.start()
    soon(lambda: len(sent(here)) == 3)

    assert here.told() == ["message 0", "message 1", "message 2"]
    first, second, third = (line.at for line in here.lines())
    assert second - first >= 0.8
    assert third - second >= 0.8


def test_chats_do_not_wait_for_each_other(here: Here) -> None:
    for number in range(3):
        here.owe(f"message {number}")
    here.owe("and one for Ann", chat=ANN)

    here.start()
    soon(lambda: len(sent(here)) == 4)

    assert here.lines(ANN)[0].at < here.lines(JO)[1].at


def test_no_more_than_thirty_messages_leave_in_a_second() -> None:
    times = asyncio.run(turns(Pace(1 / 30, 1.0), [f"chat {number}" for number in range(45)]))

    assert all(later - earlier >= 1 for earlier, later in zip(times, times[30:], strict=False))


def test_after_a_pause_there_is_no_burst() -> None:
    times = asyncio.run(turns(Pace(0.02, 0.1), ["one", "one", "two", "one"]))

    assert all(later - earlier >= 0.02 for earlier, later in itertools.pairwise(times))


async def turns(pace: Pace, chats: list[str]) -> list[float]:
    """When each of these may write, all asking at once; in the order in which they may."""
    times: list[float] = []

    async def ask(chat: str) -> None:
        await pace.turn(chat)
        times.append(time.monotonic())

    await asyncio.gather(*(ask(chat) for chat in chats))
    return times


def test_a_wait_that_telegram_asks_for_is_honoured(here: Here) -> None:
    here.people.trouble(429, method="sendMessage", retry_after=3)
    here.owe("in a while")

    here.start()
    soon(lambda: sent(here))

    first, second = here.people.calls("sendMessage")
    assert second["at"] - first["at"] >= 3
    assert here.told() == ["in a while"]


def test_whoever_has_blocked_us_can_not_be_reached_this_way(here: Here) -> None:
    here.people.block(JO)
    here.owe("to nobody")

    here.start()
    soon(lambda: here.all(Message)[0].given_up_at)

    message = here.all(Message)[0]
    assert message.last_error is not None
    assert message.last_error.startswith("403")


def test_while_telegram_is_away_messages_wait_and_leave_when_it_is_back(here: Here) -> None:
    here.people.trouble(502, method="sendMessage", description="Bad Gateway")
    here.owe("first")
    here.start()
    soon(lambda: here.all(Message)[0].tries == 1)
    assert here.all(Message)[0].closed_at is None

    here.ahead = timedelta(minutes=5)
    soon(lambda: sent(here))

    assert here.told() == ["first"]


def test_when_one_message_gets_through_those_that_waited_follow_at_once(here: Here) -> None:
    here.people.trouble(502, method="sendMessage", description="Bad Gateway", chat=str(JO))
    here.owe("waits for an hour")
    here.start()
    soon(lambda: here.all(Message)[0].tries == 1)

    here.owe("gets through", chat=ANN)
    soon(lambda: len(sent(here)) == 2)

    assert here.told() == ["waits for an hour"]


def test_what_a_dead_process_had_in_hand_is_sent_by_the_next(here: Here) -> None:
    here.owe("in hand")
    with_lease(here, of_a_dead_process())

    here.start()
    soon(lambda: sent(here))

    assert here.told() == ["in hand"]
    assert sent(here)[0].possibly_twice


def test_what_a_living_process_or_another_machine_has_in_hand_stays_in_its_hands(here: Here) -> None:
    here.owe("in a living hand")
    here.owe("in a hand elsewhere", chat=ANN)
    with_lease(here, holder.lease())
    with_lease(here, f"elsewhere:{of_a_dead_process().partition(':')[2]}", number=1)

    here.start()
    here.owe("another matter", chat=77)
    soon(lambda: here.all(Message)[2].given_up_at)  # it has begun to send

    assert here.told() == here.told(ANN) == []


def of_a_dead_process() -> str:
    """The lease of a process of this machine that has ended."""
    says = [sys.executable, "-c", "from bot.telegram import holder; print(holder.lease())"]
    return subprocess.run(says, capture_output=True, text=True, check=True).stdout.strip()


def test_who_lives_is_not_dead_and_who_died_is() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from bot.telegram import holder; print(holder.lease(), flush=True); input()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        lease = other.stdout.readline().strip()
        before = holder.is_dead(lease)
        other.kill()
        soon(lambda: holder.is_dead(lease))  # also before anybody has asked what became of it

    assert not before
    assert holder.is_dead(lease)
    assert not holder.is_dead(holder.lease())
    assert not holder.is_dead("7:of an earlier version")


def with_lease(here: Here, lease: str, number: int = 0) -> None:
    with writing(here.town.engine) as session:
        message = session.get_one(Message, here.all(Message)[number].id)
        message.lease, message.leased_until = lease, here.now() + timedelta(minutes=10)


def test_a_message_that_telegram_refuses_does_not_stop_the_next(here: Here) -> None:
    here.owe("to nobody we know", chat=77)
    here.owe("to Jo")

    here.start()
    soon(lambda: sent(here))

    assert here.told() == ["to Jo"]
    assert [message.last_error for message in here.all(Message) if message.given_up_at] == [
        "400 Bad Request: chat not found"
    ]


def test_stopping_finishes_what_is_under_way(here: Here) -> None:
    here.owe("under way")
    here.start()
    soon(lambda: here.people.calls("sendMessage"))

    here.stop()

    assert len(sent(here)) == 1


def test_the_menus_are_set_in_english_and_welsh(here: Here) -> None:
    here.start()
    soon(lambda: len(here.people.look()["commands"]) == 3)

    menus = here.people.look()["commands"]
    assert menus[""] == menus["en"]
    assert [one["command"] for one in menus["cy"]] == [one["command"] for one in menus["en"]]
    assert menus["cy"][0]["description"] != menus["en"][0]["description"]
