"""The channel in a thread of its own, so that what it loads and does holds up neither pages nor mail."""

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.telegram.door import TelegramDoor

if TYPE_CHECKING:
    from bot.telegram.living import Living

STOP_SECONDS = 20.0


class Channel:
    """Runs from `start` to `stop`."""

    def __init__(self, door: TelegramDoor) -> None:
        self._door = door
        self._living: Living | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
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
        if self._loop is not None and self._living is not None:
            self._loop.call_soon_threadsafe(self._living.look)

    def _run(self) -> None:
        from bot.telegram.living import Living  # loads an HTTP client

        with suppress(asyncio.CancelledError):
            asyncio.run(self._live(Living(self._door)))

    async def _live(self, living: "Living") -> None:
        self._loop, self._main, self._living = asyncio.get_running_loop(), asyncio.current_task(), living
        self._began.set()
        await living.run()
