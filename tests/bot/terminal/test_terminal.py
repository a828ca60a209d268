"""The terminal is a channel too: the same conversation through pipes, stored first, its answers from the outbox."""

import subprocess
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from bot.terminal.channel import Terminal
from storage.chat import TRIES
from storage.database import reading, writing
from storage.tables import Case, ChatUpdate, Task
from tests.app.redress import REDRESS, Redress
from tests.learning.surveying import kept, sweep
from tests.town import Town, town
from workflow import forgetting

COMPLAINT = (
    "/complain", "The gate is broken.", "since May", "Repairs, Town Homes", "1", "A repair", "Jo Bloggs", "1",
    "All ways are safe", "skip", "nothing to add", "1",
)  # fmt: skip


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


@pytest.fixture
def redress(tmp_path: Path, database_url: str) -> Redress:
    return Redress(tmp_path, database_url)


def talk(here: Town, lines: Iterable[str] = (), name: str = "jo") -> str:
    """A person at the keyboard types these lines, and leaves."""
    return "\n".join(Terminal(here.engine, here.office, lambda: here.now, name).talk(lines))


def rows(here: Town, table: type) -> list:  # type: ignore[type-arg]
    with reading(here.engine) as session:
        return list(session.exec(select(table)))


def test_a_whole_complaint_is_told_in_twelve_lines(here: Town) -> None:
    words = talk(here, COMPLAINT)

    [case] = rows(here, Case)
    assert case.channel == "terminal"
    assert case.reference in words
    assert "may be able to read what is said in this chat" in words
    assert here.person(case.reference).prefers == "terminal"


def test_buttons_have_numbers(here: Town) -> None:
    words = talk(here, COMPLAINT[:3])

    assert "  [1] Adult social care, Town Council\n" in words


def test_whoever_comes_back_by_the_same_name_goes_on_where_they_were(here: Town) -> None:
    for line in COMPLAINT[:-2]:
        talk(here, [line])

    words = talk(here, ["Nothing to add", "send my complaint"])

    assert "We have received your complaint" in words
    assert len(rows(here, Case)) == 1


def test_whoever_comes_back_after_our_words_were_erased_is_not_shown_an_empty_message(here: Town) -> None:
    talk(here, ["/help"])
    here.now += here.office.keep_updates
    with writing(here.engine) as session:
        for id_ in forgetting.words_due(here.act(session)):
            forgetting.forget_words(here.act(session), id_)

    assert talk(here) == ""


def test_a_survey_is_answered_by_numbers_also_by_who_comes_back_and_no_answer_stays_readable(here: Town) -> None:
    talk(here, COMPLAINT)
    here.do(rows(here, Case)[0].reference, "withdraw", still_dissatisfied="no")
    here.now = here.now.replace(hour=23)
    talk(here)
    sweep(here)
    sweep(here, "2025-12-26")
    before = len(rows(here, ChatUpdate))

    asked = talk(here)
    again, thanks = talk(here, ["2"]), talk(here, ["disagree", "Stop"])

    assert "  [1] Strongly agree\n" in asked
    assert "Question 2 of 12" in again
    assert "We have kept your answers." in thanks
    assert [one.answers for one in kept(here)] == [{"handling": "agree", "easy": "disagree"}]
    assert [one.raw for one in rows(here, ChatUpdate)[before:]] == [b"", b"", b""]
    assert all(one.raw for one in rows(here, ChatUpdate)[:before])


def test_another_name_is_another_person_whose_messages_nobody_else_is_shown(here: Town) -> None:
    talk(here, COMPLAINT)
    reference = rows(here, Case)[0].reference
    here.do(reference, "ask", question="Which gate?")
    here.now = here.now.replace(hour=12)

    other, own = talk(here, ["/status"], name="al"), talk(here)

    assert reference not in other
    assert f"(enclosed: {reference}.html)" in own


def test_each_line_is_stored_as_it_was_typed_before_it_is_answered(here: Town) -> None:
    talk(here, COMPLAINT[:2])

    updates = rows(here, ChatUpdate)
    assert [update.update_id for update in updates] == [1, 2]
    assert b"The gate is broken." in updates[1].raw
    assert all(update.handled_at for update in updates)


def test_a_line_that_was_stored_when_the_process_died_is_answered_on_return(here: Town) -> None:
    talk(here, COMPLAINT[:1])
    Terminal(here.engine, here.office, lambda: here.now, "jo").keep("The gate is broken.")

    assert "When did it happen?" in talk(here)


def test_what_can_not_be_handled_is_kept_and_said_so_and_later_answered(here: Town) -> None:
    there = Terminal(here.engine, here.office, lambda: here.now, "jo")
    there.office = None  # type: ignore[assignment]  # whatever fails

    words = "\n".join(there.talk(["/complain", "I want to kill myself."]))
    here.now = here.now.replace(hour=12)
    later = talk(here)

    assert "What you wrote is kept" in words
    assert "call 999" in later


def test_a_line_that_keeps_failing_is_put_aside_for_a_person_and_whoever_typed_it_hears_so(here: Town) -> None:
    there = Terminal(here.engine, here.office, lambda: here.now, "jo")
    there.keep("There is damp.")
    with writing(here.engine) as session:
        session.exec(select(ChatUpdate)).one().raw = b"{"  # a broken disk

    words = ""
    for _ in range(TRIES):
        words = talk(here)
        here.now += timedelta(minutes=5)

    [task] = rows(here, Task)
    [update] = rows(here, ChatUpdate)
    assert task.text.startswith("Something that came by terminal (update 1, received 18 December 2025, 9:00am)")
    assert task.data["page"] == "/desk/quarantine/chat/1"
    assert update.given_up_at is not None
    assert "I cannot read that kind of message" in words
    assert "Where is my complaint?" in talk(here, ["/help"])


def test_a_file_of_this_computer_is_sent_with_it(here: Town, tmp_path: Path) -> None:
    (tmp_path / "damp.jpg").write_bytes(b"a picture")

    words = talk(here, [COMPLAINT[0], f"/file {tmp_path / 'damp.jpg'}", "/file /nowhere", *COMPLAINT[1:]])

    assert "Files so far: 1" in words
    assert "I cannot read that kind of message" in words


def test_nothing_that_is_shown_can_move_the_cursor(here: Town) -> None:
    words = talk(here, ["/complain", "A \x1b[2J gate", "n1 back when", "Back"])

    assert "\x1b" not in words


def test_the_command_holds_it_through_pipes_and_the_next_process_goes_on(redress: Redress) -> None:
    redress.set_up()

    first = chat(redress, "/complain", "The gate is broken.")
    second = chat(redress, "since May", "1")
    found = redress.json("status")

    assert "When did it happen?" in first
    assert "Who is this complaint for?" in second
    assert "What would put it right?" in second
    assert found["channels"]["terminal"]["last_ok"]
    assert found["contacts"]["received"] == 0


def chat(redress: Redress, *lines: str) -> str:
    """`redress chat` as a process of its own."""
    done = subprocess.run(
        [REDRESS, "chat", "--as", "jo"], input="\n".join(lines) + "\n", env=redress.environment, cwd=redress.home,
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout
