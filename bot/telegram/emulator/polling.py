"""getUpdates: a real long poll, with its offset, and the conflict of two programs on one token."""

import asyncio
from typing import Any

from bot.telegram.emulator.calls import Given
from bot.telegram.emulator.refusals import Refusal
from bot.telegram.emulator.world import Json, World

MOST = 100  # updates in one answer
LONGEST = 50  # seconds
TAKEN_OVER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
HAS_WEBHOOK = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"


async def get_updates(world: World, given: Given) -> list[Json]:
    """Raises Refusal 409 when another poll begins meanwhile, or a webhook is set."""
    if world.webhook:
        raise Refusal(409, HAS_WEBHOOK)
    asked = given.model.model_dump(exclude_none=True)
    _confirm(world, asked.get("offset"))
    if world.poller is not None:
        world.poller.set()
    mine = world.poller = asyncio.Event()
    try:
        await _news(world, mine, min(asked.get("timeout", 0), LONGEST))
    finally:
        if world.poller is mine:
            world.poller = None
    if mine.is_set():
        raise Refusal(409, TAKEN_OVER)
    return _batch(world, min(max(asked.get("limit", MOST), 1), MOST))


def _confirm(world: World, offset: int | None) -> None:
    """An update is confirmed, and gone, as soon as one asks for a higher number than its own."""
    if offset is None or offset == 0:
        return
    if offset < 0:
        world.updates = world.updates[offset:]
        return
    gone = [one for one in world.updates if _number(one) < offset]
    world.confirmed = (world.confirmed + gone)[-MOST:]
    world.updates = [one for one in world.updates if _number(one) >= offset]


async def _news(world: World, taken_over: asyncio.Event, seconds: float) -> None:
    """Return when there is something to give, another took over, or the time is up."""
    ends = asyncio.get_running_loop().time() + seconds
    while not world.updates and not taken_over.is_set():
        left = ends - asyncio.get_running_loop().time()
        if left <= 0:
            return
        waits: list[asyncio.Task[Any]] = [asyncio.create_task(one.wait()) for one in (world.news, taken_over)]
        await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        for task in waits:
            task.cancel()


def _batch(world: World, most: int) -> list[Json]:
    if not world.is_mixing:
        return world.updates[:most]
    batch = world.updates[: max(1, most - 10)]
    again = world.chance.sample(world.confirmed, min(len(world.confirmed), 3))
    batch = batch + again + world.chance.sample(batch, min(len(batch), 3))
    world.chance.shuffle(batch)
    return batch


def _number(update: Json) -> int:
    return int(update["update_id"])
