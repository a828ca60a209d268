"""Backups and restores: whole, checked, and never by surprise."""

import fcntl
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import select

from storage.database import connect, reading
from storage.tables import Mark, Message
from tests.app.redress import Redress
from tests.app.test_commands import complaint


@pytest.fixture
def full(redress: Redress) -> Redress:
    """An installation with one complaint, whose receipt waits to be sent."""
    redress.set_up()
    complaint(redress, "2025-12-18")
    return redress


def test_a_restored_backup_holds_the_case_and_sends_nothing_by_itself(full: Redress) -> None:
    full("backup", "copy.db")
    full("user", "add", "late@homes.example", "Late", "--organisation", "homes")

    printed = full("restore", "copy.db")

    assert "redress resume" in printed
    assert len(full.json("case", "list")) == 1
    assert [user["name"] for user in full.json("user", "list")] == ["Hana", "Mina"]
    engine = connect(full.database_url)
    with reading(engine) as session:
        assert session.get(Mark, "outgoing_held") is not None
    engine.dispose()


def test_after_resuming_what_waited_in_the_backup_is_a_task_and_not_sent(full: Redress) -> None:
    full("backup", "copy.db")
    full("restore", "copy.db")

    printed = full("resume")

    assert "1 messages that waited in the backup were not sent" in printed
    engine = connect(full.database_url)
    with reading(engine) as session:
        assert session.exec(select(Message)).one().sent_at is None
        assert session.get(Mark, "outgoing_held") is None
    engine.dispose()
    reference = full.json("case", "list")[0]["reference"]
    assert "not_sent" in [task["kind"] for task in full.json("case", "show", reference)["tasks"]]


@pytest.mark.only_on("sqlite")
def test_what_was_there_before_a_restore_is_kept_beside_it(full: Redress) -> None:
    full("backup", "copy.db")

    full("restore", "copy.db")

    database = Path(full.database_url.removeprefix("sqlite:///"))
    assert list(database.parent.glob(f"{database.name}.before-*"))


def test_a_live_system_is_never_overwritten(full: Redress) -> None:
    full("backup", "copy.db")

    with (full.home / "running.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = full.refuses("restore", "copy.db")

    assert "Redress is running" in refused


@pytest.mark.only_on("sqlite")
def test_a_damaged_backup_is_refused(full: Redress) -> None:
    full("backup", "copy.db")
    with closing(sqlite3.connect(full.home / "copy.db")) as copy:
        copy.execute("UPDATE blob SET content = x'00'")
        copy.commit()

    assert "is damaged" in full.refuses("restore", "copy.db")
    assert len(full.json("case", "list")) == 1


def test_what_is_no_backup_is_refused(full: Redress) -> None:
    (full.home / "letter.txt").write_text("Dear Sir or Madam")

    assert "no backup of Redress" in full.refuses("restore", "letter.txt")
    assert "There is no file" in full.refuses("restore", "none.db")


def test_a_dry_run_changes_nothing(full: Redress) -> None:
    full("backup", "copy.db")

    printed = full("restore", "copy.db", "--dry-run")

    assert "Nothing was changed" in printed
    assert "Nothing is held" in full.refuses("resume")


def test_a_backup_never_overwrites_a_file(full: Redress) -> None:
    full("backup", "copy.db")

    assert "exists already" in full.refuses("backup", "copy.db")
