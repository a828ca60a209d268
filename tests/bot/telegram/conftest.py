"""A Bot API server of our own for each test, and our channel in front of it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.telegram.emulator.running import Running, running
from tests.bot.telegram.channel import ANN, JO, Here
from tests.town import town


@pytest.fixture
def emulator() -> Iterator[Running]:
    """Telegram, as far as our bot can tell."""
    with running(lambda: 1_804_000_000) as there:
        yield there


@pytest.fixture
def here(engine: Engine, emulator: Running) -> Iterator[Here]:
    """Our installation with its bot, not yet running."""
    ours = Here(town(engine, "2027-03-01 09:30"), emulator)
    yield ours
    ours.stop()


@pytest.fixture
def two_people(here: Here) -> None:
    """Jo and Ann have chats with the bot, and nothing of theirs waits."""
    people = here.people
    for chat in (JO, ANN):
        people.say(chat, "/start")
    here.call("getUpdates", offset=-1)
    here.call("getUpdates", offset=here.call("getUpdates")["result"][-1]["update_id"] + 1)
