"""Mail that leaves us, wired to this installation."""

import asyncio
import os
from datetime import datetime, timedelta

from app.channels import report
from app.house import House
from mailroom.sender import EmailSender, send_due

NOTE_EVERY = timedelta(minutes=1)


class Outgoing:
    """Sends what is due over one kept connection, and notes how the relay fares; sends nothing when none is set."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._worker = f"{os.getpid()}"
        url = house.settings.smtp_relay
        self._sender = EmailSender(url, hostname=house.settings.mail_domain) if url else None
        self._noted: tuple[str | None, datetime] | None = None

    async def send(self) -> int:
        """How many the relay took."""
        if self._sender is None:
            return 0
        house = self._house
        sent = await send_due(house.engine, house.office, self._sender, house.clock, lease_name=self._worker)
        await asyncio.to_thread(self._note, self._sender.trouble)
        return sent

    async def close(self) -> None:
        if self._sender is not None:
            await self._sender.close()

    def _note(self, trouble: str | None) -> None:
        """Written down when it changes, and every minute: not at every tick."""
        now = self._house.clock()
        if self._noted is None or self._noted[0] != trouble or now - self._noted[1] > NOTE_EVERY:
            report(self._house, "relay", trouble)
            self._noted = trouble, now
