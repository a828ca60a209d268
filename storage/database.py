"""Opening the database, and the two ways to use it: reading, and writing that can't lose an update."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlmodel import Session

from storage.turns import TurnTaking

BUSY_SECONDS = 20
CONNECT_SECONDS = 10


def connect(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://…`; psycopg is the driver. Opens nothing yet.

    An error names no values: they may be people's words.
    """
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
        limits = {"connect_timeout": CONNECT_SECONDS}
        return create_engine(
            address, pool_size=pool_size, max_overflow=10, pool_pre_ping=True, connect_args=limits, hide_parameters=True
        )
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    waits = {"timeout": BUSY_SECONDS, "factory": partial(TurnTaking, turn=threading.Lock())}
    engine = create_engine(address, pool_size=pool_size, connect_args=waits, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: Python's own begins are deferred
    cursor = connection.cursor()
    # In memory what is only for now: else people's words go to temporary files, one for each batch of arrivals.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads, then writes, loses updates or fails at once with "locked".
    driver: Any = connection.connection.driver_connection
    if connection.get_execution_options().get("redress_reading"):
        driver.wait_for_others(True)
        connection.exec_driver_sql("BEGIN")
        return
    try:
        if not driver.take_turn():
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # a last time, so that SQLite says what is wrong
    except BaseException:
        driver.give_back()
        raise


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session in a transaction of its own: committed at the end, rolled back whole on an error."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one moment and never waits for writers; nothing it changes is kept."""
    with Session(engine.execution_options(redress_reading=True), expire_on_commit=False) as session:
        yield session
        session.expunge_all()  # a rollback would empty what was read
        session.rollback()
