"""Filing: what can't be filed is tried again, then kept where people see it; nothing stops its neighbours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from app.clock import SimulatedClock
from app.filing import TRIES, file_now, file_waiting
from app.house import House, build
from app.settings import Settings
from app.status import health, status
from storage.database import reading, writing
from storage.journal import Arrival
from storage.tables import Blob, Case, Contact
from tests.app.redress import Redress
from tests.town import at


@pytest.fixture
def house(redress: Redress, tmp_path: Path) -> Iterator[House]:
    redress.set_up()
    house = build(Settings(home=tmp_path, database_url=redress.database_url), SimulatedClock(at("2025-12-18")))
    yield house
    house.close()


def arrive(house: House, raw: bytes, channel: str = "email") -> int:
    return house.journal.write(
        Arrival(channel, "repairs@homes.example", raw, house.clock(), {"mail_from": "jo@citizen.example"})
    ).contact_id


def mail(number: int) -> bytes:
    return (
        f"From: jo@citizen.example\r\nMessage-ID: <{number}@citizen.example>\r\n\r\nMould, room {number}.\r\n".encode()
    )


def test_each_contact_that_waits_opens_its_case(house: House) -> None:
    for number in range(3):
        arrive(house, mail(number))

    filed = file_waiting(house)

    with reading(house.engine) as session:
        assert filed == 3
        assert len(session.exec(select(Case)).all()) == 3


def test_a_contact_can_be_filed_at_once_and_again_without_a_second_case(house: House) -> None:
    contact = arrive(house, mail(1))

    first, second = file_now(house, contact), file_now(house, contact)

    assert first is not None
    assert first == second


def test_what_can_not_be_filed_is_tried_again_and_then_quarantined(house: House) -> None:
    bad, good = arrive(house, b"{not json", "web"), arrive(house, mail(1))
    clock = house.clock
    assert isinstance(clock, SimulatedClock)

    for _ in range(TRIES):
        file_waiting(house)
        clock.at = at("2025-12-18 12:00") if clock.at < at("2025-12-18 12:00") else at("2025-12-19")

    with reading(house.engine) as session:
        assert session.get_one(Contact, good).standing == "filed"
        assert session.get_one(Contact, bad).standing == "quarantined"
        assert session.get_one(Contact, bad).error == "JSONDecodeError"
    assert status(house)["contacts"] == {"received": 2, "filed": 1, "waiting": 0, "quarantined": 1, "automatic": 0}
    assert "quarantine" in health(house).warnings


def test_raw_bytes_are_kept_even_where_filing_fails(house: House) -> None:
    raw = b"{not json"

    contact = arrive(house, raw, "web")
    file_waiting(house)

    with reading(house.engine) as session:
        assert session.get_one(Blob, session.get_one(Contact, contact).raw_sha256).content == raw


def test_a_failure_while_filing_leaves_no_half_case(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    contact = arrive(house, mail(1))

    def fail(*_given: object) -> None:
        raise RuntimeError("the disk is away")

    with monkeypatch.context() as broken:
        broken.setattr("workflow.receipt.send", fail)
        file_waiting(house)

    with reading(house.engine) as session:
        assert session.exec(select(Case)).all() == []
        assert session.get_one(Contact, contact).tries == 1
    with writing(house.engine) as session:
        session.get_one(Contact, contact).try_after = None
    assert file_now(house, contact) is not None
