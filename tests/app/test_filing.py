"""Filing: what can't be filed is tried again, then kept where people see it; nothing stops its neighbours."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from app import case_rows
from app.clock import SimulatedClock
from app.filing import TRIES, _file_together, file_now, file_waiting
from app.house import House, build
from app.settings import Settings
from app.status import health, status
from app.wiring import readers
from storage.database import reading, writing
from storage.journal import Arrival
from storage.tables import Blob, Case, Contact, Message, Participant
from tests.app.redress import Redress
from tests.town import at
from workflow import intake
from workflow.contact import Reading
from workflow.office import Act


@pytest.fixture
def house(redress: Redress, tmp_path: Path) -> Iterator[House]:
    redress.set_up()
    house = build(Settings(home=tmp_path, database_url=redress.database_url), SimulatedClock(at("2025-12-18")))
    yield house
    house.close()


def arrive(house: House, raw: bytes, channel: str = "email", **envelope: object) -> int:
    return house.journal.write(
        Arrival(channel, "repairs@homes.example", raw, house.clock(), {"mail_from": "jo@citizen.example", **envelope})
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


def test_irregular_line_ends_are_pointed_out_to_whoever_reads_the_contact(house: House) -> None:
    smuggling = arrive(house, mail(1) + b"\n.\r\nMAIL FROM:<eve@elsewhere.example>\r\n", irregular_line_ends=True)
    plain = arrive(house, mail(2))

    file_waiting(house)

    with reading(house.engine) as session:
        problems = {number: case_rows.contact(session, number)["problems"] for number in (smuggling, plain)}
    assert [problem.partition(":")[0] for problem in problems[smuggling]] == ["irregular line ends"]
    assert problems[plain] == []


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


def test_two_complaints_from_one_mailbox_filed_together_get_one_receipt_between_them(house: House) -> None:
    arrive(house, mail(1))
    arrive(house, mail(2))

    file_waiting(house)

    with reading(house.engine) as session:
        assert len(session.exec(select(Case)).all()) == 2
        assert len(session.exec(select(Message).where(Message.kind == "receipt")).all()) == 1


def test_two_forms_with_one_mailbox_filed_together_get_one_receipt_between_them(house: House) -> None:
    for what in ("The lift", "The stairs"):
        arrive(house, json.dumps({"what": what, "email": "jo@citizen.example"}).encode(), "web")

    file_waiting(house)

    with reading(house.engine) as session:
        assert len(session.exec(select(Case)).all()) == 2
        assert len(session.exec(select(Message).where(Message.kind == "receipt")).all()) == 1


def test_a_receipt_of_an_earlier_batch_counts_for_a_day(house: House) -> None:
    arrive(house, mail(1))
    file_waiting(house)
    arrive(house, mail(2))

    file_waiting(house)

    with reading(house.engine) as session:
        assert len(session.exec(select(Message).where(Message.kind == "receipt")).all()) == 1


def test_the_cases_of_a_batch_are_written_together_however_many_they_are(house: House) -> None:
    statements: Counter[str] = Counter()
    event.listen(house.engine, "before_cursor_execute", lambda *given: statements.update([given[2].partition(" (")[0]]))
    for number in range(20):
        arrive(house, mail(number))

    file_waiting(house)

    for table in ("cases", "participant", "deadline", "reminder"):
        assert statements[f"INSERT INTO {table}"] == 1, table


@pytest.mark.only_on("postgresql")
def test_two_batches_that_touch_the_same_cases_crosswise_never_stop_each_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = people(house)
    first = [more(house, one, "a"), more(house, other, "b")]
    second = [more(house, other, "c"), more(house, one, "d")]
    both_hold_a_case = Barrier(2)
    file = intake.file

    def slowly(act: Act, contact: Contact, reading: Reading) -> Case | None:
        case = file(act, contact, reading)
        with suppress(BrokenBarrierError):  # only one of them gets as far as this
            both_hold_a_case.wait(2)
        return case

    monkeypatch.setattr(intake, "file", slowly)
    with ThreadPoolExecutor(2) as workers:
        filed = list(workers.map(lambda ids: together(house, ids), (first, second)))

    assert filed == [2, 2]
    with reading(house.engine) as session:
        rows = session.exec(select(Contact).where(col(Contact.id).in_([*first, *second])))
        assert {row.standing for row in rows} == {"filed"}


@pytest.mark.only_on("postgresql")
def test_what_follows_a_contact_that_another_worker_has_in_hand_waits_for_nobody(house: House) -> None:
    before = arrive(house, mail(1))
    after = arrive(house, b'{"what": "And the stairs"}', "web", after=[before])

    with writing(house.engine) as another:
        another.exec(select(Contact).where(Contact.id == before).with_for_update()).one()
        meanwhile = together(house, [after])

    assert meanwhile == 0
    assert file_waiting(house) == 2
    with reading(house.engine) as session:
        assert session.get_one(Contact, before).case_id == session.get_one(Contact, after).case_id


def people(house: House) -> list[int]:
    """Two who have a case each."""
    arrive(house, mail(1))
    arrive(house, mail(2))
    file_waiting(house)
    with reading(house.engine) as session:
        return [id_ for id_ in session.exec(select(Participant.id).order_by(col(Participant.id))) if id_]


def more(house: House, participant: int, words: str) -> int:
    """What they add on their progress page."""
    return arrive(house, json.dumps({"add": words}).encode(), "web", participant=participant)


def together(house: House, contacts: list[int]) -> int:
    with reading(house.engine) as session:
        rows = session.exec(select(Contact, Blob.content).join(Blob, col(Contact.raw_sha256) == Blob.sha256))
        raws = [(contact, raw) for contact, raw in rows if contact.id in contacts]
    return _file_together(house, {contact.id: readers(house)[contact.channel](raw, contact) for contact, raw in raws})
