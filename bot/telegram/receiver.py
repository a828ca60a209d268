"""Receiving by asking: a long poll whose updates are durable with us before they are confirmed."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.telegram import updates
from bot.telegram.asking import Asking, NoAnswer
from bot.telegram.contact import ANOTHER, Contact
from bot.telegram.door import TelegramDoor

log = logging.getLogger("redress.telegram")

POLL_SECONDS = 30
MOST = 100  # updates in one answer: Telegram's own limit
WAITS = (1, 2, 5, 10, 30)  # seconds after each failure in a row
CONFLICT = 409


class Receiver:
    """Asks for updates until it is cancelled."""

    def __init__(self, door: TelegramDoor, asking: Asking, contact: Contact, is_new: Callable[[], None]) -> None:
        """`is_new` is called when something new has been stored."""
        self._door, self._asking, self._contact, self._is_new = door, asking, contact, is_new
        self._waits = WAITS
        self._failures = 0

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                await self.poll_and_keep()
                self._failures = 0
            except NoAnswer as no:
                await asyncio.to_thread(self._tell, no)
                await self._wait(no.retry_after)
            except SQLAlchemyError as error:
                log.warning("updates could not be stored; they stay with Telegram: %s", type(error).__name__)
                await self._wait(0)

    async def poll_and_keep(self) -> None:
        """Wait for what is new and store it; only then confirm it. Raises NoAnswer and SQLAlchemyError.

        Nothing is confirmed but what was just stored, and the number is then forgotten: after a quiet week Telegram
        goes on at any other, and whoever waited with the old one would confirm what they never saw.
        """
        batch = await self._poll(POLL_SECONDS)
        while batch:
            numbers = await self._keep(batch)
            if not numbers:
                return  # none of it has a number: nothing could be confirmed
            batch = await self._poll(0, offset=max(numbers) + 1)

    async def _poll(self, seconds: int, **offset: int) -> Sequence[Any]:
        asked = {"timeout": seconds, "limit": MOST, "allowed_updates": [], **offset}
        result = await self._asking.ask("getUpdates", seconds + 10, **asked)
        await asyncio.to_thread(self._contact.well)
        return result if isinstance(result, list) else []

    async def _keep(self, batch: Sequence[Any]) -> list[int]:
        """Store them, even when we are told to stop meanwhile; their numbers."""
        good = [update for update in batch if _has_number(update)]
        if len(good) < len(batch):
            log.error("%s updates have no number and can't be kept", len(batch) - len(good))
        storing = asyncio.to_thread(updates.keep, self._door.engine, self._door.bot, good, self._door.clock())
        if await asyncio.shield(storing):
            self._is_new()
        return [int(update["update_id"]) for update in good]

    def _tell(self, no: NoAnswer) -> None:
        if no.code == CONFLICT:
            self._contact.taken()
            log.error(ANOTHER)
        else:
            self._contact.trouble(no.why)

    async def _wait(self, at_least: float) -> None:
        seconds = self._waits[min(self._failures, len(self._waits) - 1)]
        self._failures += 1
        await asyncio.sleep(max(at_least, seconds))


def _has_number(update: object) -> bool:
    try:
        updates.look(update)
    except updates.NoUpdate:
        return False
    return True
