"""How mail servers reach us: listens for SMTP and stores each mail durably before saying yes."""

import asyncio
import weakref
from collections.abc import Awaitable, Callable
from datetime import datetime

from mailroom.smtp_limits import Gate, SmtpSettings
from mailroom.smtp_reception import Reception
from mailroom.smtp_session import SmtpSession
from storage.journal import Journal

__all__ = ["SmtpReceiver", "SmtpSettings"]


class SmtpReceiver:
    """Takes mail for addresses of ours, by one event loop: whichever runs `start`."""

    def __init__(
        self,
        journal: Journal,
        is_ours: Callable[[str], Awaitable[bool] | bool],
        clock: Callable[[], datetime],
        settings: SmtpSettings,
        free_bytes: Callable[[], int],
    ) -> None:
        """`is_ours` is asked about lower-case addresses; when it raises, the sender has to try again."""
        self._reception = Reception(journal, is_ours, clock, free_bytes, settings)
        self._gate = Gate(settings)
        self._sessions: weakref.WeakSet[SmtpSession] = weakref.WeakSet()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> None:
        """Listen. Raises OSError when the address is not to be had."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, host, port, backlog=256)

    @property
    def address(self) -> tuple[str, int]:
        """Where we listen; the port that was given to us where 0 was asked for."""
        if self._server is None:
            raise RuntimeError("the receiver has not been started")
        host, port = self._server.sockets[0].getsockname()[:2]
        return host, port

    async def stop(self) -> None:
        """No new sessions; mails being taken are finished if they can be in time, the others sent away."""
        if self._server is None:
            return
        self._server.close()
        under_way = [session for session in self._sessions if session.transport is not None]
        for session in under_way:
            session.leave()
        await self._wait_for(under_way)
        for session in under_way:
            session.cut()

    def _session(self) -> SmtpSession:
        session = SmtpSession(self._reception, self._gate)
        self._sessions.add(session)
        return session

    async def _wait_for(self, sessions: list[SmtpSession]) -> None:
        ends_at = asyncio.get_running_loop().time() + self._reception.settings.stop_seconds
        while asyncio.get_running_loop().time() < ends_at:
            if all(session.transport is None for session in sessions):
                return
            await asyncio.sleep(0.02)
