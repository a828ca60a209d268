"""Numbers of rows taken before the rows are written, so that what names them can be written in the same go."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from storage.tables.office import Mark
from storage.tables.row import Row

ABOVE = "numbers_above"  # a mark, on SQLite: every new number is above this one
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_ABOVE = select(Mark.value).where(col(Mark.name) == ABOVE)
_SET = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :above)")
_TAKE = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :most)")


def take(session: Session, table: type[Row]) -> int:
    """The number of a row that this transaction is about to add; every new row of its table takes it here.

    One that is not used is left out for ever.
    """
    kept: _Kept = session.info.setdefault(("numbers", table), _Kept())
    if session.get_bind().dialect.name == "sqlite":
        return kept.counted(session, table)
    return kept.of_sequence(session, table)


def leave_out(session: Session, tables: tuple[type[Row], ...], now: datetime) -> None:
    """After a restore: give none of the numbers again that were given since the backup, nor after an earlier restore.

    Secret links are made of them, and were sent. As nobody knows which they were, numbers go on from the seconds since
    2020: there was never more than one a second.
    """
    highest = [session.exec(select(func.coalesce(func.max(table.id), 0))).one() for table in tables]  # type: ignore[attr-defined]  # each table's own
    above = max(*highest, int((now - BEGAN).total_seconds()))
    if session.get_bind().dialect.name == "sqlite":
        session.merge(Mark(name=ABOVE, value=str(above), at=now))
        return
    for table in tables:
        session.connection().execute(_SET, {"table": table.__tablename__, "above": above})


class _Kept:
    """What one transaction has taken of one table's numbers."""

    def __init__(self) -> None:
        self.transaction: object = None
        self.last = 0
        self.stock: list[int] = []
        self.wanted = 1

    def counted(self, session: Session, table: Any) -> int:
        """SQLite has one writer at a time, and that is this transaction: nobody else can take the next number."""
        connection = session.connection()  # begins a transaction where there is none
        if self.transaction is not session.get_transaction():
            self.transaction = session.get_transaction()
            highest = connection.execute(select(func.coalesce(func.max(table.id), 0))).scalar_one()
            self.last = max(highest, int(connection.execute(_ABOVE).scalar() or 0))
        self.last += 1
        return self.last

    def of_sequence(self, session: Session, table: type[Row]) -> int:
        """One at first, then ever more at once: who files a whole batch asks a few times only."""
        if not self.stock:
            asked = {"table": table.__tablename__, "most": self.wanted}
            self.stock = list(session.connection().execute(_TAKE, asked).scalars())[::-1]
            self.wanted *= 2
        return self.stock.pop()
