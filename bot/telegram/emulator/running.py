"""The emulator in a thread of its own, with its own event loop, until the `with` block ends."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

from bot.telegram.emulator.people import People

TOKEN = "4242424242:an-invented-token-that-opens-nothing-at-all"  # noqa: S105 - it opens nothing
HERE = "127.0.0.1"


class Running:
    """An emulator that listens: its address, the bot's token, and the people in it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://{HERE}:{port}"
        self.token = TOKEN
        self.people = People(self.url)


@contextmanager
def running(clock: Callable[[], int], port: int = 0) -> Iterator[Running]:
    """`clock` gives seconds since 1970, for the dates of messages. Loads aiogram: some seconds, in this thread."""
    started: Future[int] = Future()
    stop: Future[Callable[[], object]] = Future()
    thread = threading.Thread(
        target=lambda: asyncio.run(_serve(clock, port, started, stop)), name="emulator", daemon=True
    )
    thread.start()
    listening = Running(started.result())
    try:
        yield listening
    finally:
        stop.result()()
        thread.join()


async def _serve(
    clock: Callable[[], int], port: int, started: "Future[int]", stop: "Future[Callable[[], object]]"
) -> None:
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    stop.set_result(lambda: loop.call_soon_threadsafe(told.set))
    try:
        from bot.telegram.emulator.server import Server
        from bot.telegram.emulator.world import World

        server = Server(World(TOKEN, clock))
        await server.start(HERE, port)
    except BaseException as error:
        started.set_exception(error)
        raise
    started.set_result(server.port)
    await told.wait()
    await server.stop()
