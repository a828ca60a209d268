"""Sending by Telegram: in order, at the pace allowed, and what each refusal means."""

import asyncio
import itertools
import time
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot

from bot.telegram.pace import Pace
from bot.telegram.sender import Sender, Tried
from bot.telegram.writing import parts_of
from storage.database import writing
from storage.tables import Message
from tests.bot.telegram.channel import ANN, JO, Here, sent, soon

pytestmark = pytest.mark.usefixtures("two_people")


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
        await pace.turn(chat, at_once)
        times.append(time.monotonic())

    await asyncio.gather(*(ask(chat) for chat in chats))
    return times


async def at_once() -> None:
    """There is room."""


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


@pytest.fixture
def ours(here: Here) -> Sender:
    """A sender that has not begun: only what it writes down is tried."""
    return Sender(here.door, Bot(here.door.token), Pace(0.0, 0.0))


def sent_for(case: int) -> Tried:
    """A message of this case that Telegram took."""
    facts: dict[str, Any] = {"case_id": case}
    return Tried(Message(**facts), None)


def test_what_came_back_is_not_forgotten_though_it_could_not_be_written_down(
    ours: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    came_back = sent_for(1)
    ours._tried.append(came_back)
    monkeypatch.setattr(Sender, "_settled_and_claimed", lambda *_given: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        ours._in_one_commit(1)

    assert list(ours._tried) == [came_back]


def test_what_came_back_is_settled_in_the_order_in_which_cases_are_locked(
    here: Here, ours: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[int | None] = []
    monkeypatch.setattr("bot.telegram.sender._settle", lambda _act, tried: order.append(tried.message.case_id))

    with writing(here.town.engine) as session:
        ours._settled_and_claimed(here.town.act(session), [sent_for(case) for case in (3, 1, 2)], 0)

    assert order == [1, 2, 3]


def test_the_menus_are_set_in_english_and_welsh(here: Here) -> None:
    here.start()
    soon(lambda: len(here.people.look()["commands"]) == 3)

    menus = here.people.look()["commands"]
    assert menus[""] == menus["en"]
    assert [one["command"] for one in menus["cy"]] == [one["command"] for one in menus["en"]]
    assert menus["cy"][0]["description"] != menus["en"][0]["description"]
