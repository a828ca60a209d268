"""Rows that are gathered are written with what they belong to, seen by whatever looks next, and undone with it."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, insert
from sqlmodel import Session, SQLModel, select

from storage.database import reading, writing
from storage.gathered import gather
from storage.tables import Address, Organisation

ADDRESSES = insert(SQLModel.metadata.tables["address"])


def mailbox(session: Session, address: str, of: int) -> None:
    gather(session, ADDRESSES, [{"address": address, "organisation_id": of}])


def mailboxes(session: Session) -> Sequence[str]:
    return session.exec(select(Address.address)).all()


def test_they_are_written_after_the_object_that_they_name(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Organisation(id=1, slug="town", name="Town"))
        mailbox(session, "a@town.example", of=1)
        mailbox(session, "b@town.example", of=1)

    with reading(engine) as session:
        assert sorted(mailboxes(session)) == ["a@town.example", "b@town.example"]


def test_whatever_asks_next_sees_them(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Organisation(id=1, slug="town", name="Town"))
        mailbox(session, "a@town.example", of=1)

        assert mailboxes(session) == ["a@town.example"]

        mailbox(session, "b@town.example", of=1)  # nothing else is new now

        assert sorted(mailboxes(session)) == ["a@town.example", "b@town.example"]


def test_they_are_undone_with_the_act_that_gathered_them(engine: Engine) -> None:
    def fails(session: Session) -> None:
        with session.begin_nested():
            session.add(Organisation(id=1, slug="town", name="Town"))
            mailbox(session, "a@town.example", of=1)
            raise RuntimeError

    with writing(engine) as session:
        with pytest.raises(RuntimeError):
            fails(session)
        session.add(Organisation(id=1, slug="other", name="Other"))

    with reading(engine) as session:
        assert mailboxes(session) == []
