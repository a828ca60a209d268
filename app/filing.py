"""Filing what came in: each contact read and filed in an act of its own; one that keeps failing goes to quarantine."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import or_
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.house import House
from app.wiring import Read, readers
from storage.database import reading, writing
from storage.tables import Blob, Case, Contact
from workflow import intake
from workflow.contact import Reading

TRIES = 3
RETRY_AFTER = timedelta(minutes=1)
READERS = 2
AT_ONCE = 50  # contacts in one commit

TOO_MANY_AT_ONCE = ("40P01", "40001")  # PostgreSQL: a deadlock, which the other won; a conflict

log = logging.getLogger("redress.filing")


def file_waiting(house: House, *, most: int = AT_ONCE) -> int:
    """File the contacts that wait, oldest first, in one commit; how many were taken up, by this worker."""
    results = dict(_read_all(house, _waiting(house, most)))
    if not results:
        return 0
    try:
        return _file_together(house, results)
    except Exception:  # noqa: BLE001 - none of them is filed: now each by itself, so that a bad one stops no other
        return _file_each(house, results)


def _file_together(house: House, results: Mapping[int | None, Reading | Exception]) -> int:
    readings = {id_: _no_error(result) for id_, result in results.items()}
    with writing(house.engine) as session:
        ours = intake.prepare(house.act(session), readings, _ours(session, results))
        for contact in ours:
            intake.file(house.act(session), contact, readings[contact.id])
        return len(ours)


def _file_each(house: House, results: Mapping[int | None, Reading | Exception]) -> int:
    with writing(house.engine) as session:
        return sum(_file_or_note(house, session, contact, results[contact.id]) for contact in _ours(session, results))


def _ours(session: Session, results: Mapping[int | None, Reading | Exception]) -> Sequence[Contact]:
    """What another worker has in hand is its own: nobody waits for anybody."""
    query = select(Contact).where(col(Contact.id).in_(results), col(Contact.processed_at).is_(None))
    return session.exec(query.order_by(col(Contact.id)).with_for_update(skip_locked=True)).all()


def file_now(house: House, contact_id: int) -> str | None:
    """File one contact at once; its case's reference, or None when that must wait."""
    with reading(house.engine) as session:
        contact = session.get_one(Contact, contact_id)
        raw = session.get_one(Blob, contact.raw_sha256).content
    result = _read(readers(house), contact, raw) if contact.processed_at is None else None
    with writing(house.engine) as session:
        contact = session.exec(select(Contact).where(Contact.id == contact_id).with_for_update()).one()
        if result is not None and contact.processed_at is None:
            _file_or_note(house, session, contact, result)
        case = session.get(Case, contact.case_id) if contact.case_id else None
        return case.reference if case else None


def _waiting(house: House, most: int) -> Sequence[tuple[Contact, bytes]]:
    now = house.clock()
    query = (
        select(Contact, Blob.content)
        .join(Blob, col(Contact.raw_sha256) == Blob.sha256)
        .where(col(Contact.processed_at).is_(None))
        .where(or_(col(Contact.try_after).is_(None), col(Contact.try_after) <= now))
        .order_by(col(Contact.id))
        .limit(most)
    )
    with reading(house.engine) as session:
        return session.exec(query).all()


def _read_all(
    house: House, waiting: Sequence[tuple[Contact, bytes]]
) -> Iterator[tuple[int | None, Reading | Exception]]:
    """Read them side by side: the limited children run on other processors than this one."""
    how = readers(house)
    with ThreadPoolExecutor(max_workers=READERS) as pool:
        reads = pool.map(lambda one: _read(how, *one), waiting)
        yield from ((contact.id, result) for (contact, _raw), result in zip(waiting, reads, strict=True))


def _read(how: Mapping[str, Read], contact: Contact, raw: bytes) -> Reading | Exception:
    try:
        return how[contact.channel](raw, contact)
    except Exception as error:  # noqa: BLE001 - whatever it is: try again later, then show it to a person
        return error


def _file_or_note(house: House, session: Session, contact: Contact, result: Reading | Exception) -> bool:
    """File one contact, or write down that it could not be; false where only another worker was in its way."""
    try:
        with session.begin_nested():
            intake.file(house.act(session), contact, _no_error(result))
    except Exception as error:  # noqa: BLE001 - one bad contact must not stop the rest
        session.refresh(contact)
        if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in TOO_MANY_AT_ONCE:
            return False
        _failed(house, contact, error)
    session.add(contact)
    return True


def _no_error(result: Reading | Exception) -> Reading:
    if isinstance(result, Exception):
        raise result
    return result


def _failed(house: House, contact: Contact, error: Exception) -> None:
    now = house.clock()
    contact.tries += 1
    contact.error = type(error).__name__  # never its text: it may hold what the person wrote
    contact.try_after = now + RETRY_AFTER * contact.tries
    if contact.tries >= TRIES:
        contact.standing, contact.processed_at = "quarantined", now
    log.warning("contact %s could not be filed in %s tries: %s", contact.id, contact.tries, contact.error)
