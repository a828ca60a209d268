"""Updates from messengers: kept once before the messenger is told so, and handed out in the order of each chat."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import exists, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.arrival import Arrival, Stored
from storage.journal_batch import write_in
from storage.tables import ChatUpdate

TRIES = 5
ERASED = b""
RETRY_AFTER = timedelta(seconds=10)  # then twice that, three times…


def keep(
    session: Session, bot: str, update_id: int, raw: bytes, now: datetime, *, chat: str = "", kind: str = "unknown"
) -> bool:
    """Store an update as it came; false when this very update had been stored before, however it was written then.

    The same number saying something else is another update: after a quiet week, or at another Bot API server, Telegram
    counts from anywhere. It is stored under a number below zero made of what it says, so that it too is stored once.
    """
    row = {"bot": bot, "update_id": update_id, "raw": raw, "received_at": now, "chat": chat, "kind": kind, "tries": 0}
    if _insert(session, row):
        return True
    query = select(ChatUpdate.raw).where(ChatUpdate.bot == bot, ChatUpdate.update_id == update_id)
    before, says = session.exec(query).one(), _says(raw)
    if before == ERASED or _says(before) == says:
        return False
    return _insert(session, {**row, "update_id": -int(sha256(b"%d %b" % (update_id, says)).hexdigest()[:15], 16)})


def _says(raw: bytes) -> bytes:
    """What an update says, however it is written: asked for, and posted to us, the same one is spaced otherwise."""
    try:
        return json.dumps(json.loads(raw), sort_keys=True).encode()
    except (ValueError, RecursionError):
        return raw  # no JSON: its bytes are all we have


def _insert(session: Session, row: Mapping[str, Any]) -> bool:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(ChatUpdate).values(row).on_conflict_do_nothing().returning(col(ChatUpdate.id))
    return session.execute(statement).first() is not None


def next_waiting(
    session: Session, now: datetime, *, bot: str | None = None, besides: Collection[str] = ()
) -> ChatUpdate | None:
    """The update that has waited longest and whose turn it is in its chat, locked; None when none is to be handled.

    `besides`: chats that are in hand already.
    """
    earlier = aliased(ChatUpdate)
    first_in_chat = ~exists().where(
        col(earlier.bot) == ChatUpdate.bot,
        col(earlier.chat) == ChatUpdate.chat,
        col(earlier.id) < col(ChatUpdate.id),
        col(earlier.handled_at).is_(None),
        col(earlier.given_up_at).is_(None),
    )
    query = (
        select(ChatUpdate)
        .where(col(ChatUpdate.handled_at).is_(None), col(ChatUpdate.given_up_at).is_(None))
        .where(or_(col(ChatUpdate.try_after).is_(None), col(ChatUpdate.try_after) <= now))
        .where(or_(col(ChatUpdate.chat) == "", first_in_chat), col(ChatUpdate.chat).not_in(besides))
        .order_by(col(ChatUpdate.id))
        .limit(1)
        .with_for_update(skip_locked=True, of=ChatUpdate)
    )
    return session.exec(query.where(ChatUpdate.bot == bot) if bot else query).first()


def still_waiting(session: Session, ids: Collection[int]) -> list[ChatUpdate]:
    """Those of these updates that nobody has dealt with yet, locked, in their order."""
    query = select(ChatUpdate).where(col(ChatUpdate.id).in_(ids))
    query = query.where(col(ChatUpdate.handled_at).is_(None), col(ChatUpdate.given_up_at).is_(None))
    return list(session.exec(query.order_by(col(ChatUpdate.id)).with_for_update()))


def handled(update: ChatUpdate, now: datetime, *, kind: str = "") -> None:
    """It was answered, or politely declined."""
    update.handled_at, update.error, update.try_after = now, None, None
    update.kind = kind or update.kind


def failed(update: ChatUpdate, now: datetime, error: Exception) -> None:
    """It could not be handled: tried again in a while, and after some tries put where people see it."""
    update.tries += 1
    update.error = type(error).__name__  # never its text: it may hold what the person wrote
    update.try_after = now + RETRY_AFTER * update.tries
    if update.tries >= TRIES:
        update.given_up_at = now


def try_again(update: ChatUpdate) -> None:
    """A person had it put back: as if it had just come, but in the order in which it came."""
    update.given_up_at, update.try_after, update.tries = None, None, 0


def erase(session: Session, channel: str, chat: str) -> None:
    """Forget what came in this chat and was dealt with: only that it came, and when, is kept.

    What became part of a case stands in its contacts.
    """
    of_channel = or_(col(ChatUpdate.bot) == channel, col(ChatUpdate.bot).startswith(f"{channel}:"))
    dealt_with = (col(ChatUpdate.chat) == chat, col(ChatUpdate.handled_at).is_not(None), of_channel)
    session.execute(update(ChatUpdate).where(*dealt_with).values(raw=ERASED))


def keep_arrival(session: Session, arrival: Arrival) -> Stored:
    """Store what a conversation came to, in the transaction that the conversation moves in: both or neither."""
    session.flush()
    return write_in(session.connection(), [arrival])[0]
