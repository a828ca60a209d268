"""Work that goes on for ever: what ends it unforeseen is written down, and it begins again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger("redress.telegram")

AGAIN_AFTER = 5.0  # seconds


async def go_on(name: str, work: Callable[[], Awaitable[None]], report: Callable[[str], None]) -> None:
    """Return when the work is done; only being cancelled ends it before."""
    while True:
        try:
            return await work()
        except Exception as error:  # noqa: BLE001 - whatever it is, people go on writing to us
            why = f"{name} stopped ({type(error).__name__}) and begins again"
            log.error(why)  # never the error's own text: it may hold people's words
            await asyncio.to_thread(report, why)
            await asyncio.sleep(AGAIN_AFTER)
