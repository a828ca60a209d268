"""Ticks: each thing due is done once, by whichever worker; what fails, or is in other hands, stops nothing."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from app.clock import SimulatedClock
from app.filing import file_waiting
from app.house import House, build, opened
from app.settings import Settings
from app.status import health
from app.tick import Done, watch
from learning.feedback.surveys import STAFF_ASKED, ask_staff
from storage import chat
from storage.database import reading, writing
from storage.journal import Arrival
from storage.tables import Case, ChatUpdate, Contact, Deadline, Event, Mark, Message, Reminder, Review, Staff
from tests.app.redress import Redress
from tests.town import at
from workflow import outbox
from workflow.alarms import open_alarms

LATE = at("2025-12-30 09:00")  # an acknowledgement of what came on 18 December is late, and escalated


@pytest.fixture
def house(redress: Redress, tmp_path: Path) -> Iterator[House]:
    redress.set_up()
    house = build(Settings(home=tmp_path, database_url=redress.database_url), SimulatedClock(at("2025-12-18")))
    yield house
    house.close()


def arrive(house: House, mails: int) -> None:
    now = house.clock()
    house.journal.write_all(
        [
            Arrival("email", "repairs@homes.example", f"From: p{one}@x.example\r\n\r\nDamp {one}".encode(), now, {})
            for one in range(mails)
        ]
    )


def until(house: House, when: object) -> None:
    house.clock.at = when  # type: ignore[attr-defined]  # it is a SimulatedClock


def test_rows_that_fail_do_not_starve_those_behind_them(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.tick.AT_ONCE", 1)
    arrive(house, 3)
    watch(house)
    with writing(house.engine) as session:
        session.exec(select(Case).order_by(col(Case.id)).limit(1)).one().procedure = "gone"
    until(house, LATE)

    done = watch(house)

    with reading(house.engine) as session:
        waiting = session.exec(select(Reminder.case_id).where(col(Reminder.done_at).is_(None), Reminder.at <= LATE))
        late = session.exec(select(Deadline.case_id).where(Deadline.state == "overdue").order_by(col(Deadline.case_id)))
        assert set(waiting) == {1}
        assert list(late) == [2, 3]
    assert done.late == 2
    assert {record.msg for record in caplog.records} == {"due work failed: %s of row %s: %s"}


def test_a_reminder_that_fails_for_an_hour_is_an_alarm_that_people_see(house: House) -> None:
    arrive(house, 2)
    watch(house)
    with writing(house.engine) as session:
        for case in session.exec(select(Case)):
            case.procedure = "gone"
        first = session.exec(select(Reminder.at).order_by(col(Reminder.at)).limit(1)).one()

    seen = []
    for later in (timedelta(minutes=59), timedelta(minutes=61), timedelta(hours=2)):
        until(house, first + later)
        watch(house)
        seen.append(alarms_of(house))

    assert seen == [[], ["reminder_failing"], ["reminder_failing"]]
    assert health(house).warnings == ["reminder_failing"]


def alarms_of(house: House) -> list[str]:
    with reading(house.engine) as session:
        return [task.kind for task in open_alarms(house.act(session))]


def test_what_came_by_chat_is_erased_when_the_setting_says(house: House) -> None:
    with opened(replace(house.settings, chat_keep_days="3")) as other:
        house = replace(house, office=other.office)
    with writing(house.engine) as session:
        chat.keep(session, "telegram:7", 1, b"what they wrote", house.clock())
        chat.handled(session.exec(select(ChatUpdate)).one(), house.clock())
        words = outbox.Words("Reply in a chat", "what we repeated")
        owed = outbox.owe(house.act(session), "turn:1:1", "turn", outbox.To("1", "telegram"), words)
        assert owed is not None
        outbox.sent(owed, house.clock())

    until(house, at("2025-12-20"))
    watch(house)
    before = raw_updates(house), words_of_ours(house)
    until(house, at("2025-12-21"))
    watch(house)

    assert before == ([b"what they wrote"], ["what we repeated"])
    assert (raw_updates(house), words_of_ours(house)) == ([b""], [""])


def raw_updates(house: House) -> list[bytes]:
    with reading(house.engine) as session:
        return list(session.exec(select(ChatUpdate.raw)))


def words_of_ours(house: House) -> list[str]:
    with reading(house.engine) as session:
        return list(session.exec(select(Message.text).where(Message.kind == "turn")))


@pytest.mark.only_on("postgresql")
def test_three_workers_do_each_thing_that_is_due_once_and_never_get_in_each_others_way(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.tick.AT_ONCE", 10)
    arrive(house, 50)
    start = Barrier(3)

    def tick(_worker: int) -> Done:
        start.wait()
        return watch(house)

    with ThreadPoolExecutor(3) as workers:
        filed = sum(done.filed for done in workers.map(tick, range(3)))
        until(house, LATE)
        reminded = [*workers.map(tick, range(3)), watch(house)]

    with reading(house.engine) as session:
        cases = session.exec(select(Case.id)).all()
        done = session.exec(select(Reminder.case_id).where(col(Reminder.done_at).is_not(None))).all()
        events = session.exec(select(Event.case_id).where(col(Event.name).endswith(".sent"))).all()
        mails = session.exec(select(Message.case_id).where(col(Message.staff_id).is_not(None))).all()
        assert not session.exec(select(Reminder).where(col(Reminder.done_at).is_(None), Reminder.at <= LATE)).all()
    assert filed == len(cases) == 50
    assert sum(one.late for one in reminded) == 50
    assert sum(one.reminders for one in reminded) == len(done)
    # Each case as often as every other, none of them twice; a reminder whose day has gone by is done and not sent.
    assert Counter(done) == Counter({case: len(done) // 50 for case in cases})
    assert Counter(events) == Counter({case: len(events) // 50 for case in cases})
    assert Counter(mails) == Counter({case: len(mails) // 50 for case in cases})
    assert len(events) >= 100
    assert caplog.records == []


@pytest.mark.only_on("postgresql")
def test_workers_that_begin_at_the_same_moment_to_ask_staff_get_along(house: House) -> None:
    with ThreadPoolExecutor(1) as worker:
        with writing(house.engine) as session:
            session.add(Mark(name=STAFF_ASKED, value="2025Q3", at=house.clock()))
            session.flush()
            other = worker.submit(ask_staff_about, house, 20253)
            wait_until_one_waits(house)
        asked = other.result(20)

    assert not asked


def ask_staff_about(house: House, quarter: int) -> bool:
    with writing(house.engine) as session:
        return ask_staff(house.act(session), quarter)


def wait_until_one_waits(house: House) -> None:
    """For a lock of another's."""
    for _ in range(200):
        with reading(house.engine) as session:
            if session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
        time.sleep(0.05)


@pytest.mark.only_on("postgresql")
def test_contacts_that_another_worker_has_in_hand_are_not_counted_as_taken_up(house: House) -> None:
    arrive(house, 2)

    with writing(house.engine) as other:
        other.exec(select(Contact).order_by(col(Contact.id)).limit(1).with_for_update()).one()
        first, second = file_waiting(house), file_waiting(house)

    assert (first, second) == (1, 0)
    assert file_waiting(house) == 1


def test_an_open_decision_of_before_we_reminded_of_any_is_reminded_of_from_now_on(house: House) -> None:
    with writing(house.engine) as session:
        one = session.exec(select(Staff)).all()[0]
        session.add(Review(organisation_id=one.organisation_id, period="2025Q2", question="Delay", decision="Two more.",
                           decided_by_id=one.id or 0, decided_at=at("2025-11-03"), owner_id=one.id or 0,
                           due=date(2025, 12, 18)))  # fmt: skip

    done = [watch(house) for _ in range(2)]

    with reading(house.engine) as session:
        mails = session.exec(select(Message.kind).where(col(Message.kind).like("review%"))).all()
    assert ([one.reminders for one in done], mails) == ([1, 0], ["review_reminder"])
