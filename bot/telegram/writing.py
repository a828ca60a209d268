"""Writing one message of ours to its chat: text in parts that Telegram takes, buttons below the last, a document."""

import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial

from aiogram import Bot
from aiogram.methods import SendDocument, SendMessage
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.outgoing import outgoing
from bot.said import Button
from bot.telegram.pace import Pace
from bot.telegram.unwritten import Unwritten
from storage.tables import Message

LONGEST = 4096  # UTF-16 code units, to be on the safe side: Telegram counts characters
LONGEST_CAPTION = 1024
SECONDS = 20
LEFT = "parts_left"  # in a message's extra
# A preview would have Telegram's own computers open the person's private link.
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def write(
    bot: Bot, pace: Pace, unwritten: Unwritten, message: Message, part_left: Callable[[int], Awaitable[None]]
) -> None:
    """Begins after the parts that left at an earlier try. Raises what aiogram raises when Telegram takes no more.

    `part_left` is told how many have left so far, after each but the last.
    """
    calls = list(_calls(message))
    for number, call in enumerate(calls[parts_left(message) :], start=parts_left(message) + 1):
        await pace.turn(message.address, partial(unwritten.room, message.id))
        began = time.monotonic()
        await bot(call, request_timeout=SECONDS)
        unwritten.answered(time.monotonic() - began)
        if number < len(calls):
            await part_left(number)


def parts_left(message: Message) -> int:
    """How many of its parts Telegram has taken."""
    return int((message.extra or {}).get(LEFT, 0))


def _calls(message: Message) -> Iterator[SendMessage | SendDocument]:
    """Short words stand under the document that they are about; long ones come before it."""
    what = outgoing(message)
    is_caption = what.document is not None and _length(what.text) <= LONGEST_CAPTION
    if not is_caption:
        yield from _texts(message.address, what.text, None if what.document else _keyboard(what.rows))
    if what.document is not None:
        yield SendDocument(
            chat_id=message.address,
            document=BufferedInputFile(what.document.content, what.document.name),
            caption=what.text if is_caption else None,
            reply_markup=_keyboard(what.rows),
        )


def _texts(chat: str, text: str, keyboard: InlineKeyboardMarkup | None) -> Iterator[SendMessage]:
    parts = list(parts_of(text))
    for number, part in enumerate(parts, start=1):
        buttons = keyboard if number == len(parts) else None
        yield SendMessage(chat_id=chat, text=part, reply_markup=buttons, link_preview_options=NO_PREVIEW)


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


def _keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    keys = [[InlineKeyboardButton(text=one.text, callback_data=one.value) for one in row] for row in rows]
    return InlineKeyboardMarkup(inline_keyboard=keys) if keys else None
