"""A leader's decision is watched like an action: reminders before its date and on it, escalations until it is done."""

from datetime import date

import pytest
from sqlmodel import col, delete, select

from app.reminding import remind
from learning.leading import review_reminders, reviews
from learning.leading.reviews import Decision
from learning.scopes import scope_of
from storage.database import reading, writing
from storage.tables import Message, Reminder, Review, ReviewEvent, Task
from tests.learning.academy import actor
from tests.town import Town, at
from workflow import reminders


@pytest.fixture
def decision(here: Town) -> int:
    """Lena's decision of 18 December 2025, with Hana, to be seen to by Friday 27 February 2026."""
    with writing(here.engine) as session:
        lena = here.staff("lena")
        taken = Decision("Delay", "Two more planners.", here.staff("hana").id, date(2026, 2, 27))
        return reviews.take(here.act(session, actor(here, "lena")), scope_of(session, lena), "2025Q2", taken).id or 0


def tick(here: Town, when: str) -> list[tuple[str, str]]:
    """What became due until then: kinds of mail, and to whom."""
    here.now = at(when)
    before = _mails(here)
    with reading(here.engine) as session:
        due = reminders.due(here.act(session))
    for one in due:
        with writing(here.engine) as session:
            remind(here.act(session), one)
    return [(mail.kind, mail.address.partition("@")[0]) for mail in _mails(here)[len(before) :]]


def _mails(here: Town) -> list[Message]:
    with reading(here.engine) as session:
        return list(session.exec(select(Message).where(col(Message.kind).like("review%")).order_by(col(Message.id))))


def change(here: Town, decision: int, by: str, **given: str) -> None:
    with writing(here.engine) as session:
        row, act = session.get_one(Review, decision), here.act(session, actor(here, by))
        if "outcome" in given:
            reviews.finish(act, row, given["outcome"])
        else:
            reviews.move(act, row, date.fromisoformat(given["due"]), "Nobody has applied.")


@pytest.mark.parametrize(("day", "told"), [
    ("2026-02-20", [("review_reminder", "hana")]),
    ("2026-02-27", [("review_reminder", "hana")]),
    ("2026-03-02", [("review_escalation", "hana"), ("review_escalation", "lena")]),
    ("2026-03-06", [("review_escalation", "lena")]),
])  # fmt: skip
def test_its_owner_is_told_before_and_on_its_date_and_leaders_when_it_is_late(
    here: Town, decision: int, day: str, told: list[tuple[str, str]]
) -> None:
    before = [one for one in ("2026-02-20", "2026-02-27", "2026-03-02") if one < day]
    for one in before:
        tick(here, one)

    assert tick(here, day) == told


def test_each_mail_says_what_was_decided_and_how_its_date_came_about(here: Town, decision: int) -> None:
    change(here, decision, "lena", due="2026-03-27")

    tick(here, "2026-03-30")
    text = next(one.text for one in _mails(here) if one.kind == "review_escalation" and one.address.startswith("lena"))

    assert "Two more planners." in text
    assert "Thursday 18 December 2025: Lena moved the date: Nobody has applied." in text
    assert "because you took this decision" in text
    assert f"/desk/reviews/{decision}" in text


def test_a_decision_that_is_done_is_reminded_of_no_more(here: Town, decision: int) -> None:
    tick(here, "2026-02-20")
    change(here, decision, "hana", outcome="Both began in February.")

    assert tick(here, "2026-03-30") == []
    to_come = select(Reminder).where(Reminder.about == "review", col(Reminder.done_at).is_(None))
    with reading(here.engine) as session:
        assert session.exec(to_come).all() == []


def test_a_date_that_moved_is_watched_instead_of_the_old_one(here: Town, decision: int) -> None:
    change(here, decision, "hana", due="2026-03-27")

    assert tick(here, "2026-03-06") == []
    assert tick(here, "2026-03-20") == [("review_reminder", "hana")]


def test_where_its_owner_has_left_the_leaders_are_told(here: Town, decision: int) -> None:
    hana = here.staff("hana")
    hana.disabled_at = here.now
    here.change(hana)

    assert tick(here, "2026-02-20") == [("review_reminder", "lena")]


def test_who_was_told_stands_in_its_story_and_nobody_is_a_task(here: Town, decision: int) -> None:
    tick(here, "2026-02-20")
    for name in ("hana", "lena"):
        gone = here.staff(name)
        gone.disabled_at = here.now
        here.change(gone)
    tick(here, "2026-02-27")

    with reading(here.engine) as session:
        story = session.exec(select(ReviewEvent).where(ReviewEvent.name == "review.reminder")).all()
        tasks = session.exec(select(Task).where(Task.kind == "nobody_told")).all()
    assert [one.data["staff"] for one in story] == [["Hana"], []]
    assert [one.data["page"] for one in tasks] == [f"/desk/reviews/{decision}"]


def test_a_decision_taken_before_we_reminded_of_any_is_watched_from_the_next_tick(here: Town, decision: int) -> None:
    with writing(here.engine) as session:
        session.execute(delete(Reminder))

    for _ in range(2):
        with reading(here.engine) as session:
            found = review_reminders.unwatched(here.act(session))
        for one in found:
            with writing(here.engine) as session:
                review_reminders.watch(here.act(session), one)

    assert (found, tick(here, "2026-02-20")) == ([], [("review_reminder", "hana")])


def test_a_late_decision_taken_before_we_reminded_of_any_is_escalated_and_watched_once(
    here: Town, decision: int
) -> None:
    here.now = at("2026-03-09")
    with writing(here.engine) as session:
        session.execute(delete(Reminder))

    with writing(here.engine) as session:
        watched = [review_reminders.watch(here.act(session), decision) for _ in range(2)]

    assert watched == [True, False]
    assert tick(here, "2026-03-09") == [("review_escalation", "hana"), ("review_escalation", "lena")]
