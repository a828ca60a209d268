"""With a webhook Telegram comes to us: every minute we ask whether it can, and whether it still means to."""

import asyncio

from bot.telegram.asking import Asking, NoAnswer
from bot.telegram.contact import Contact
from bot.telegram.door import TelegramDoor

EVERY_SECONDS = 60.0
WAITING_TOO_LONG = "Telegram can't deliver to the webhook"
MOST_WAITING = 20  # updates: more, and an error, mean that they don't reach us


async def watch(door: TelegramDoor, asking: Asking, contact: Contact) -> None:
    """For ever: set the webhook, and see that nobody takes it away."""
    is_set = False
    while True:
        try:
            if not is_set:
                await point_to_us(door, asking)
                is_set = True
            await _look(door, asking, contact)
        except NoAnswer as no:
            await asyncio.to_thread(contact.trouble, no.why)
        await asyncio.sleep(EVERY_SECONDS if is_set else 5)


async def point_to_us(door: TelegramDoor, asking: Asking) -> None:
    """Tell Telegram where we are and what it must show; what waits there is kept. Raises NoAnswer."""
    where = door.office.link(door.webhook)
    await asking.ask("setWebhook", url=where, secret_token=door.secret, allowed_updates=[])


async def point_nowhere(door: TelegramDoor, asking: Asking) -> None:
    """Take back a webhook of ours, so that we can ask for updates; somebody else's is left alone. Raises NoAnswer."""
    info = await asking.ask("getWebhookInfo")
    if str(info.get("url", "")).startswith(door.office.link("/")):
        await asking.ask("deleteWebhook", drop_pending_updates=False)


async def _look(door: TelegramDoor, asking: Asking, contact: Contact) -> None:
    info = await asking.ask("getWebhookInfo")
    if info.get("url") != door.office.link(door.webhook):
        await asyncio.to_thread(contact.taken)
    elif info.get("last_error_message") and info.get("pending_update_count", 0) > MOST_WAITING:
        await asyncio.to_thread(contact.trouble, WAITING_TOO_LONG)
    else:
        await asyncio.to_thread(contact.well)
