"""What has gone to Telegram and is not yet written down as sent: should we die, it goes again. So it is kept small."""

import asyncio
import time
from collections.abc import Collection
from contextlib import suppress

A_SECOND = 30  # messages: Telegram takes no more, so nothing is won by having more under way than that needs
LONG = 1.0  # seconds: whatever takes longer does not keep the others waiting
NEWEST = 1 / 8  # how much one answer counts for in what we know of how long they take


class Unwritten:
    """Whoever is about to send waits for room: for one that is being written down, and for those on their way."""

    def __init__(self) -> None:
        self._since: dict[int | None, float] = {}  # by the number of the message
        self._answers_take = 0.0  # seconds, of late
        self._freed = asyncio.Event()

    async def room(self, message: int | None) -> None:
        """Return when this message may go; one at a time."""
        while (wait := self._wait()) > 0:
            self._freed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._freed.wait(), wait)
        self._since[message] = time.monotonic()

    def answered(self, seconds: float) -> None:
        """Telegram took one, and needed so long."""
        self._answers_take += (min(seconds, LONG) - self._answers_take) * NEWEST

    def written(self, messages: Collection[int | None]) -> None:
        """What came of these is on the disk."""
        for message in messages:
            self._since.pop(message, None)
        self._freed.set()

    def _wait(self) -> float:
        """Seconds until there is room should nothing be written down meanwhile."""
        enough = 1 + int(A_SECOND * self._answers_take)
        newest = sorted(self._since.values())[-enough:]
        return newest[0] + LONG - time.monotonic() if len(newest) == enough else 0.0
