"""Where the story is played: an installation with its own mail server, web pages and receiver, on a simulated clock."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from app import digests
from app.clock import SimulatedClock
from app.demo.chat import with_telegram
from app.demo.mailbox import Mailboxes
from app.demo.messenger import Messenger, emulated
from app.house import House, opened
from app.mail import smtp_receiver
from app.outgoing import Outgoing
from app.settings import Settings
from app.site import site
from app.tick import watch
from mailroom.sink import Answers, Sink
from storage import migrate

HERE = "127.0.0.1"


@dataclass
class Stage:
    """An installation that runs as in earnest, but for its clock, which stands where it is put."""

    house: House
    clock: SimulatedClock
    mailboxes: Mailboxes
    smtp: tuple[str, int]
    web: str
    outgoing: Outgoing
    messenger: Messenger

    async def morning(self) -> None:
        """A tick, and what the schedule does besides: the digests whose day has come."""
        await asyncio.to_thread(digests.send_due, self.house)
        await self.tick()

    async def tick(self) -> None:
        """What the schedule does every second: file, mark, remind; then send, by mail and by chat."""
        await asyncio.to_thread(watch, self.house)
        await asyncio.to_thread(self.messenger.settle)  # first: what a chat refuses goes by mail
        while await self.outgoing.send():
            pass


@asynccontextmanager
async def stage(folder: Path, clock: SimulatedClock, answers: Answers, database_url: str = "") -> AsyncIterator[Stage]:
    """Open the installation in this folder: `redress.db` there unless another database is named, mails in `mails`."""
    folder.mkdir(parents=True, exist_ok=True)
    sink = Sink(folder / "mails", answers=answers)
    await sink.start(HERE)
    door = socket.create_server((HERE, 0))
    web = f"http://{HERE}:{door.getsockname()[1]}"
    settings = Settings(
        home=folder,
        database_url=database_url,
        public_url=web,
        mail_domain="complaints.example",
        smtp_relay=f"smtp://{HERE}:{sink.address[1]}",
    )
    try:
        with emulated(clock) as emulator, opened(with_telegram(settings, emulator), clock) as house:
            migrate.migrate(house.engine)
            async with _running(house, clock, sink, web, door, Messenger(house, emulator)) as there:
                yield there
    finally:
        await sink.stop()


@asynccontextmanager
async def _running(
    house: House, clock: SimulatedClock, sink: Sink, web: str, door: socket.socket, messenger: Messenger
) -> AsyncIterator[Stage]:
    receiver = smtp_receiver(house)
    await receiver.start(HERE, 0)
    pages, thread = _pages(house, door)
    outgoing = Outgoing(house)
    messenger.start()
    try:
        yield Stage(house, clock, Mailboxes(sink), receiver.address, web, outgoing, messenger)
    finally:
        await asyncio.to_thread(messenger.stop)
        await outgoing.close()
        pages.should_exit = True
        await asyncio.to_thread(thread.join)
        await receiver.stop()


def _pages(house: House, door: socket.socket) -> tuple[uvicorn.Server, threading.Thread]:
    """The web pages, in a thread of their own so that Ctrl-C stays ours."""
    config = uvicorn.Config(site(house), log_level="error", server_header=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([door],), name="pages", daemon=True)
    thread.start()
    return server, thread
