"""Opening the database: durable, one writer that loses no update, and readers that never wait."""

from collections.abc import Iterator, Sequence
from threading import Thread
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import select

from storage.database import BUSY_SECONDS, connect, reading, writing
from storage.tables import Mark, Organisation, Service
from tests.town import at

NOW = at("2025-12-18")


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Engine, Engine]]:
    """Two programs at one database."""
    engines = connect(database_url), connect(database_url)
    yield engines
    for engine in engines:
        engine.dispose()


def test_a_block_that_fails_leaves_nothing(engine: Engine) -> None:
    def half() -> None:
        with writing(engine) as session:
            session.add(Mark(name="half", at=NOW))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()

    with reading(engine) as session:
        assert session.get(Mark, "half") is None


def test_what_was_read_can_be_looked_at_after_the_block(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Organisation(slug="town", name="Town Council"))

    with reading(engine) as session:
        town = session.exec(select(Organisation)).one()

    assert town.name == "Town Council"


def test_a_look_keeps_nothing(engine: Engine) -> None:
    with reading(engine) as session:
        session.add(Mark(name="look", at=NOW))
        session.flush()

    with reading(engine) as session:
        assert session.get(Mark, "look") is None


def test_rows_that_name_what_is_not_there_are_refused(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.add(Service(organisation_id=99, slug="x", name="X", procedure="housing-ombudsman-code-2024"))


def test_a_reader_does_not_wait_for_a_writer(two: tuple[Engine, Engine]) -> None:
    first, second = two
    with writing(first) as session:
        session.add(Mark(name="slow", at=NOW))
        session.flush()

        with reading(second) as other:
            seen = other.get(Mark, "slow")

    assert seen is None


def test_two_writers_at_once_lose_no_update(two: tuple[Engine, Engine]) -> None:
    with writing(two[0]) as session:
        session.add(Mark(name="sum", value="0", at=NOW))

    def add(engine: Engine) -> None:
        for _ in range(10):
            with writing(engine) as session:
                mark = session.exec(select(Mark).where(Mark.name == "sum").with_for_update()).one()
                mark.value = str(int(mark.value) + 1)
                session.add(mark)

    threads = [Thread(target=add, args=(engine,)) for engine in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with reading(two[0]) as session:
        assert session.get_one(Mark, "sum").value == "20"


@pytest.mark.only_on("sqlite")
def test_sqlite_writes_through_to_the_disk_and_forgets_what_is_deleted(engine: Engine) -> None:
    with engine.connect() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in
                 ("journal_mode", "synchronous", "foreign_keys", "secure_delete")}  # fmt: skip

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_writers_of_one_process_wait_for_each_other_before_sqlite_has_to(database_url: str) -> None:
    engine = connect(database_url)
    said: list[str] = []
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _: driver.set_trace_callback(said.append))
    second = Thread(target=_write_marks, args=(engine, ["second"]))

    with writing(engine) as session:
        session.add(Mark(name="first", at=NOW))
        session.flush()
        second.start()
        second.join(0.2)
    second.join(20)

    with reading(engine) as session:
        assert {each.name for each in session.exec(select(Mark))} >= {"first", "second"}
    assert said.count("BEGIN IMMEDIATE") == (2 if said else 0)  # the second did not ask in vain
    engine.dispose()


def test_a_program_that_writes_on_and_on_keeps_no_other_out(two: tuple[Engine, Engine]) -> None:
    other = Thread(target=_write_marks, args=(two[1], [f"other {number}" for number in range(5)]))
    other.start()

    for number in range(100):
        with writing(two[0]) as session:
            session.add(Mark(name=f"busy {number}", at=NOW))
            session.flush()
            other.join(0.05)
        if not other.is_alive():
            break

    is_kept_out = other.is_alive()
    other.join()
    assert not is_kept_out


@pytest.mark.only_on("sqlite")
def test_who_can_not_write_hears_so_once_the_time_for_a_turn_is_over(
    two: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.turns.TURN_SECONDS", 0.5)
    started = monotonic()

    with writing(two[0]) as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(OperationalError, match="database is locked"):
            _write_marks(two[1], ["late"])

    assert monotonic() - started < 5


@pytest.mark.only_on("sqlite")
def test_a_reader_waits_for_what_is_locked_though_its_connection_has_written(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Mark(name="first", at=NOW))

    with reading(engine) as session:
        assert session.execute(text("PRAGMA busy_timeout")).scalar_one() == BUSY_SECONDS * 1000


@pytest.mark.only_on("sqlite")
def test_what_no_waiting_can_help_is_told_at_once(engine: Engine) -> None:
    began = monotonic()
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")

        with pytest.raises(OperationalError, match="within a transaction"):
            connection.execute(text("SELECT 1"))

    assert monotonic() - began < 10


def _write_marks(engine: Engine, names: Sequence[str]) -> None:
    for name in names:
        with writing(engine) as session:
            session.add(Mark(name=name, at=NOW))
