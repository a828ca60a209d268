"""Running everything in one process until it is told to stop: pages, mail in and out, the ticking."""

import asyncio
import gc
import logging
import signal
import socket
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import Any

import uvicorn
import uvloop
from starlette.routing import BaseRoute

from app.house import House
from app.keeping import in_use
from app.rounds import Rounds
from app.running_channels import Channels
from app.settings import host_and_port, taken
from app.site import site
from storage import migrate

log = logging.getLogger("redress.start")


def set_up_logs(least: int = logging.INFO) -> None:
    """Logs name references and numbers, never people: libraries that would print addresses are kept quiet.

    They go to standard error, with times in UTC; what a command prints is for whoever asked.
    """
    shown = logging.Formatter("%(asctime)s %(levelname)-8s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    shown.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(shown)
    ours = logging.getLogger("redress")
    ours.handlers = [handler]
    ours.setLevel(least)
    for noisy in ("mail.log", "uvicorn.access", "apscheduler", "imapclient", "aiosmtplib", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run it on the quicker event loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


async def serve(house: House, more: Sequence[BaseRoute] = (), *, ready: asyncio.Event | None = None) -> None:
    """Serve until SIGINT or SIGTERM. Raises BrokenSetting when a port is not to be had."""
    with in_use(house.settings), _door(house.settings.web_listen) as door:
        migrate.migrate(house.engine)
        await _serve(house, more, door, ready)


async def _serve(house: House, more: Sequence[BaseRoute], door: socket.socket, ready: asyncio.Event | None) -> None:
    channels, rounds = Channels(house), Rounds(house)
    pages = site(house, [*more, *channels.pages])
    config = uvicorn.Config(pages, log_level="error", server_header=False, timeout_graceful_shutdown=10)
    server = Server(config)
    async with AsyncExitStack() as ends:  # each is ended, whatever becomes of the others
        ends.push_async_callback(channels.stop)
        await channels.start()
        ends.push_async_callback(rounds.end)
        rest = asyncio.create_task(_the_rest(server, house, channels, rounds, ready))
        ends.push_async_callback(_end, rest)
        with _until_told(server):
            await server.serve([door])


async def _end(rest: asyncio.Task[None]) -> None:
    """Raises what it has failed with."""
    rest.cancel()
    with suppress(asyncio.CancelledError):
        await rest


def _door(where: str) -> socket.socket:
    """Taken before anything runs, so that a port of somebody else's is one line and not a start that fails."""
    host, port = host_and_port(where)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise taken("WEB_LISTEN", where) from error


class Server(uvicorn.Server):
    """Leaves signals to us: uvicorn raises them again when it ends, and mail and database would never be closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def _until_told(server: uvicorn.Server) -> Iterator[None]:
    """The first SIGINT or SIGTERM asks the server to end; a second SIGINT does not wait for what is under way."""
    loop = asyncio.get_running_loop()
    told = (signal.SIGINT, signal.SIGTERM)
    for one in told:
        loop.add_signal_handler(one, server.handle_exit, one, None)
    try:
        yield
    finally:
        for one in told:
            loop.remove_signal_handler(one)


async def _the_rest(
    server: uvicorn.Server, house: House, channels: Channels, rounds: Rounds, ready: asyncio.Event | None
) -> None:
    """Say when pages and mail are up, begin the rest, and stop when that fails or the journal can't be trusted."""
    try:
        while not server.started:
            await asyncio.sleep(0.02)
        log.info("redress is up: web at %s, smtp %s", house.settings.web_listen, house.settings.smtp_listen or "off")
        if ready is not None:
            ready.set()
        await rounds.begin()
        await channels.start_slow()
        gc.freeze()  # what is loaded by now stays: the collector need not look through it again and again
        while house.journal.broken is None:
            await asyncio.sleep(1)
        # After a failed sync nobody knows what is on the disk: only a new process may write again.
        log.critical("the disk failed; stopping so that a new process can start")
    finally:
        server.should_exit = True
