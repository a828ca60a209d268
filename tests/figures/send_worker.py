"""One worker of the sending campaign: a process that sends what is due until it is killed. Its clock runs fast."""

import asyncio
import time
from datetime import timedelta

from mailroom.sender import EmailSender, send_due
from storage.database import connect
from tests.workflow.office import NOW, OFFICE

FASTER = 80  # the ten minutes of a lease pass in seven and a half seconds, longer than any live worker needs


async def work(url: str, relay: str, name: str, began: float) -> None:
    """Send, again and again. `began`: the monotonic instant at which the campaign's clock showed NOW."""
    engine = connect(url)
    sender = EmailSender(relay, hostname="campaign.example", timeout=10)
    while True:
        await send_due(
            engine,
            OFFICE,
            sender,
            lambda: NOW + timedelta(seconds=(time.monotonic() - began) * FASTER),
            lease_name=name,
            most=20,
        )
        await asyncio.sleep(0.05)


def run(url: str, relay: str, name: str, began: float) -> None:
    """The whole life of the process."""
    asyncio.run(work(url, relay, name, began))
