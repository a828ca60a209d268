"""Backups and restores: whole, checked, and never by surprise."""

import fcntl
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Row, text
from sqlmodel import col, select

from storage.database import connect, reading, writing
from storage.migrate import alembic_config
from storage.tables import Mark, Message, Participant
from tests.app.redress import Redress
from tests.app.test_commands import complaint
from tests.town import at


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
    assert "Mail is HELD" in full("status")
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

    assert "1 messages that waited in the backup were not sent; 1 belong to cases, where a task says so" in printed
    engine = connect(full.database_url)
    with reading(engine) as session:
        assert session.exec(select(Message)).one().sent_at is None
        assert session.get(Mark, "outgoing_held") is None
    engine.dispose()
    reference = full.json("case", "list")[0]["reference"]
    assert "not_sent" in [task["kind"] for task in full.json("case", "show", reference)["tasks"]]


def test_after_resuming_a_letter_is_not_served_and_one_for_the_post_still_waits_for_a_person(full: Redress) -> None:
    acknowledge(full)
    waiting(full, channel="post", address="1 High Street")
    waiting(full, channel="email", case_id=None, letter_id=None, kind="sign_in")
    full("backup", "copy.db")
    full("restore", "copy.db")

    printed = full("resume")

    assert "3 messages that waited in the backup were not sent; 2 belong to cases" in printed
    engine = connect(full.database_url)
    with reading(engine) as session:
        still = session.exec(select(Message).where(col(Message.closed_at).is_(None))).all()
        assert [message.channel for message in still] == ["post"]
    engine.dispose()
    reference = full.json("case", "list")[0]["reference"]
    assert "not_served" in [task["kind"] for task in full.json("case", "show", reference)["tasks"]]


def test_the_secret_link_of_a_case_that_is_not_in_the_backup_never_leads_to_another(full: Redress) -> None:
    full("backup", "copy.db")
    complaint(full, "2025-12-19", "lost@citizen.example")
    lost = links(full)["lost@citizen.example"]

    full("restore", "copy.db")
    full("resume")
    complaint(full, "2025-12-20", "next@citizen.example")

    assert links(full).keys() == {"jo@citizen.example", "next@citizen.example"}
    assert lost not in links(full).values()


def test_a_letter_that_is_not_in_the_backup_never_gives_its_number_to_another(full: Redress) -> None:
    full("backup", "copy.db")
    acknowledge(full)
    lost = letters(full)

    full("restore", "copy.db")
    full("resume")
    acknowledge(full)

    assert lost
    assert not lost & letters(full)


def letters(redress: Redress) -> set[str]:
    """The Message-IDs of the acknowledgements: a bounce finds its letter by the same number."""
    engine = connect(redress.database_url)
    with reading(engine) as session:
        found = set(session.exec(select(Message.message_id).where(Message.kind == "acknowledgement")))
    engine.dispose()
    return found


def links(redress: Redress) -> dict[str, str | None]:
    """The hash of each person's progress link, by their address."""
    engine = connect(redress.database_url)
    with reading(engine) as session:
        found = session.exec(select(Participant.email, Participant.progress_hash)).all()
    engine.dispose()
    return dict(found)


def acknowledge(redress: Redress) -> None:
    reference = redress.json("case", "list")[0]["reference"]
    assign = ("assign", "--field", "to=hana@homes.example", "--as", "mina@homes.example", "--now", "2025-12-19")
    redress("case", "do", reference, *assign)
    redress(
        "case", "do", reference, "acknowledge", "--as", "hana@homes.example", "--now", "2025-12-22T10:00",
        "--field", "complaint_definition=Mould in the bedroom", "--field", "outcomes_sought=To have it treated",
        "--field", "responsible_and_not_responsible=We look after walls",
    )  # fmt: skip


def waiting(redress: Redress, **changed: object) -> None:
    """One more message, like the newest but for what is changed, waiting in the outbox."""
    engine = connect(redress.database_url)
    with writing(engine) as session:
        newest = session.exec(select(Message).order_by(col(Message.id).desc())).first()
        assert newest is not None
        fields = newest.model_dump(exclude={"id"}) | {"key": f"more:{newest.id}", "number": newest.number + 1}
        session.add(Message(**{**fields, "message_id": f"<{newest.id}@more.example>", **changed}))
    engine.dispose()


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


def test_a_backup_of_an_older_version_is_brought_up_to_date_and_still_sends_nothing(full: Redress) -> None:
    run_alembic(full, command.downgrade, "-1")
    full("backup", "copy.db")
    full("migrate")
    if not is_sqlite(full):  # what the older version did not know would stand in the way there: see docs/operators.md
        sql(full, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")

    full("restore", "copy.db")

    assert "Mail is HELD" in full("status")
    assert len(full.json("case", "list")) == 1


@pytest.mark.only_on("postgresql")
def test_a_backup_of_a_newer_version_is_refused_and_what_it_left_sends_nothing(full: Redress) -> None:
    sql(full, "UPDATE alembic_version SET version_num = '9999'")
    full("backup", "copy.db")

    refused = full.refuses("restore", "copy.db")

    assert "newer than this program" in refused
    assert "outgoing_held" in marks(full)


@pytest.mark.only_on("sqlite")
def test_what_a_killed_restore_left_behind_is_not_mixed_into_the_next(full: Redress) -> None:
    full("backup", "copy.db")
    half_done = Path(full.database_url.removeprefix("sqlite:///")).with_suffix(".restoring")
    engine = connect(f"sqlite:///{shutil.copyfile(full.home / 'copy.db', half_done)}")
    with writing(engine) as session:
        session.add(Mark(name="of the killed one", value="", at=at("2025-12-18")))
    left = Path(f"{half_done}-wal").read_bytes()
    engine.dispose()
    Path(f"{half_done}-wal").write_bytes(left)

    full("restore", "copy.db")

    assert "outgoing_held" in marks(full)
    assert "of the killed one" not in marks(full)


def run_alembic(redress: Redress, act: Callable[[Config, str], None], to: str) -> None:
    engine = connect(redress.database_url)
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        act(config, to)
    engine.dispose()


def is_sqlite(redress: Redress) -> bool:
    return redress.database_url.startswith("sqlite")


def marks(redress: Redress) -> set[str]:
    return {row[0] for row in sql(redress, "SELECT name FROM mark")}


def sql(redress: Redress, *statements: str) -> Sequence[Row[Any]]:
    """What the last of them gave."""
    engine = connect(redress.database_url)
    with engine.begin() as connection:
        done = [connection.execute(text(statement)) for statement in statements]
        rows = done[-1].all() if done[-1].returns_rows else []
    engine.dispose()
    return rows


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


def test_a_backup_into_a_folder_that_is_not_there_is_refused(full: Redress) -> None:
    assert "Can't write in the folder nowhere" in full.refuses("backup", "nowhere/copy.db")


@pytest.mark.only_on("sqlite")
def test_nobody_else_on_the_machine_can_read_the_database(redress: Redress) -> None:
    redress.database_url = ""

    redress("migrate")

    assert (redress.home / "redress.db").stat().st_mode & 0o077 == 0
