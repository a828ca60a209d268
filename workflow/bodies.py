"""Organisations, services and addresses: read once in a transaction, however many contacts it files."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import Address, Organisation, Service


def organisation(session: Session, id_: int) -> Organisation:
    """The organisation with this number; NoResultFound if there is none."""
    found: Organisation = _kept(session, ("organisation", id_)) or session.get_one(Organisation, id_)
    session.info["organisation", id_] = found
    return found


def service(session: Session, id_: int) -> Service:
    """The service with this number; NoResultFound if there is none."""
    found: Service = _kept(session, ("service", id_)) or session.get_one(Service, id_)
    session.info["service", id_] = found
    return found


def address(session: Session, mailbox: str) -> Address | None:
    """Our address with this mailbox, in whatever case it is written; None when it is not one of ours."""
    key = ("address", mailbox.lower())
    found: Address | None = (
        _kept(session, key) or session.exec(select(Address).where(Address.address == key[1])).first()
    )
    if found is not None:
        session.info[key] = found
    return found


def addresses(session: Session, organisation_id: int) -> Sequence[Address]:
    """The addresses of an organisation, the oldest first."""
    key = ("addresses", organisation_id)
    found: Sequence[Address] = _kept(session, key) or session.exec(_of_organisation(organisation_id)).all()
    session.info[key] = found
    return found


def _of_organisation(id_: int) -> SelectOfScalar[Address]:
    return select(Address).where(Address.organisation_id == id_).order_by(col(Address.id))


def _kept(session: Session, key: tuple[str, Any]) -> Any:
    return session.info.get(key)
