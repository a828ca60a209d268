"""The mailbox that we read by IMAP, wired to this installation."""

import asyncio
import threading

from app.channels import report
from app.house import House
from app.mail import is_ours
from app.wiring import Served
from mailroom.imap_receiver import ImapReceiver


def served_imap(house: House) -> Served:
    """Reading the mailbox in a thread of its own until told to stop."""
    stop = threading.Event()
    thread = threading.Thread(target=imap_receiver(house).run, args=(stop,), name="imap", daemon=True)

    async def begin() -> None:
        thread.start()

    async def end() -> None:
        stop.set()
        await asyncio.to_thread(thread.join, 5)

    return Served(begin, end)


def imap_receiver(house: House) -> ImapReceiver:
    """The IMAP receiver, not yet polling."""
    return ImapReceiver(
        house.journal,
        house.engine,
        house.settings.imap_url,
        house.clock,
        lambda error: report(house, "imap", error),
        is_ours=lambda address: is_ours(house, address),
    )
