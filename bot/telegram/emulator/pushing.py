"""setWebhook and what follows: each update is posted to the bot's own server until that says 200."""

import asyncio
import json
from typing import Any

import aiohttp
from aiogram.types import WebhookInfo

from bot.telegram.emulator.calls import Given
from bot.telegram.emulator.talking import answered
from bot.telegram.emulator.world import Json, World

AGAIN_AFTER = 0.2  # seconds; Telegram waits longer
TIMEOUT = aiohttp.ClientTimeout(total=10)


def set_webhook(world: World, given: Given) -> bool:
    """Replaces what was set; an empty address takes it away."""
    asked = given.arguments
    world.webhook = {"url": asked["url"], "secret": asked.get("secret_token", "")} if asked["url"] else {}
    if asked.get("drop_pending_updates") is True:
        world.updates.clear()
    world.wake()
    return True


def delete_webhook(world: World, given: Given) -> bool:
    world.webhook = {}
    if given.arguments.get("drop_pending_updates") is True:
        world.updates.clear()
    return True


def get_webhook_info(world: World, _given: Given) -> Json:
    error: Json = {
        name: world.webhook[name] for name in ("last_error_date", "last_error_message") if name in world.webhook
    }
    told: Json = {
        "url": world.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
        **error,
    }
    return answered(WebhookInfo, told)


async def deliver(world: World) -> None:
    """Post what waits, one after the other, for ever: for a task of its own."""
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        while True:
            news = world.news
            if not (world.webhook and world.updates):
                await news.wait()
            elif await _post(world, session, world.updates[0]):
                world.confirmed = [*world.confirmed, world.updates.pop(0)][-100:]
            else:
                await asyncio.sleep(AGAIN_AFTER)


async def _post(world: World, session: aiohttp.ClientSession, update: Json) -> bool:
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": world.webhook["secret"]}
    problem: Any
    try:
        async with session.post(world.webhook["url"], data=json.dumps(update), headers=headers) as answer:
            if answer.status == 200:
                return True
            problem = f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except (aiohttp.ClientError, TimeoutError) as error:
        problem = f"Connection failed: {type(error).__name__}"
    if world.webhook:
        world.webhook |= {"last_error_date": world.clock(), "last_error_message": problem}
    return False
