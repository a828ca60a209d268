"""What the database holds of what arrived."""

from collections.abc import Sequence

from sqlalchemy import Engine
from sqlmodel import col, select

from storage.database import reading
from storage.tables import Blob, Contact


def contacts(engine: Engine) -> Sequence[Contact]:
    """Every contact, oldest first."""
    with reading(engine) as session:
        found = session.exec(select(Contact).order_by(col(Contact.id))).all()
        session.expunge_all()
    return found


def mails(engine: Engine) -> list[bytes]:
    """The raw bytes of every contact, oldest first."""
    with reading(engine) as session:
        rows = session.exec(select(Blob.content).join(Contact).order_by(col(Contact.id))).all()
    return [bytes(row) for row in rows]
