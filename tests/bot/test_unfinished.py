"""A complaint begun and not sent: reminded once after a day, shown to staff after three, opened by a person alone."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from storage.database import reading, writing
from storage.tables import Case, Conversation, Task
from tests.bot.someone import Someone, sent
from workflow import unfinished


def tick(jo: Someone, **later: float) -> str:
    """Time goes by, and what is due is done; gives what they then read."""
    jo.town.now += timedelta(**later)
    with reading(jo.town.engine) as session:
        due = unfinished.due(jo.town.act(session))
    for id_ in due:
        with writing(jo.town.engine) as session:
            unfinished.attend(jo.town.act(session), id_)
    return "\n".join(one.text for one in jo.hears())


def tasks(jo: Someone) -> list[Task]:
    with reading(jo.town.engine) as session:
        return list(session.exec(select(Task).where(Task.kind == "unfinished", Task.done_at.is_(None))))  # type: ignore[union-attr]  # a column


def begun(jo: Someone) -> None:
    jo.command("complain")
    jo.say("The gate is broken.")


def test_after_a_day_of_silence_they_are_reminded_once(jo: Someone) -> None:
    begun(jo)

    assert tick(jo, hours=23, minutes=59) == ""
    assert "have not sent it" in tick(jo, minutes=1)
    assert tick(jo, hours=40) == ""


def test_the_reminder_goes_on_where_they_were(jo: Someone) -> None:
    begun(jo)
    tick(jo, days=1)

    assert "When did it happen?" in jo.tap("Go on")


def test_whoever_says_something_meanwhile_is_reminded_a_day_after_that(jo: Someone) -> None:
    begun(jo)
    jo.town.now += timedelta(hours=20)
    jo.say("In May")

    assert tick(jo, hours=20) == ""
    assert "have not sent it" in tick(jo, hours=4)


@pytest.mark.requirement("R365")
def test_after_three_days_staff_see_it_and_no_case_is_opened_by_itself(jo: Someone) -> None:
    begun(jo)
    tick(jo, days=1)
    assert tasks(jo) == []

    tick(jo, days=2)

    assert [task.data["page"] for task in tasks(jo)] == [f"/desk/unfinished/{jo.conversation().id}"]
    with reading(jo.town.engine) as session:
        assert session.exec(select(Case)).all() == []


def test_downtime_over_both_days_reminds_and_then_shows(jo: Someone) -> None:
    begun(jo)

    assert "have not sent it" in tick(jo, days=10)
    tick(jo, minutes=1)

    assert len(tasks(jo)) == 1


def test_where_nothing_was_said_there_is_nothing_to_show(jo: Someone) -> None:
    jo.command("complain")
    tick(jo, days=1)

    tick(jo, days=3)

    assert tasks(jo) == []


def test_sending_it_after_all_finishes_the_task(jo: Someone) -> None:
    begun(jo)
    tick(jo, days=1)
    tick(jo, days=2)
    for answer in ("In May", "repairs", "me", "skip", "Jo", "here in this chat", "all ways are safe", "skip"):
        jo.say(answer)
    jo.say("nothing to add")

    jo.tap("Send my complaint")

    assert tasks(jo) == []
    assert jo.conversation().look_at is None


def test_who_leaves_again_is_shown_again_but_not_reminded_again(jo: Someone) -> None:
    begun(jo)
    tick(jo, days=1)
    tick(jo, days=2)
    jo.say("In May")
    assert jo.conversation().shown_at is None

    words = tick(jo, days=3)

    assert words == ""
    assert jo.conversation().shown_at is not None
    assert len(tasks(jo)) == 1


def test_nobody_is_reminded_who_said_stop_but_staff_see_it_all_the_same(jo: Someone) -> None:
    begun(jo)
    jo.command("stop")

    assert tick(jo, days=1) == ""
    tick(jo, days=2)

    assert len(tasks(jo)) == 1


def test_what_was_sent_or_opened_for_harm_is_not_unfinished(jo: Someone) -> None:
    sent(jo)
    other = Someone(jo.town, "2")
    other.say("I want to kill myself.")

    words = tick(jo, days=5)

    assert words == ""
    assert tasks(jo) == []


def test_a_conversation_of_which_nothing_is_due_costs_nothing(jo: Someone) -> None:
    begun(jo)

    with jo.town.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))  # with one row it would not look at an index
        explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = connection.execute(text(f"{explain} {DUE}")).all()

    assert "conversation_due" in str(plan)


DUE = "SELECT id FROM conversation WHERE look_at IS NOT NULL AND look_at <= '2026-01-01' ORDER BY look_at"


def test_a_person_opens_the_case_and_it_counts_from_when_they_last_wrote(jo: Someone) -> None:
    begun(jo)
    written = jo.town.now
    tick(jo, days=1)
    tick(jo, days=2)

    with writing(jo.town.engine) as session:
        conversation = session.exec(select(Conversation)).one()
        case = unfinished.open_case(jo.town.act(session), conversation)
        assert case is not None
        reference = case.reference

    assert jo.town.look(reference).received_at == written
    assert reference in "\n".join(one.text for one in jo.hears())
    assert "triage" in jo.town.tasks(reference)  # it did not say which service
    assert tasks(jo) == []


def test_a_person_sets_it_aside_with_a_reason_and_it_stays_for_who_began_it(jo: Someone) -> None:
    begun(jo)
    tick(jo, days=1)
    tick(jo, days=2)
    with writing(jo.town.engine) as session:
        unfinished.set_aside(jo.town.act(session), session.exec(select(Conversation)).one(), "A test of the bot")

    with reading(jo.town.engine) as session:
        task = session.exec(select(Task).where(Task.kind == "unfinished")).one()
    assert (task.data["set_aside"], task.done_at) == ("A test of the bot", jo.town.now)
    assert jo.conversation().answers["what"] == "The gate is broken."


@pytest.mark.parametrize("leave", [None, "stop", "updates"])
def test_who_never_says_what_their_words_are_about_is_not_unheard(jo: Someone, leave: str | None) -> None:
    sent(jo)
    jo.say(" ".join(["The lift was broken again and nobody came."] * 9))
    if leave:
        jo.command(leave)

    reminder = tick(jo, days=1)
    tick(jo, days=2)

    assert ("have not sent it" in reminder) == (leave != "stop")
    assert [task.data["conversation"] for task in tasks(jo)] == [jo.conversation().id]
    assert str(jo.conversation().answers["what"]).startswith("The lift was broken again")


def test_who_said_what_their_words_were_about_is_not_reminded_of_them(jo: Someone) -> None:
    reference = sent(jo)
    jo.say(" ".join(["The lift was broken again and nobody came."] * 9))
    jo.tap(reference)

    assert tick(jo, days=1) == ""
    tick(jo, days=2)
    assert tasks(jo) == []
