"""The real sink and the real sender on loopback, for one test at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine

from mailroom.sender import EmailSender, send_due
from mailroom.sink import Sink
from tests.workflow.office import NOW, OFFICE

T = TypeVar("T")


@dataclass
class Post:
    """A relay that keeps what it gets, and a sender that knows it."""

    sink: Sink
    sender: EmailSender

    async def send(self, engine: Engine, at: datetime = NOW, *, worker: str = "worker", most: int = 500) -> int:
        """Send what is due at this instant."""
        return await send_due(engine, OFFICE, self.sender, lambda: at, lease_name=worker, most=most)


def with_post(test: Callable[[Post], Awaitable[T]], *, options: str = "", **settings: Any) -> T:
    """Run this while a sink with these settings listens."""

    async def run() -> T:
        async with posting(options=options, **settings) as post:
            return await test(post)

    return asyncio.run(run())


@asynccontextmanager
async def posting(*, options: str = "", scheme: str = "smtp", **settings: Any) -> AsyncIterator[Post]:
    sink = Sink(**settings)
    await sink.start()
    sender = EmailSender(f"{scheme}://localhost:{sink.address[1]}{options}", hostname="us.example", timeout=5)
    try:
        yield Post(sink, sender)
    finally:
        await sender.close()
        await sink.stop()
