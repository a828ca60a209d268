"""Reminders and escalations of an action's dates: by the machinery of cases, to its owner and those above them."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from app.reminding import ABOUT, remind
from learning.plan.dates import Step, open_steps
from storage.database import reading, writing
from storage.tables import Action, LearningEvent, Message, Reminder, Staff, Task
from tests.learning.academy import act_on, action, agreed
from tests.town import Town, at, town
from workflow import reminders

HANA, RAVI, MINA, LENA = (f"{name}@town.example" for name in ("hana", "ravi", "mina", "lena"))


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine, "2026-01-05")


@pytest.fixture
def begun(here: Town) -> int:
    """An action whose review is due on Friday 6 February and its completion on Friday 27 February."""
    _, one = agreed(here)
    here.now = at("2026-01-12")
    act_on(here, one, "start")
    return one


def mail(here: Town, kind: str) -> Message:
    with reading(here.engine) as session:
        return session.exec(select(Message).where(Message.kind == kind).order_by(col(Message.id))).all()[-1]


@pytest.mark.requirement("R095", "R261")
def test_a_review_is_reminded_of_five_working_days_before_and_on_the_day_and_escalated_when_late(
    here: Town, begun: int
) -> None:
    days = ["2026-01-30 07:59", "2026-01-30 08:00", "2026-02-05 08:00", "2026-02-06 08:00", "2026-02-09 07:59",
            "2026-02-09 08:00", "2026-02-13 08:00", "2026-02-16 08:00"]  # fmt: skip

    told = {day: here.tick(day) for day in days}

    assert told == {
        "2026-01-30 07:59": [],
        "2026-01-30 08:00": [("action_reminder", HANA)],
        "2026-02-05 08:00": [],
        "2026-02-06 08:00": [("action_reminder", HANA)],
        "2026-02-09 07:59": [],
        "2026-02-09 08:00": [("action_escalation", HANA), ("action_escalation", MINA)],
        "2026-02-13 08:00": [("action_escalation", LENA)],
        "2026-02-16 08:00": [],
    }


def test_what_was_done_in_time_is_not_reminded_of(here: Town, begun: int) -> None:
    here.now = at("2026-01-29")
    act_on(here, begun, "finish", evidence="The list is read out each evening.")

    told = [
        one for day in ("2026-01-30", "2026-02-06", "2026-02-09", "2026-02-26") for one in here.tick(f"{day} 08:00")
    ]

    assert told == []
    assert here.tick("2026-03-06 08:00") == [("action_reminder", HANA)]


def test_a_mail_says_which_action_what_is_due_and_how_the_date_came_about(here: Town, begun: int) -> None:
    here.now = at("2026-01-20")
    act_on(here, begun, "change_dates", because="The printer broke.", review_on="2026-02-13")

    here.tick("2026-02-13 08:00")

    found = mail(here, "action_reminder")
    assert found.subject == f"Reminder: action {begun}, due Friday 13 February 2026"
    for words in (
        f"Review of progress of action {begun} is due on Friday 13 February 2026.",
        "The duty officer checks the list of visits each evening at six",
        "Monday 5 January 2026: the plan was agreed by Mina",
        "Tuesday 20 January 2026: Hana moved the date from Friday 6 February 2026: The printer broke.",
        "Reminders go 5 working days before the date and on it",
        f"https://redress.example/desk/actions/{begun}",
    ):
        assert words in found.text
    assert ">Town Council</td>" in (found.html or "")


def test_a_moved_date_takes_its_reminders_with_it(here: Town, begun: int) -> None:
    act_on(here, begun, "change_dates", because="The printer broke.", review_on="2026-02-13")

    assert here.tick("2026-01-30 08:00") == []
    assert here.tick("2026-02-06 08:00") == [("action_reminder", HANA)]


def test_whoever_takes_it_over_is_reminded_and_whoever_covers_too(here: Town, begun: int) -> None:
    act_on(here, begun, "hand_over", owner=RAVI)
    with reading(here.engine) as session:
        ravi = session.get_one(Staff, here.staff("ravi").id)
    ravi.cover_id = here.staff("mina").id
    here.change(ravi)

    assert here.tick("2026-01-30 08:00") == [("action_reminder", RAVI), ("action_reminder", MINA)]


def test_the_manager_is_reminded_where_a_team_answers_for_it(here: Town) -> None:
    agreed(here, owner="", team="Night team")

    assert here.tick("2026-01-12 08:00") == [("action_reminder", MINA)]
    assert here.tick("2026-01-13 08:00") == [("action_escalation", MINA)]
    assert "(with the team Night team)" in mail(here, "action_escalation").text


def test_a_failed_action_is_to_be_taken_up_within_a_week(here: Town, begun: int) -> None:
    here.now = at("2026-02-20")
    act_on(here, begun, "finish", evidence="It is done.")
    act_on(here, begun, "check", by="mina", result_of="fails", found="It is not.")

    assert here.tick("2026-02-27 08:00") == [("action_reminder", HANA)]
    assert here.tick("2026-03-02 08:00") == [("action_escalation", HANA), ("action_escalation", MINA)]
    assert "A new date is to be set within 7 days" in mail(here, "action_escalation").text


def test_a_dropped_action_is_forgotten(here: Town, begun: int) -> None:
    act_on(here, begun, "drop", by="mina", because="Another provider.")

    with reading(here.engine) as session:
        assert session.exec(select(Reminder).where(col(Reminder.done_at).is_(None))).all() == []
    assert action(here, begun).next_due is None


def test_where_nobody_can_be_told_a_task_says_so(here: Town, begun: int) -> None:
    with writing(here.engine) as session:
        for one in session.exec(select(Staff)):
            one.disabled_at = here.now

    assert here.tick("2026-01-30 08:00") == []
    with reading(here.engine) as session:
        (task,) = session.exec(select(Task).where(Task.kind == "nobody_told")).all()
    assert task.data == {"page": f"/desk/actions/{begun}"}


def test_a_reminder_is_done_once_though_two_workers_try(here: Town, begun: int) -> None:
    here.now = at("2026-01-30 08:00")
    with writing(here.engine) as session:
        act = here.act(session)
        due = reminders.due(act, 10)
        tried = [remind(act, id_) for id_ in due + due]

    with reading(here.engine) as session:
        sent = session.exec(select(Message).where(Message.kind == "action_reminder")).all()
        told = session.exec(select(LearningEvent).where(LearningEvent.name == "action.reminder")).all()
    assert tried == [True] * len(due) + [False] * len(due)
    assert (len(sent), len(told)) == (1, 1)


def test_what_a_reminder_may_be_about_is_one_table() -> None:
    assert set(ABOUT) >= {"case", "action"}


def test_an_action_is_late_from_the_midnight_after_its_date(here: Town, begun: int) -> None:
    assert action(here, begun).next_due == at("2026-02-07 00:00")


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("drafted", []),
        ("agreed", [("start", "2026-01-12")]),
        ("in_progress", [("review", "2026-02-06"), ("complete", "2026-02-27")]),
        ("done", [("check", "2026-03-06")]),
        ("checked", [("audit", "2026-06-05")]),
        ("embedded", [("audit", "2026-06-05")]),
        ("failed", [("reopen", "2026-03-09")]),
        ("dropped", []),
    ],
)
def test_what_is_due_depends_on_where_the_action_is(state: str, steps: list[tuple[str, str]]) -> None:
    one = Action(
        plan_id=1, organisation_id=1, service_id=1, state=state, starts=date(2026, 1, 12), review_on=date(2026, 2, 6),
        completes=date(2026, 2, 27), check_on=date(2026, 3, 6), audit_on=date(2026, 6, 5), failed_at=at("2026-03-02"),
    )  # fmt: skip

    assert open_steps(one) == [Step(name, date.fromisoformat(due)) for name, due in steps]
