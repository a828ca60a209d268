"""The real SMTP receiver and the real journal, in a thread of the test's own process."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from mailroom.smtp_receiver import SmtpReceiver, SmtpSettings
from storage.journal import Journal
from tests.servers.smtp_talk import Talk

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
SETTINGS = SmtpSettings(hostname="mx.council.example", domains=frozenset({"council.example"}))
OURS = {"complaints@council.example", "housing@council.example", "beschwerden@münchen.example"}


@dataclass(frozen=True)
class Running:
    """A receiver that listens."""

    receiver: SmtpReceiver
    journal: Journal
    loop: asyncio.AbstractEventLoop

    def talk(self) -> Talk:
        """Connect, and say nothing yet."""
        return Talk(self.receiver.address)

    def stop(self) -> None:
        """Stop it as production does, and wait for that."""
        asyncio.run_coroutine_threadsafe(self.receiver.stop(), self.loop).result(60)


@contextmanager
def running(
    engine: Engine,
    settings: SmtpSettings = SETTINGS,
    *,
    is_ours: Callable[[str], Awaitable[bool] | bool] = lambda address: address in OURS,
    free_bytes: Callable[[], int] = lambda: 1 << 40,
) -> Iterator[Running]:
    """A receiver on a free port of loopback."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="smtp under test")
    thread.start()
    with Journal(engine) as journal:
        receiver = SmtpReceiver(journal, is_ours, lambda: NOW, settings, free_bytes)
        asyncio.run_coroutine_threadsafe(receiver.start("127.0.0.1", 0), loop).result(10)
        server = Running(receiver, journal, loop)
        try:
            yield server
        finally:
            server.stop()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
