"""Writing arrivals in one transaction; when that fails, finding out which of them is at fault."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Engine, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Mapped
from sqlmodel import SQLModel, col

from storage.arrival import Arrival, NotStored, Stored
from storage.journal_rows import Rows
from storage.tables import Contact

TRIES = 3
PASSING = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock
NO_ROOM = {"53100", "SQLITE_FULL"}  # PostgreSQL, SQLite
KEY, ID = col(Contact.key), cast("Mapped[int]", col(Contact.id))


def outcomes(engine: Engine, arrivals: Sequence[Arrival]) -> list[Stored | NotStored]:
    """What became of each arrival, in order. What could not be written together is written one by one."""
    try:
        return list(_write_patiently(engine, arrivals))
    except OperationalError as error:  # the database is at fault, not an arrival
        return [_not_stored(error)] * len(arrivals)
    except Exception as error:  # noqa: BLE001 (whatever one arrival provokes, the others are to be stored)
        if len(arrivals) == 1:
            return [_not_stored(error)]
    return [outcome for arrival in arrivals for outcome in outcomes(engine, [arrival])]


def _write_patiently(engine: Engine, arrivals: Sequence[Arrival]) -> list[Stored]:
    """Try again what may pass. An arrival that a lost connection had committed after all is found by its key."""
    for _ in range(TRIES - 1):
        try:
            return _write(engine, arrivals)
        except DBAPIError as error:
            if not (error.connection_invalidated or _code(error) in PASSING):
                raise
    return _write(engine, arrivals)


def _write(engine: Engine, arrivals: Sequence[Arrival]) -> list[Stored]:
    with engine.begin() as connection:
        return write_in(connection, arrivals)


def write_in(connection: Connection, arrivals: Sequence[Arrival]) -> list[Stored]:
    """Write them in a transaction that is somebody else's: durable when that is."""
    _insert_blobs(connection, arrivals)
    new = _insert_contacts(connection, arrivals)
    old = _find(connection, {arrival.key for arrival in arrivals} - new.keys())
    ids = new | old
    return [Stored(ids[arrival.key], arrival.key, new.pop(arrival.key, None) is not None) for arrival in arrivals]


def _insert_blobs(connection: Connection, arrivals: Iterable[Arrival]) -> None:
    blobs: dict[str, bytes] = {}
    for arrival in arrivals:
        blobs |= arrival.blobs
    # In one order everywhere, so that two processes with the same blobs don't wait for each other for ever.
    rows = [(sha256, len(content), content) for sha256, content in sorted(blobs.items())]
    _blobs(connection.dialect).insert(connection, rows)


def _insert_contacts(connection: Connection, arrivals: Iterable[Arrival]) -> dict[str, int]:
    """The ids of those that were not there yet, by key."""
    rows: dict[str, tuple[Any, ...]] = {}
    for arrival in arrivals:
        rows.setdefault(arrival.key, _row(arrival))
    return dict(_contacts(connection.dialect).insert(connection, list(rows.values())).all())  # type: ignore[arg-type]  # pairs


def _find(connection: Connection, keys: set[str]) -> dict[str, int]:
    if not keys:
        return {}
    return dict(connection.execute(select(KEY, ID).where(KEY.in_(keys))).all())


def _row(arrival: Arrival) -> tuple[Any, ...]:
    return (
        arrival.key,
        arrival.channel,
        arrival.recipient,
        dict(arrival.envelope),
        arrival.raw_sha256,
        arrival.received_at,
    )


@lru_cache(maxsize=4)
def _blobs(dialect: Dialect) -> Rows:
    return Rows(SQLModel.metadata.tables["blob"], ("sha256", "size", "content"), dialect)


@lru_cache(maxsize=4)
def _contacts(dialect: Dialect) -> Rows:
    given = ("key", "channel", "recipient", "envelope", "raw_sha256", "received_at")
    return Rows(SQLModel.metadata.tables["contact"], given, dialect, returning="key, id")


def _not_stored(error: Exception) -> NotStored:
    code = _code(error)
    # Only the kind of error goes on: its text may hold the bytes of the mail.
    why = f"{type(error).__name__} {code}".strip()
    return NotStored(why, disk_full=code in NO_ROOM, broken=code.startswith("SQLITE_IOERR"))


def _code(error: Exception) -> str:
    """SQLite's name of the error, or PostgreSQL's SQLSTATE; empty when there is none."""
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
