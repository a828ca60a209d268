"""Albums: photos sent as one, which Telegram gives us one by one."""

import asyncio
import json
from collections.abc import Sequence

from sqlmodel import col, select

from bot.telegram.door import TelegramDoor
from storage.database import reading
from storage.tables import ChatUpdate

MOST = 10  # in one album, by Telegram's rule
QUIET_SECONDS = 1.0  # without a further photo: it is whole


async def whole(door: TelegramDoor, first: int, chat: str, album: str) -> Sequence[ChatUpdate]:
    """The updates of the album that begins with this one, once none has come for a while."""
    parts: Sequence[ChatUpdate] = ()
    while True:
        before, parts = parts, await asyncio.to_thread(_parts, door, first, chat, album)
        if len(parts) in (MOST, len(before)):
            return parts
        await asyncio.sleep(QUIET_SECONDS)


def _parts(door: TelegramDoor, first: int, chat: str, album: str) -> Sequence[ChatUpdate]:
    query = (
        select(ChatUpdate)
        .where(ChatUpdate.bot == door.bot, ChatUpdate.chat == chat, col(ChatUpdate.id) >= first)
        .where(col(ChatUpdate.handled_at).is_(None), col(ChatUpdate.given_up_at).is_(None))
        .order_by(col(ChatUpdate.id))
    )
    with reading(door.engine) as session:
        return [one for one in session.exec(query) if one.id == first or _album(one) == album]


def _album(update: ChatUpdate) -> str:
    message = json.loads(update.raw).get("message")
    return str(message.get("media_group_id", "")) if isinstance(message, dict) else ""
