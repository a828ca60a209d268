"""What is done again and again while we serve: filing, reminding, sending. Begun once pages and mail are up."""

import asyncio
import importlib
import logging
from contextlib import AsyncExitStack

from app import changed_procedures
from app.channels import report
from app.house import House

FIRST_SECONDS = 0.5  # pages and mail have the processor to themselves until the first who waited are answered
LOADED = ("app.outgoing", "app.schedule")

log = logging.getLogger("redress.start")


class Rounds:
    """The ticking and the sender of mail."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._ends = AsyncExitStack()

    async def begin(self) -> None:
        """Loads what only the rounds need, in a thread, while pages and mail are served."""
        await asyncio.sleep(FIRST_SECONDS)
        await asyncio.to_thread(_note_start, self._house)
        outgoing, schedule = [await asyncio.to_thread(importlib.import_module, name) for name in LOADED]
        sender = outgoing.Outgoing(self._house)
        self._ends.push_async_callback(sender.close)
        scheduler = schedule.ticking(self._house, sender.send)
        scheduler.start()
        self._ends.callback(scheduler.shutdown, wait=False)

    async def end(self) -> None:
        """Ends what was begun."""
        await self._ends.aclose()


def _note_start(house: House) -> None:
    """Both ways in listen now; and whether open cases would be counted by other rules than they began with."""
    for channel, is_on in (("web", True), ("smtp", bool(house.settings.smtp_listen))):
        if is_on:
            report(house, channel, None)
    if changed := changed_procedures.open_cases(house.engine):
        log.warning("%s open cases began under another text of their procedure: see redress doctor", changed)
