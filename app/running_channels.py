"""The channels that are on, while we serve: started in their order, stopped in the other."""

import logging
from collections.abc import Sequence

from starlette.routing import BaseRoute

from app.channels import report
from app.house import House
from app.wiring import CHANNELS, Served

log = logging.getLogger("redress.channels")


class Channels:
    """Those of the table that have something to run."""

    def __init__(self, house: House) -> None:
        self._house = house
        on = [channel for channel in CHANNELS if channel.serve and channel.is_on(house.settings)]
        self._served = [(channel, channel.serve(house)) for channel in on if channel.serve]
        self._started: list[Served] = []

    @property
    def pages(self) -> Sequence[BaseRoute]:
        """What they need of the web application."""
        return [page for _, served in self._served for page in served.pages]

    async def start(self) -> None:
        """Those that are quick to start. Raises BrokenSetting when one's port is not to be had."""
        for channel, served in self._served:
            if not channel.may_be_slow:
                await served.start()
                self._started.append(served)

    async def start_slow(self) -> None:
        """The others; one that can't start stops nothing else."""
        for channel, served in self._served:
            if channel.may_be_slow:
                try:
                    await served.start()
                    self._started.append(served)
                except Exception as error:  # noqa: BLE001 - said in `redress status` and on the health page
                    log.error("the channel %s could not be started: %s", channel.name, type(error).__name__)
                    report(self._house, channel.name, f"it could not be started ({type(error).__name__})")

    async def stop(self) -> None:
        while self._started:
            await self._started.pop().stop()
