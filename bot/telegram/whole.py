"""Making whole what came in parts: an album gathered, and files fetched from Telegram."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.said import File
from bot.telegram import albums, reading
from bot.telegram.asking import Asking, NoAnswer
from bot.telegram.door import TelegramDoor
from bot.telegram.enclosed import Enclosed, NotToBeHad, fetch
from bot.telegram.reading import NOT_FETCHED, TOO_LARGE, Heard

log = logging.getLogger("redress.telegram")

TRIES = 4
WAIT = 2.0  # seconds, then twice that, and so on


async def gathered(
    door: TelegramDoor, asking: Asking, first: int, chat: str, heard: Heard
) -> tuple[Sequence[int], Heard]:
    """All that was sent together, with its files; and the updates in which it came."""
    ids: Sequence[int] = [first]
    if heard.album:
        parts = await albums.whole(door, first, chat, heard.album)
        ids = [part.id or 0 for part in parts]
        heard = reading.together([reading.read(part) for part in parts])
    return ids, await _with_files(asking, heard)


async def _with_files(asking: Asking, heard: Heard) -> Heard:
    if heard.said is None:
        return heard
    files: list[File] = []
    trouble = heard.said.trouble
    for wanted in heard.files:
        try:
            files.append(await _fetched(asking, wanted))
        except NotToBeHad:
            trouble = TOO_LARGE
        except NoAnswer:
            trouble = NOT_FETCHED
    return Heard(replace(heard.said, files=tuple(files), trouble=trouble))


async def _fetched(asking: Asking, wanted: Enclosed) -> File:
    """Raises NotToBeHad, and after some tries NoAnswer: the words that it came with must not wait longer."""
    for attempt in range(1, TRIES):
        try:
            return await fetch(asking, wanted)
        except NoAnswer as no:
            log.warning("a file could not be fetched: %s", no.why)
            await asyncio.sleep(max(no.retry_after, WAIT * attempt))
    return await fetch(asking, wanted)
