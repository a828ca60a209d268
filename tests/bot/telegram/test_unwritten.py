"""What has gone and is not written down goes again should we die: so only a few are under way at once."""

import asyncio
import time

import pytest
from sqlalchemy import update

from bot.telegram.unwritten import Unwritten
from storage.database import writing
from storage.tables import Message
from tests.bot.telegram.channel import Here, sent, soon

MANY = 25  # people


@pytest.fixture
def many_people(here: Here) -> range:
    """Their chats with the bot; nothing of theirs waits."""
    chats = range(2001, 2001 + MANY)
    for chat in chats:
        here.people.be(chat)
    return chats


def test_while_nothing_can_be_written_down_few_messages_leave(here: Here, many_people: range) -> None:
    for chat in many_people:
        here.owe(f"to {chat}", chat=chat)
    here.start(overall=0.001)
    soon(lambda: here.people.calls("sendMessage"))

    with writing(here.town.engine) as session:
        session.execute(update(Message).values(subject="held"))
        time.sleep(0.5)
        left_unwritten = len(here.people.calls("sendMessage")) - len(sent(here))

    assert len(sent(here)) < MANY
    assert left_unwritten <= 8
    soon(lambda: len(sent(here)) == MANY)
    assert len(here.people.calls("sendMessage")) == MANY


def test_the_next_leaves_when_the_one_before_is_written_down() -> None:
    assert asyncio.run(seconds_for(4, written=True)) < 0.5


def test_one_that_is_not_written_down_keeps_the_next_waiting_a_second_at_most() -> None:
    assert 0.9 < asyncio.run(seconds_for(2, written=False)) < 1.9


@pytest.mark.parametrize(("takes", "at_once"), [(0.005, 1), (0.11, 4), (0.51, 16), (20.0, 30)])
def test_the_slower_telegram_answers_the_more_are_under_way(takes: float, at_once: int) -> None:
    assert asyncio.run(how_many(takes)) == at_once


async def seconds_for(messages: int, *, written: bool) -> float:
    """How long so many take to find room, each written down at once, or never."""
    unwritten, began = Unwritten(), time.monotonic()
    for message in range(messages):
        await unwritten.room(message)
        if written:
            asyncio.get_running_loop().call_later(0.02, unwritten.written, [message])
    return time.monotonic() - began


async def how_many(takes: float) -> int:
    """For how many there is room at once when Telegram takes so many seconds to answer."""
    unwritten = Unwritten()
    for _ in range(100):
        unwritten.answered(takes)
    for message in range(100):
        try:
            await asyncio.wait_for(unwritten.room(message), 0.3)
        except TimeoutError:
            return message
    return 100
