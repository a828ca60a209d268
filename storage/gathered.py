"""Rows that nobody needs as objects: gathered, and written with the next flush, in one statement for all of a kind."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Executable, event
from sqlmodel import Session

GATHERED = "gathered"


def gather(session: Session, statement: Executable, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write these rows by this statement, after the objects that they name; every query comes after that, as ever."""
    session.info.setdefault(GATHERED, {}).setdefault(statement, []).extend(rows)
    if not session.new:  # no flush will come for them
        _write(session)


@event.listens_for(Session, "after_flush")
def _write(session: Session, *_: object) -> None:
    for statement, rows in session.info.pop(GATHERED, {}).items():
        if rows:
            session.connection().execute(statement, rows)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, *_: object) -> None:
    session.info.pop(GATHERED, None)
