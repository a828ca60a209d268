"""Updates made durable: each as one row, in the order of their numbers, before Telegram hears that we have them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine

from storage import chat
from storage.database import writing

Update = Mapping[str, Any]

KINDS = {
    "message": "message",
    "edited_message": "edit",
    "callback_query": "tap",
    "my_chat_member": "membership",
    "channel_post": "channel",
    "edited_channel_post": "channel",
}


class NoUpdate(ValueError):
    """Something without an update's number, which can't be told apart from others or confirmed."""


class Known(NamedTuple):
    """What can be told of an update without reading it whole."""

    number: int
    kind: str
    chat: str


def keep(engine: Engine, bot: str, updates: Iterable[Update], now: datetime) -> int:
    """Store what one answer brought, in one commit; how many we did not have yet.

    Raises NoUpdate, or what the database raises.
    """
    return _keep(engine, bot, [(look(update), _raw(update)) for update in updates], now)


def keep_raw(engine: Engine, bot: str, raw: bytes, now: datetime) -> bool:
    """Store one update, byte for byte as Telegram posted it; false when we had it.

    Raises ValueError or RecursionError where it is no update, or what the database raises.
    """
    return _keep(engine, bot, [(look(json.loads(raw)), raw)], now) == 1


def _keep(engine: Engine, bot: str, known: Sequence[tuple[Known, bytes]], now: datetime) -> int:
    with writing(engine) as session:
        return sum(
            chat.keep(session, bot, one.number, raw, now, chat=one.chat, kind=one.kind)
            for one, raw in sorted(known, key=lambda one: one[0].number)
        )


def look(update: object) -> Known:
    """Number, kind and chat, of whatever type it is: types that come with later versions are unknown, not errors."""
    number = update.get("update_id") if isinstance(update, Mapping) else None
    if not isinstance(update, Mapping) or not isinstance(number, int) or not 0 <= number < 1 << 63:
        raise NoUpdate("no update_id")
    for name, kind in KINDS.items():
        if isinstance(part := update.get(name), Mapping):
            return Known(number, kind, _chat(part.get("message") if kind == "tap" else part))
    return Known(number, "unknown", "")


def _chat(message: object) -> str:
    chat_of = message.get("chat") if isinstance(message, Mapping) else None
    number = chat_of.get("id") if isinstance(chat_of, Mapping) else None
    return str(number) if isinstance(number, int) else ""


def _raw(update: Update) -> bytes:
    return json.dumps(update, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
