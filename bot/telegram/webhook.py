"""Receiving by being told: Telegram posts each update to a page of ours, and hears 200 once it is durable."""

import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.telegram import updates
from bot.telegram.door import TelegramDoor

log = logging.getLogger("redress.telegram")

LARGEST = 1_000_000  # bytes of one update; Telegram's are far smaller, and files are not in them
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


def take(door: TelegramDoor, secret: str, raw: bytes, is_new: Callable[[], None]) -> int:
    """The HTTP status to answer with: 200 stored, 401 not Telegram, 400 no update, 413 too large, 503 try again."""
    if not door.is_telegram(secret):
        return 401
    if len(raw) > LARGEST:
        return 413
    try:
        stored = updates.keep_raw(door.engine, door.bot, raw, door.clock())
    except (ValueError, RecursionError):
        return 400
    except SQLAlchemyError as error:
        log.warning("an update could not be stored; Telegram keeps it: %s", type(error).__name__)
        return 503
    if stored:
        is_new()
    return 200
