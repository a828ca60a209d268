"""What the channel does as long as it lives: receiving at once, answering and sending once aiogram is loaded."""

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.telegram.asking import Asking, NoAnswer
from bot.telegram.contact import Contact
from bot.telegram.door import TelegramDoor
from bot.telegram.going_on import go_on
from bot.telegram.menus import set_menus
from bot.telegram.receiver import Receiver
from bot.telegram.watching import point_nowhere, watch

if TYPE_CHECKING:
    from bot.telegram.answering import Answering

log = logging.getLogger("redress.telegram")

MENU_TRIES = 5
MENU_WAIT = 30.0  # seconds, then twice that, and so on


class Living:
    """Everything of one bot, in one event loop."""

    def __init__(self, door: TelegramDoor) -> None:
        self._door = door
        self._answering: Answering | None = None

    def look(self) -> None:
        """Something new has been stored. What is stored before aiogram is loaded is found then."""
        if self._answering is not None:
            self._answering.look()

    async def run(self) -> None:
        """Until it is cancelled."""
        asking, report = Asking(self._door.api, self._door.token), self._door.report
        try:
            async with asyncio.TaskGroup() as all_of_it:
                all_of_it.create_task(go_on("receiving", lambda: self._receive(asking), report))
                all_of_it.create_task(go_on("answering", lambda: self._answer(asking), report))
                all_of_it.create_task(go_on("the menu", lambda: _set_menus(asking), report))
        finally:
            await asking.close()

    async def _receive(self, asking: Asking) -> None:
        contact = await asyncio.to_thread(Contact, self._door)
        if self._door.webhook:
            await watch(self._door, asking, contact)
        with suppress(NoAnswer):  # the polls will say so, too
            await point_nowhere(self._door, asking)
        await Receiver(self._door, asking, contact, self.look).run()

    async def _answer(self, asking: Asking) -> None:
        self._answering = await asyncio.to_thread(_answering, self._door, asking)
        await self._answering.run()


def _answering(door: TelegramDoor, asking: Asking) -> "Answering":
    from bot.telegram.answering import Answering  # loads aiogram, which takes seconds

    return Answering(door, asking)


async def _set_menus(asking: Asking) -> None:
    for attempt in range(1, MENU_TRIES + 1):
        try:
            await set_menus(asking)
        except NoAnswer as no:
            log.warning("the menu of commands could not be set: %s", no.why)
            await asyncio.sleep(max(no.retry_after, MENU_WAIT * attempt))
        else:
            return
