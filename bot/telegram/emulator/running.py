"""The emulator in a thread of its own, with its own event loop."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.telegram.emulator.people import People

if TYPE_CHECKING:
    from bot.telegram.emulator.server import Server

TOKEN = "4242424242:an-invented-token-that-opens-nothing-at-all"  # noqa: S105 - it opens nothing
HERE = "127.0.0.1"
STOP_SECONDS = 10.0


class Running:
    """An emulator: its address, the bot's token, and the people in it."""

    def __init__(self, clock: Callable[[], int], port: int = 0, memory: Path | None = None) -> None:
        """Takes its port at once: whoever calls before it runs is answered then. `clock`: seconds since 1970.

        `memory`: a file in which it keeps, from its end to its next beginning, what was said.
        """
        self._clock, self._memory = clock, memory
        self._door = socket.create_server((HERE, port), backlog=256)
        self.url = f"http://{HERE}:{self._door.getsockname()[1]}"
        self.token = TOKEN
        self.people = People(self.url)
        self._up = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)

    @property
    def is_up(self) -> bool:
        return self._up.is_set()

    def start(self) -> None:
        """Loads aiogram in its own thread, which takes seconds; returns at once."""
        self._thread.start()

    def wait(self, seconds: float = 60) -> None:
        """Return when it answers."""
        assert self._up.wait(seconds), "the emulator did not come up"

    def stop(self) -> None:
        if self._thread.is_alive():
            self._up.wait(STOP_SECONDS)
            if self._loop is not None and self._main is not None:
                self._loop.call_soon_threadsafe(self._main.cancel)
            self._thread.join(STOP_SECONDS)
        self._door.close()

    def _run(self) -> None:
        from bot.telegram.emulator.remembering import keep, recall
        from bot.telegram.emulator.server import Server
        from bot.telegram.emulator.world import World

        world = World(TOKEN, self._clock)
        if self._memory:
            recall(world, self._memory)
        with suppress(asyncio.CancelledError):
            asyncio.run(self._live(Server(world)))
        if self._memory:
            keep(world, self._memory)

    async def _live(self, server: "Server") -> None:
        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        await server.start(self._door)
        self._up.set()
        try:
            await asyncio.Event().wait()
        finally:
            await server.stop()


@contextmanager
def running(clock: Callable[[], int]) -> Iterator[Running]:
    """An emulator that answers, until the `with` block ends."""
    emulator = Running(clock)
    emulator.start()
    try:
        emulator.wait()
        yield emulator
    finally:
        emulator.stop()
