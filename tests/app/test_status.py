"""Whether all is well: only what does not work is a reason to say no."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from app.channels import report
from app.commands.looking import _in_words
from app.house import House
from app.settings import Settings
from app.status import health, status
from storage import chat
from storage.database import writing
from storage.tables import ChatUpdate, Task
from workflow.office import Office
from workflow.safety import RiskWords
from workflow.tokens import Keyring

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def house(engine: Engine) -> Iterator[House]:
    office = Office("http://desk.example", "homes.example", Keyring((b"k" * 40,)), RiskWords({}))
    there = House(Settings(smtp_relay="smtp://relay.example"), engine, office, lambda: NOW)
    yield there
    there.journal.close()


def test_a_channel_that_is_on_and_fails_is_wrong(house: House) -> None:
    report(house, "relay", "it does not answer")

    assert health(house) == (["relay"], [])


def test_a_channel_that_was_switched_off_is_nothing_to_say_no_for(house: House) -> None:
    report(house, "imap", "it did not answer when it was last asked")
    report(house, "relay", "nor did this")

    assert health(replace(house, settings=Settings())) == ([], [])


def test_each_messenger_says_what_waits_of_its_updates_and_what_is_in_quarantine(house: House) -> None:
    for bot, number in (("telegram:7", 1), ("telegram:8", 2), ("telegram:8", 3), ("telegram:8", 4), ("terminal", 1)):
        with writing(house.engine) as session:
            chat.keep(session, bot, number, b"{}", NOW)
    with writing(house.engine) as session:
        first, second, *_ = session.exec(select(ChatUpdate).order_by(col(ChatUpdate.id)))
        chat.handled(first, NOW)
        second.given_up_at = NOW

    channels = status(house)["channels"]

    assert {name: (one["waiting"], one["quarantined"]) for name, one in channels.items() if "waiting" in one} == {
        "terminal": (1, 0),
        "telegram": (2, 1),
    }
    assert _in_words(channels).endswith("terminal on (1 waiting), telegram off (2 waiting; 1 quarantined)")


def test_what_wants_a_person_is_a_warning_only(house: House) -> None:
    with writing(house.engine) as session:
        session.add(Task(kind="calendar", key="calendar:x", text="Install a newer version", created_at=NOW))

    assert health(house) == ([], ["calendar"])
