"""The table of channels: what is on, how contacts of each are read; one that fails to start stops no other."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import running_channels
from app.house import House
from app.settings import Settings
from app.status import status
from app.wiring import CHANNELS, Channel, Served, readers
from storage.database import reading, writing
from storage.tables import ChannelStatus
from tests.town_people import settle
from workflow.office import Office
from workflow.safety import RiskWords
from workflow.tokens import Keyring

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def house(engine: Engine) -> Iterator[House]:
    office = Office("http://desk.example", "homes.example", Keyring((b"k" * 40,)), RiskWords({}))
    there = House(Settings(), engine, office, lambda: NOW)
    yield there
    there.close()


def test_status_names_every_channel_of_the_table_and_whether_it_is_on(house: House) -> None:
    with writing(house.engine) as session:
        settle(session)
    house = replace(house, settings=Settings(smtp_listen="127.0.0.1:2525"))

    channels = status(house)["channels"]

    assert list(channels) == [channel.name for channel in CHANNELS]
    assert [name for name, one in channels.items() if one["on"]] == ["web", "smtp", "post", "terminal"]


def test_contacts_of_every_chat_are_read_as_answers(house: House) -> None:
    how = readers(house)

    for channel in ("telegram", "terminal", "web"):
        assert how[channel](b'{"add": "More"}', None).text == "More"  # type: ignore[arg-type]  # it needs no contact


def test_channels_start_in_order_slow_ones_later_and_stop_the_other_way_round(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    table = (_channel("a", done, slow=True), _channel("b", done), _channel("c", done))
    monkeypatch.setattr(running_channels, "CHANNELS", table)

    asyncio.run(_live(running_channels.Channels(house)))

    assert done == ["b up", "c up", "a up", "a down", "c down", "b down"]


def test_a_slow_channel_that_can_not_start_is_told_of_and_stops_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    table = (_channel("broken", done, slow=True, fails=True), _channel("fine", done, slow=True))
    monkeypatch.setattr(running_channels, "CHANNELS", table)

    asyncio.run(_live(running_channels.Channels(house)))

    assert done == ["fine up", "fine down"]
    with reading(house.engine) as session:
        assert [(one.channel, one.error) for one in session.exec(select(ChannelStatus))] == [
            ("broken", "it could not be started (ConnectionError)")
        ]


async def _live(channels: running_channels.Channels) -> None:
    await channels.start()
    await channels.start_slow()
    await channels.stop()


def _channel(name: str, done: list[str], *, slow: bool = False, fails: bool = False) -> Channel:
    async def up() -> None:
        if fails:
            raise ConnectionError(name)
        done.append(f"{name} up")

    async def down() -> None:
        done.append(f"{name} down")

    return Channel(name, lambda _settings: True, serve=lambda _house: Served(up, down), may_be_slow=slow)
