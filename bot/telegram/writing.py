"""Writing one message of ours to its chat: text in parts that Telegram takes, buttons below the last, a document."""

import asyncio
from collections.abc import Iterator

from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import SendDocument, SendMessage
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.telegram.pace import Pace
from storage.tables import Message

LONGEST = 4096  # UTF-16 code units, to be on the safe side: Telegram counts characters
SECONDS = 20
# A preview would have Telegram's own computers open the person's private link.
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def write(bot: Bot, pace: Pace, message: Message) -> None:
    """Raises what aiogram raises when Telegram does not take it."""
    for number, call in enumerate(_calls(message)):
        await pace.turn(message.address)
        try:
            await bot(call, request_timeout=SECONDS)
        except TelegramRetryAfter as later:
            if number == 0:
                raise
            # The first part has left and must not go twice: the rest waits here.
            await asyncio.sleep(later.retry_after)
            await bot(call, request_timeout=SECONDS)


def _calls(message: Message) -> Iterator[SendMessage | SendDocument]:
    extra = message.extra or {}
    parts = list(parts_of(message.text))
    for number, part in enumerate(parts, start=1):
        keyboard = _keyboard(extra) if number == len(parts) else None
        yield SendMessage(chat_id=message.address, text=part, reply_markup=keyboard, link_preview_options=NO_PREVIEW)
    if extra.get("document") and message.html:
        document = BufferedInputFile(message.html.encode(), str(extra["document"]))
        yield SendDocument(chat_id=message.address, document=document)


def parts_of(text: str) -> Iterator[str]:
    """The text in pieces that are short enough, parted where a paragraph, line or word ends."""
    while _length(text) > LONGEST:
        piece = _short_enough(text)
        cut = max((piece.rfind(end) for end in ("\n\n", "\n", " ") if end in piece), default=0)
        cut = next((at for end in ("\n\n", "\n", " ") if (at := piece.rfind(end)) > len(piece) // 2), cut)
        yield piece[: cut or len(piece)].rstrip()
        text = text[cut or len(piece) :].lstrip()
    if text.strip():
        yield text


def _short_enough(text: str) -> str:
    piece = text[:LONGEST]
    while _length(piece) > LONGEST:
        piece = piece[: -max(1, (_length(piece) - LONGEST) // 2)]
    return piece


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _keyboard(extra: dict[str, object]) -> InlineKeyboardMarkup | None:
    rows = extra.get("buttons")
    if not isinstance(rows, list) or not rows:
        return None
    keys = [[InlineKeyboardButton(text=one["text"], callback_data=one["value"]) for one in row] for row in rows]
    return InlineKeyboardMarkup(inline_keyboard=keys)
