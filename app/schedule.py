"""The ticking: APScheduler only says when to look; what is due is rows in the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from app import digests
from app.feeds import fetch_one
from app.house import House
from app.tick import watch
from storage.database import writing
from web.drafts import forget_old

FILE_AND_REMIND_SECONDS = 1
SEND_SECONDS = 1
FETCH_SECONDS = 10

log = logging.getLogger("redress.tick")


def ticking(house: House, send: Callable[[], Awaitable[int]]) -> AsyncIOScheduler:
    """A scheduler, not yet started, that files, reminds and sends; one of each at a time."""
    scheduler = AsyncIOScheduler(job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1})
    scheduler.add_job(
        _safely("file and remind", lambda: asyncio.to_thread(watch, house)), "interval", seconds=FILE_AND_REMIND_SECONDS
    )
    scheduler.add_job(
        _safely("forget old drafts", lambda: asyncio.to_thread(_forget_drafts, house)), "interval", minutes=10
    )
    scheduler.add_job(
        _safely("fetch a feed", lambda: asyncio.to_thread(fetch_one, house)), "interval", seconds=FETCH_SECONDS
    )
    scheduler.add_job(
        _safely("send digests", lambda: asyncio.to_thread(digests.send_due, house)), "interval", minutes=1
    )
    scheduler.add_job(_safely("send", send), "interval", seconds=SEND_SECONDS)
    return scheduler


def _forget_drafts(house: House) -> None:
    with writing(house.engine) as session:
        forget_old(session, house.clock())


def _safely(name: str, work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    """Work whose failure is written down and tried again at the next tick."""

    async def run() -> None:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - the next tick tries again
            log.warning("a tick failed: %s: %s", name, type(error).__name__)

    return run
