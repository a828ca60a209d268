"""The whole channel in a thread of its own: receiving at once, answering and sending once aiogram is loaded."""

import asyncio
import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.telegram.asking import Asking, NoAnswer
from bot.telegram.contact import Contact
from bot.telegram.door import TelegramDoor
from bot.telegram.going_on import go_on
from bot.telegram.receiver import Receiver
from bot.telegram.watching import point_nowhere, watch

if TYPE_CHECKING:
    from bot.telegram.answering import Answering

log = logging.getLogger("redress.telegram")

STOP_SECONDS = 20.0
MENU_TRIES = 5


class Channel:
    """Runs from `start` to `stop`."""

    def __init__(self, door: TelegramDoor) -> None:
        self._door = door
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._answering: Answering | None = None
        self._began = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telegram", daemon=True)

    def start(self) -> None:
        """Returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """What is under way is finished first."""
        self._began.wait(STOP_SECONDS)
        if self._loop is not None and self._main is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._main.cancel)
        self._thread.join(STOP_SECONDS)

    def look(self) -> None:
        """Something new has been stored, as by the webhook's page. From any thread."""
        if self._loop is not None and self._answering is not None:
            self._loop.call_soon_threadsafe(self._answering.look)

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except asyncio.CancelledError:
            return

    async def _live(self) -> None:
        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        self._began.set()
        asking = Asking(self._door.api, self._door.token)
        try:
            async with asyncio.TaskGroup() as all_of_it:
                report = self._door.report
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
    from bot.telegram.menus import set_menus

    for attempt in range(1, MENU_TRIES + 1):
        try:
            await set_menus(asking)
        except NoAnswer as no:
            log.warning("the menu of commands could not be set: %s", no.why)
            await asyncio.sleep(max(no.retry_after, 30 * attempt))
        else:
            return
