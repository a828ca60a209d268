"""Who is signed in: rows that can be ended, found by the hash of a cookie."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from desk.sight import Sight, sight_of
from storage.database import reading, writing
from storage.tables import Staff, StaffSession
from workflow.tokens import digest

COOKIE = "redress_desk"
LONGEST = timedelta(hours=12)
IDLE = timedelta(minutes=60)
NOTED_EVERY = timedelta(minutes=1)


def who(engine: Engine, token: str, now: datetime) -> Sight | None:
    """Who holds this session; None when it is unknown, ended, too old, idle, or the account is disabled."""
    if not token:
        return None
    with reading(engine) as session:
        query = select(StaffSession, Staff).join(Staff, col(StaffSession.staff_id) == Staff.id)
        found = session.exec(query.where(StaffSession.token_hash == digest(token))).first()
        if found is None or not _is_alive(*found, now):
            return None
        me, seen_at = sight_of(session, found[1]), found[0].seen_at
    if now - seen_at >= NOTED_EVERY:
        _note_seen(engine, token, now)
    return me


def begin(session: Session, staff_id: int, now: datetime) -> str:
    """Start a session; gives the secret for its cookie, of which only the hash is kept."""
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(token_hash=digest(token), staff_id=staff_id, started_at=now, seen_at=now))
    return token


def end(session: Session, token: str, now: datetime) -> None:
    """End a session; nothing happens for one that is unknown or over."""
    mine = (col(StaffSession.token_hash) == digest(token), col(StaffSession.ended_at).is_(None))
    session.execute(update(StaffSession).where(*mine).values(ended_at=now))


def _is_alive(row: StaffSession, staff: Staff, now: datetime) -> bool:
    is_over = row.ended_at is not None or staff.disabled_at is not None
    return not is_over and now - row.started_at < LONGEST and now - row.seen_at < IDLE


def _note_seen(engine: Engine, token: str, now: datetime) -> None:
    with writing(engine) as session:
        session.execute(update(StaffSession).where(col(StaffSession.token_hash) == digest(token)).values(seen_at=now))
