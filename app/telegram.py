"""Telegram, wired to this installation. Loads nothing of it until the channel is on."""

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.channels import report
from app.house import House
from app.settings import telegram_token

if TYPE_CHECKING:
    from bot.telegram.channel import Channel
    from bot.telegram.door import TelegramDoor

NAME = "telegram"


def telegram_door(house: House) -> "TelegramDoor":
    """What the channel needs of this installation."""
    from bot.telegram.door import TelegramDoor

    settings = house.settings
    return TelegramDoor(
        engine=house.engine,
        office=house.office,
        clock=house.clock,
        report=lambda error: report(house, NAME, error),
        token=telegram_token(settings),
        api=settings.telegram_api,
        webhook=settings.telegram_webhook,
    )


def telegram_channel(house: House) -> "Channel":
    """The receiver and the sender, not yet running."""
    from bot.telegram.channel import Channel

    return Channel(telegram_door(house))


def webhook_page(house: House, channel: "Channel") -> Route:
    """The page that Telegram posts updates to: only what shows its secret is looked at."""
    from bot.telegram.webhook import LARGEST, SECRET_HEADER, take

    door = telegram_door(house)

    async def receive(request: Request) -> Response:
        raw = bytearray()
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > LARGEST:
                return Response(status_code=413)
        secret = request.headers.get(SECRET_HEADER, "")
        return Response(status_code=await run_in_threadpool(take, door, secret, bytes(raw), channel.look))

    return Route(house.settings.telegram_webhook, receive, methods=["POST"])
