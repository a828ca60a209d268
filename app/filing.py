"""Filing what came in: each contact read and filed in an act of its own; one that keeps failing goes to quarantine."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.house import House
from app.wiring import readers
from storage.database import reading, writing
from storage.tables import Blob, Case, Contact
from workflow import intake
from workflow.contact import Reading

TRIES = 3
RETRY_AFTER = timedelta(minutes=1)
AT_ONCE = 50  # contacts in one commit

log = structlog.get_logger()


def file_waiting(house: House, *, most: int = AT_ONCE) -> int:
    """File the contacts that wait, oldest first, in one commit; how many were taken up."""
    with reading(house.engine) as session:
        waiting = _waiting(house, session, most)
        read = [(contact.id, _read(house, session, contact)) for contact in waiting]
    if not read:
        return 0
    with writing(house.engine) as session:
        for contact_id, result in read:
            _file(house, session, contact_id, result)
    return len(read)


def file_now(house: House, contact_id: int) -> str | None:
    """File one contact at once; its case's reference, or None when that must wait."""
    with reading(house.engine) as session:
        contact = session.get_one(Contact, contact_id)
        result = _read(house, session, contact) if contact.processed_at is None else None
    with writing(house.engine) as session:
        if result is not None:
            _file(house, session, contact_id, result)
        contact = session.get_one(Contact, contact_id)
        case = session.get(Case, contact.case_id) if contact.case_id else None
        return case.reference if case else None


def _waiting(house: House, session: Session, most: int) -> Sequence[Contact]:
    now = house.clock()
    query = select(Contact).where(
        col(Contact.processed_at).is_(None), or_(col(Contact.try_after).is_(None), col(Contact.try_after) <= now)
    )
    return session.exec(query.order_by(col(Contact.id)).limit(most)).all()


def _read(house: House, session: Session, contact: Contact) -> Reading | Exception:
    try:
        raw = session.exec(select(Blob.content).where(Blob.sha256 == contact.raw_sha256)).one()
        return readers(house)[contact.channel](raw, contact)
    except Exception as error:  # noqa: BLE001 - whatever it is: try again later, then show it to a person
        return error


def _file(house: House, session: Session, contact_id: int | None, result: Reading | Exception) -> None:
    contact = session.exec(select(Contact).where(Contact.id == contact_id).with_for_update()).one()
    if contact.processed_at is not None:
        return  # another worker was first
    if isinstance(result, Exception):
        _failed(house, contact, result)
        return
    try:
        with session.begin_nested():
            intake.file(house.act(session), contact, result)
    except Exception as error:  # noqa: BLE001 - one bad contact must not stop the rest
        session.refresh(contact)
        _failed(house, contact, error)
    session.add(contact)


def _failed(house: House, contact: Contact, error: Exception) -> None:
    now = house.clock()
    contact.tries += 1
    contact.error = type(error).__name__  # never its text: it may hold what the person wrote
    contact.try_after = now + RETRY_AFTER * contact.tries
    if contact.tries >= TRIES:
        contact.standing, contact.processed_at = "quarantined", now
    log.warning("contact could not be filed", contact=contact.id, error=contact.error, tries=contact.tries)
