"""Many rows in one statement, in plain SQL: SQLAlchemy's own way costs the journal more than the disk does."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Column, Connection, CursorResult, Dialect, Table

MARKS = {"qmark": "?", "pyformat": "%s"}  # SQLite's driver, psycopg


class Rows:
    """INSERT INTO a table, passing over rows that are there already; columns not given take their defaults."""

    def __init__(self, table: Table, given: Sequence[str], dialect: Dialect, returning: str = "") -> None:
        columns = [table.columns[name] for name in given]
        rest = [each for each in table.columns if each.name not in given and each.default is not None]
        names = [each.name for each in columns + rest]
        self._head = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES "  # noqa: S608 (names of our own)
        self._row = f"({', '.join([MARKS[dialect.paramstyle]] * len(names))})"
        self._tail = " ON CONFLICT DO NOTHING" + (f" RETURNING {returning}" if returning else "")
        self._bind = [_binder(each, dialect) for each in columns]
        self._defaults = [_binder(each, dialect)(_default(each)) for each in rest]

    def insert(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> CursorResult[Any]:
        """Insert them all, with one statement; values stand in the order of the columns given."""
        values: list[Any] = []
        for row in rows:
            values += [bind(value) for bind, value in zip(self._bind, row, strict=True)]
            values += self._defaults
        return connection.exec_driver_sql(self._head + ", ".join([self._row] * len(rows)) + self._tail, tuple(values))


def _default(column: Column[Any]) -> Any:
    """What the column holds when nobody says anything."""
    default: Any = column.default
    return default.arg if default.is_scalar else default.arg(None)


def _binder(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """How a value of ours is handed to the driver."""
    kind: Any = column.type
    return kind.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
