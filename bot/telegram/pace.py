"""How fast we may write: some messages a second over all chats, and one a second in each."""

import asyncio
import time
from collections.abc import Awaitable, Callable


class Pace:
    """Whoever wants to write waits for their turn, in the order in which they asked."""

    def __init__(self, overall: float, in_a_chat: float) -> None:
        """Seconds between two messages, over all chats and in each."""
        self._overall, self._in_a_chat = overall, in_a_chat
        self._next = 0.0
        self._chats: dict[str, float] = {}
        self._one_by_one = asyncio.Lock()

    async def turn(self, chat: str, room: Callable[[], Awaitable[None]]) -> None:
        """Return when one more message may go to this chat. Whoever is next in turn waits for `room` besides."""
        await _until(self._chats.get(chat, 0.0))
        async with self._one_by_one:
            await room()
            await _until(self._next)
            # Counted from now and not from when it was due: what was late must not be made up for by a burst.
            now = time.monotonic()
            self._next = now + self._overall
            self._chats = {one: at for one, at in self._chats.items() if at > now} | {chat: now + self._in_a_chat}


async def _until(moment: float) -> None:
    wait = moment - time.monotonic()
    if wait > 0:
        await asyncio.sleep(wait)
