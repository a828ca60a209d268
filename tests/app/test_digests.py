"""Digests go out on their day, once to each leader whatever the number of workers, and are caught up with."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from app import digests
from app.clock import SimulatedClock
from app.house import House, build
from app.settings import Settings
from learning.leading import digest
from learning.numbers.asking import Ask
from storage.database import reading
from storage.tables import DigestSent, Message, Organisation, Review, Staff, Task
from tests.app.redress import Redress
from tests.learning.quarter import Quarter, quarter
from tests.town import at, town


@pytest.fixture
def homes(engine: Engine) -> Quarter:
    """The housing association, whose leader is Olu; its first complaint came in May 2026."""
    found = quarter(town(engine, "2026-10-14"))
    with reading(engine) as session:
        lena = session.exec(select(Staff).where(Staff.email == "lena@town.example")).one()
    lena.role = "handler"  # she leads another body's services
    found.keep(lena)
    found.complaints(6, "2026-05-04", subject="delay")
    return found


@pytest.fixture
def house(homes: Quarter, database_url: str, tmp_path: Path) -> Iterator[House]:
    house = build(Settings(home=tmp_path, database_url=database_url), SimulatedClock(at("2026-07-14 08:00")))
    yield house
    house.close()


def sent(house: House) -> list[tuple[str, str]]:
    """Period and address of each digest in the outbox."""
    with reading(house.engine) as session:
        query = select(DigestSent.period, Message.address).join(Message, col(Message.staff_id) == DigestSent.staff_id)
        rows = session.exec(query.where(Message.kind == "digest", col(Message.key).contains(DigestSent.period)))
        return sorted(rows.all())


def failed(house: House) -> list[Task]:
    """The alarms of digests that could not be made."""
    with reading(house.engine) as session:
        return list(session.exec(select(Task).where(Task.kind == "digest_failed")))


def at_time(house: House, when: str) -> int:
    """What is sent when the sweep runs at this time."""
    house.clock = SimulatedClock(at(when))
    return digests.send_due(house)


@pytest.mark.requirement("R079", "R092")
def test_it_leaves_at_eight_on_the_tenth_working_day_and_not_before(house: House) -> None:
    assert [at_time(house, "2026-07-13 23:00"), at_time(house, "2026-07-14 07:59")] == [0, 0]
    assert at_time(house, "2026-07-14 08:00") == 1
    assert sent(house) == [("2026Q1", "olu@town.example")]


def test_it_is_sent_once_however_often_one_looks(house: House) -> None:
    assert [digests.send_due(house) for _ in range(3)] == [1, 0, 0]


def test_it_is_sent_once_whatever_the_number_of_workers(house: House) -> None:
    with ThreadPoolExecutor(4) as workers:
        done = list(workers.map(lambda _: digests.send_due(house), range(4)))

    assert sum(done) == 1
    assert sent(house) == [("2026Q1", "olu@town.example")]


def test_what_an_outage_kept_back_is_caught_up_with(house: House) -> None:
    digests.send_due(house)

    assert at_time(house, "2027-02-01") == 2
    assert [period for period, _ in sent(house)] == ["2026Q1", "2026Q2", "2026Q3"]


def test_somebody_new_gets_the_last_one_and_none_from_before_their_time(house: House) -> None:
    assert at_time(house, "2027-02-01") == 1
    assert sent(house) == [("2026Q3", "olu@town.example")]


def test_a_body_that_never_had_a_complaint_is_told_nothing(house: House, homes: Quarter) -> None:
    homes.keep(Staff(organisation_id=1, email="cy@town.example", name="Cy", role="leader"))

    digests.send_due(house)

    assert [address for _, address in sent(house)] == ["olu@town.example"]


def test_a_body_may_choose_its_day_and_a_digest_each_month_as_well(house: House, homes: Quarter) -> None:
    with reading(house.engine) as session:
        body = session.get_one(Organisation, homes.homes)
    body.digest_every, body.digest_day = "month", 3
    homes.keep(body)

    assert at_time(house, "2026-07-02 12:00") == 1  # May; June's day is tomorrow
    assert at_time(house, "2026-07-03 12:00") == 2
    assert [period for period, _ in sent(house)] == ["2026-05", "2026-06", "2026Q1"]


def test_leaders_of_the_same_services_share_one_count(
    house: House, homes: Quarter, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes.keep(Staff(organisation_id=homes.homes, email="ana@town.example", name="Ana", role="leader"))
    counted: list[Ask] = []
    gather = digest.gather

    def watched(ask: Ask) -> digest.Digest:
        counted.append(ask)
        return gather(ask)

    monkeypatch.setattr(digest, "gather", watched)

    assert digests.send_due(house) == 2
    assert len(counted) == 1


def test_one_that_fails_stops_no_other_and_stays_due(
    house: House, homes: Quarter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    boss = Staff(organisation_id=1, email="boss@town.example", name="Boss", role="leader")
    with reading(house.engine) as session:
        body = session.get_one(Organisation, homes.homes)
    body.parent_id = 1
    homes.keep(boss, body)
    gather = digest.gather

    def breaks(ask: Ask) -> digest.Digest:
        if ask.scope.home == 1:
            raise RuntimeError("Jo Bloggs")
        return gather(ask)

    monkeypatch.setattr(digest, "gather", breaks)
    first = digests.send_due(house)
    alarms = failed(house)
    monkeypatch.undo()

    assert (first, digests.send_due(house)) == (1, 1)
    assert "RuntimeError" in caplog.text
    assert "Bloggs" not in caplog.text
    assert [one.done_at for one in alarms] == [None]
    assert all(one.done_at for one in failed(house))


def test_its_mail_is_automatic_and_holds_its_pictures(house: House) -> None:
    digests.send_due(house)

    with reading(house.engine) as session:
        message = session.exec(select(Message).where(Message.kind == "digest")).one()
    assert message.is_automatic
    assert message.extra is not None
    assert [one["name"] for one in message.extra["pictures"]] == ["received", "subjects"]
    assert message.subject == "What complaints told us, April to June 2026: Town Homes"


def test_a_digest_that_comes_back_makes_a_task(house: House, homes: Quarter) -> None:
    digests.send_due(house)
    homes.town.now = at("2026-07-14 09:00")
    homes.town.office = house.office  # its keys made the bounce address
    with reading(house.engine) as session:
        message = session.exec(select(Message).where(Message.kind == "digest")).one()

    homes.town.bounce(message)
    homes.town.bounce(message)

    with reading(house.engine) as session:
        task = session.exec(select(Task).where(Task.kind == "staff_not_reached")).one()
    assert task.text.startswith("A mail (digest) to Olu Ade did not arrive: the mail came back (5.1.1).")
    assert task.service_id == homes.repairs


# From the command line.


@pytest.fixture
def redress(homes: Quarter, database_url: str, tmp_path: Path) -> Redress:
    return Redress(tmp_path, database_url)


def test_a_digest_is_shown_as_files_without_sending(redress: Redress, tmp_path: Path, house: House) -> None:
    printed = redress("digest", "--quarter", "2026Q1", "--dry-run", "--out", str(tmp_path / "out"), "--json",
                      "--now", "2026-10-14")  # fmt: skip

    (row,) = json.loads(printed)
    page = Path(row["file"])
    assert (row["leader"], row["received"], row["what"]) == ("olu@town.example", 6, "shown")
    assert {one.name for one in page.parent.iterdir()} == {page.name, page.with_suffix(".txt").name,
        f"{page.stem}-received.png", f"{page.stem}-subjects.png"}  # fmt: skip
    assert "cid:" not in page.read_text()
    assert sent(house) == []


@pytest.mark.requirement("R081")
def test_the_papers_of_a_board_are_a_page_with_what_changed_what_to_decide_and_what_became_of_decisions(
    redress: Redress, tmp_path: Path, homes: Quarter
) -> None:
    homes.complaints(5, "2026-08-03", subject="conduct")
    homes.action("Repairs are booked in one call", "embedded", evidence="312 of 320 were.",
                 embedded_at=at("2026-09-01"))  # fmt: skip
    homes.keep(Review(organisation_id=homes.homes, period="2026Q1", question="Delay", decision="Two more planners.",
                      decided_by_id=homes.olu.id or 0, owner_id=homes.olu.id or 0, due=date(2026, 9, 1),
                      decided_at=at("2026-07-15")))  # fmt: skip

    redress("digest", "--quarter", "2026Q2", "--dry-run", "--out", str(tmp_path / "out"), "--now", "2026-10-14")

    page = " ".join(next((tmp_path / "out").glob("*.html")).read_text(encoding="utf-8").split())
    for words in (
        "July to September 2026", "Repairs are booked in one call", "312 of 320 were.", "How staff behaved",
        "What needs your decision", "Two more planners.", "Received, by service", "Decide about something else",
    ):  # fmt: skip
        assert words in page
    assert 'src="2026Q2-' in page  # its pictures lie beside it


def test_a_digest_asked_for_by_hand_is_sent_once(redress: Redress, house: House) -> None:
    words = ("digest", "--quarter", "2026Q1", "--leader", "olu@town.example", "--json", "--now", "2026-07-02")

    first, second = json.loads(redress(*words)), json.loads(redress(*words))

    assert ([one["what"] for one in first], [one["what"] for one in second]) == (["sent"], ["had it already"])
    assert at_time(house, "2026-07-14 08:00") == 0


def test_one_digest_is_read_on_the_terminal(redress: Redress) -> None:
    printed = redress("digest", "--organisation", "homes", "--dry-run", "--now", "2026-07-20")

    assert "WHAT NEEDS YOUR DECISION" in printed


@pytest.mark.parametrize(("words", "said"), [
    (("digest", "--quarter", "2026Q9"), "write a quarter such as 2026Q2"),
    (("digest", "--leader", "hana@town.example"), "There is no leader to send a digest to."),
    (("figures", "--from", "2026-07-01", "--to", "soon"), "Write --from 2026-07-01 --to 2026-09-30"),
    (("figures", "--from", "2026-07-01", "--to", "2026-07-31", "--by", "name"), "There are: service, subject, channel"),
    (("organisation", "digest", "homes", "--day", "40"), "Write --day as a working day from 1 to 20"),
])  # fmt: skip
def test_what_can_t_be_done_is_told_in_a_line(redress: Redress, words: tuple[str, ...], said: str) -> None:
    done = redress.run(*words)

    assert done.returncode == 2
    assert said in done.stderr


def test_figures_are_data_for_other_programs(redress: Redress) -> None:
    words = ("figures", "--from", "2026-04-01", "--to", "2026-06-30", "--json", "--now", "2026-10-14")

    by_subject = json.loads(redress(*words, "--by", "subject"))
    tables = {one["table"]: one for one in json.loads(redress(*words))}

    assert by_subject == [{"subject": "delay", "name": "Delay, or nothing done", "received": 6,
                           "acknowledged_share": None, "answered_share": None}]  # fmt: skip
    assert tables["received_by_channel"]["lines"][0]["now"] == 6
    assert tables["received_by_channel"]["counts"] == "Counts complaints received in the period."


def test_a_body_says_when_its_digests_go_out(redress: Redress, house: House, homes: Quarter) -> None:
    printed = redress("organisation", "digest", "homes", "--every", "month", "--day", "3")

    with reading(house.engine) as session:
        body = session.get_one(Organisation, homes.homes)
    assert printed == "Leaders of Town Homes get a digest on working day 3 after each quarter and each month.\n"
    assert (body.digest_every, body.digest_day) == ("month", 3)
