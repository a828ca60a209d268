"""Updates from messengers: kept once before the messenger is told so, and handed out in the order of each chat."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.arrival import Arrival, Stored
from storage.journal_batch import write_in
from storage.tables import ChatUpdate

TRIES = 5
ERASED = b""
MAY_COME_AGAIN = timedelta(days=2)  # a messenger gives us again what it is not sure that we have; Telegram for a day
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
    query = select(ChatUpdate).where(ChatUpdate.bot == bot, ChatUpdate.update_id == update_id)
    before, says = session.exec(query).one(), _says(raw)
    is_same = now - before.received_at < MAY_COME_AGAIN if before.raw == ERASED else _says(before.raw) == says
    if is_same:
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
    return next(iter(waiting(session, now, 1, bot=bot, besides=besides)), None)


def waiting(
    session: Session, now: datetime, most: int, *, bot: str | None = None, besides: Collection[str] = ()
) -> list[ChatUpdate]:
    """The same for several, each of another chat."""
    facts = {"now": now, "bot": bot, "besides": list(besides), "most": most}
    return list(session.exec(_waiting(bot is not None), params=facts))


@cache  # working a query out costs several times what asking it does
def _waiting(of_one_bot: bool) -> SelectOfScalar[ChatUpdate]:
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
        .where(or_(col(ChatUpdate.try_after).is_(None), col(ChatUpdate.try_after) <= bindparam("now")))
        .where(or_(col(ChatUpdate.chat) == "", first_in_chat))
        .where(col(ChatUpdate.chat).not_in(bindparam("besides", expanding=True)))
        .order_by(col(ChatUpdate.id))
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=ChatUpdate)
    )
    return query.where(ChatUpdate.bot == bindparam("bot")) if of_one_bot else query


def still_waiting(session: Session, ids: Collection[int]) -> list[ChatUpdate]:
    """Those of these updates that nobody has dealt with yet, locked, in their order."""
    query = select(ChatUpdate).where(col(ChatUpdate.id).in_(ids))
    query = query.where(col(ChatUpdate.handled_at).is_(None), col(ChatUpdate.given_up_at).is_(None))
    return list(session.exec(query.order_by(col(ChatUpdate.id)).with_for_update()))


class Unhandled(NamedTuple):
    """How many updates of a channel are to be handled, and how many are put aside for a person."""

    waiting: int
    quarantined: int


def unhandled(session: Session, channel: str) -> Unhandled:
    """The same for a channel, all its bots together."""
    of_channel = or_(col(ChatUpdate.bot) == channel, col(ChatUpdate.bot).startswith(f"{channel}:"))
    query = select(func.count()).select_from(ChatUpdate).where(col(ChatUpdate.handled_at).is_(None), of_channel)
    waiting = session.exec(query.where(col(ChatUpdate.given_up_at).is_(None))).one()
    return Unhandled(waiting, session.exec(query.where(col(ChatUpdate.given_up_at).is_not(None))).one())


def handled(update: ChatUpdate, now: datetime, *, kind: str = "", is_forgotten: bool = False) -> None:
    """It was answered, or politely declined. `is_forgotten`: only that it came, and when, is kept of it."""
    update.handled_at, update.error, update.try_after = now, None, None
    update.kind = kind or update.kind
    if is_forgotten:
        forget(update, now)


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


def erase(session: Session, channel: str, chat: str, now: datetime) -> None:
    """Forget what came in this chat and was dealt with: only that it came, and when, is kept.

    What became part of a case stands in its contacts.
    """
    of_channel = or_(col(ChatUpdate.bot) == channel, col(ChatUpdate.bot).startswith(f"{channel}:"))
    dealt_with = (col(ChatUpdate.chat) == chat, col(ChatUpdate.handled_at).is_not(None), of_channel)
    session.execute(update(ChatUpdate).where(*dealt_with).values(raw=ERASED, erased_at=now))


def forget(update: ChatUpdate, now: datetime) -> None:
    """The same for one update."""
    update.raw, update.erased_at = ERASED, now


def keep_arrival(session: Session, arrival: Arrival) -> Stored:
    """Store what a conversation came to, in the transaction that the conversation moves in: both or neither."""
    session.flush()
    return write_in(session.connection(), [arrival])[0]
