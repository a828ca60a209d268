"""Reminders and escalations: who is told, on which day, once; and when nobody is."""

import pytest
from sqlalchemy import Engine

from storage.database import writing
from storage.tables import Event, Message, Reminder
from tests.town import Town, at, town
from workflow import reminders
from workflow.record import bring_up_to_date

HANA, RAVI, MINA, LENA = (f"{name}@town.example" for name in ("hana", "ravi", "mina", "lena"))


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


@pytest.fixture
def carer(here: Town) -> str:
    """A complaint under the Regulations of 2009, received on Thursday 18 December and due on the 23rd."""
    reference = here.mail("My carer did not come.", to="care@town.example")
    assert reference
    here.do(reference, "assign", to=HANA)
    return reference


@pytest.mark.requirement("R276")
def test_each_is_told_on_their_day_and_once(here: Town, carer: str) -> None:
    days = ["2025-12-22 07:59", "2025-12-22 08:00", "2025-12-22 09:00", "2025-12-23 08:00", "2025-12-24 08:00",
            "2025-12-30 08:00"]  # fmt: skip

    told = {day: here.tick(day) for day in days}

    assert told == {
        "2025-12-22 07:59": [],
        "2025-12-22 08:00": [("reminder", HANA)],
        "2025-12-22 09:00": [],
        "2025-12-23 08:00": [("reminder", HANA), ("reminder", MINA)],
        "2025-12-24 08:00": [("escalation", MINA)],
        "2025-12-30 08:00": [("escalation", LENA)],
    }


def test_a_reminder_says_which_rule_what_is_due_and_how_it_was_counted(here: Town, carer: str) -> None:
    here.tick("2025-12-22 08:00")

    mail = next(message for message in here.all(Message, carer) if message.kind == "reminder")
    assert "Acknowledge" in mail.text
    assert "Tuesday 23 December 2025" in mail.text
    assert "SI 2009/309 regulation 13(3)" in mail.text
    assert f"/desk/cases/{carer}" in mail.text
    assert "carer" not in mail.text + mail.subject


def test_who_was_told_is_written_in_the_story(here: Town, carer: str) -> None:
    here.tick("2025-12-22 08:00")

    event = here.all(Event, carer)[-1]
    assert event.name == "reminder.sent"
    assert event.data == {
        "clock": "s1.acknowledge", "due": "2025-12-23", "role": "handler", "staff": [here.staff("hana").id],
    }  # fmt: skip


def test_whoever_covers_is_told_too(here: Town, carer: str) -> None:
    hana = here.staff("hana")
    hana.cover_id = here.staff("ravi").id
    here.change(hana)

    assert here.tick("2025-12-22 08:00") == [("reminder", HANA), ("reminder", RAVI)]


def test_a_closed_account_is_told_nothing_but_its_cover_is(here: Town, carer: str) -> None:
    hana = here.staff("hana")
    hana.cover_id, hana.disabled_at = here.staff("ravi").id, here.now
    here.change(hana)

    assert here.tick("2025-12-22 08:00") == [("reminder", RAVI)]


def test_the_manager_is_told_while_there_is_no_handler(here: Town) -> None:
    here.mail("My carer did not come.", to="care@town.example")

    assert here.tick("2025-12-22 08:00") == [("reminder", MINA)]


def test_the_person_whom_it_is_about_is_never_told(here: Town, carer: str) -> None:
    here.do(carer, "name_staff", by=LENA, who=MINA)

    assert here.tick("2025-12-23 08:00") == [("reminder", HANA), ("reminder", HANA), ("reminder", LENA)]
    assert here.tick("2025-12-24 08:00") == [("escalation", LENA)]


def test_where_nobody_may_be_told_a_task_says_so(here: Town, carer: str) -> None:
    for name in ("hana", "mina", "lena"):
        one = here.staff(name)
        one.disabled_at = here.now
        here.change(one)

    assert here.tick("2025-12-24 08:00") == []
    assert "nobody_told" in here.tasks(carer)


def test_a_duty_that_was_met_reminds_nobody(here: Town, carer: str) -> None:
    here.do(carer, "acknowledge", understanding_of_complaint="A carer who did not come")
    here.send()

    assert here.tick("2025-12-30 08:00") == []


def test_a_letter_that_came_back_is_owed_and_reminded_of_again(here: Town, carer: str) -> None:
    here.send()
    here.do(carer, "acknowledge", understanding_of_complaint="A carer who did not come")
    (sent,) = here.send()
    here.bounce(sent)

    assert here.tick("2025-12-22 08:00") == [("reminder", HANA)]


def test_what_is_known_only_late_is_escalated_and_not_reminded_of(here: Town, carer: str) -> None:
    here.now = at("2026-01-05")

    here.do(carer, "correct_receipt", by=MINA, date="2025-12-01", because="the envelope is stamped")

    assert here.tick() == [("escalation", MINA), ("escalation", LENA)]
    assert here.tick("2026-01-06 09:00") == []


def test_a_withdrawn_complaint_reminds_nobody(here: Town, carer: str) -> None:
    here.do(carer, "withdraw", still_dissatisfied="no")

    assert here.tick("2026-08-01 08:00") == []


def test_an_extension_moves_the_reminders(here: Town, carer: str) -> None:
    here.do(carer, "acknowledge", understanding_of_complaint="A carer who did not come")
    here.send()
    here.do(carer, "extend", to="2026-07-31", reason="the inquest", complainant_agrees="yes")
    here.send()

    assert here.tick("2026-07-01 08:00") == []
    assert here.tick("2026-07-03 08:00") == [("reminder", HANA)]


def test_a_deadline_that_passed_is_marked_late_once(here: Town, carer: str) -> None:
    here.tick("2025-12-23 23:59")
    assert here.clock(carer, "s1.acknowledge").state == "running"

    here.tick("2025-12-24 00:00")

    assert here.clock(carer, "s1.acknowledge").state == "overdue"
    with writing(here.engine) as session:
        assert reminders.passed(here.act(session), 10) == []


def test_a_deadline_that_passed_brings_its_own_case_up_to_date_and_no_other(here: Town, carer: str) -> None:
    here.now = at("2025-12-19 09:00")
    later = here.mail("The carer did not come again.")
    assert later

    here.tick("2025-12-24 00:00")

    assert here.clock(carer, "s1.acknowledge").state == "overdue"
    assert here.clock(later, "s1.acknowledge").state == "running"


def test_a_reminder_that_another_worker_has_done_is_not_done_again(here: Town, carer: str) -> None:
    here.now = at("2025-12-22 08:00")
    with writing(here.engine) as session:
        act = here.act(session)
        (due,) = reminders.due(act, 10)
        reminders.send(act, due)
        reminders.send(act, due)

    assert here.mails(carer).count("reminder") == 1


def test_one_reminder_a_key_whatever_is_projected_again(here: Town, carer: str) -> None:
    here.tick("2025-12-22 08:00")
    before = [(row.key, row.done_at) for row in here.all(Reminder, carer)]

    with writing(here.engine) as session:
        bring_up_to_date(session, here.case(session, carer), here.now)

    assert [(row.key, row.done_at) for row in here.all(Reminder, carer)] == before
    assert here.tick() == []


def test_a_reminder_that_was_sent_is_done_and_told_once_in_the_story(here: Town, carer: str) -> None:
    here.tick("2025-12-22 08:00")
    here.tick("2025-12-22 09:00")

    assert here.events(carer).count("reminder.sent") == 1
    with writing(here.engine) as session:
        assert reminders.due(here.act(session)) == []
