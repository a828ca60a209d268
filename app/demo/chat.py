"""The demonstration's Telegram: the emulator on this computer, and settings by which our channel talks with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app import clock
from app.settings import Settings
from bot.telegram.emulator.running import TOKEN, Running

CHATS = "chats.json"
TOKEN_FILE = "telegram.token"  # noqa: S105 - a file's name


@contextmanager
def telegram_of_our_own(home: Path) -> Iterator[Running]:
    """Listens at once, and answers from when it is started: that loads much, so pages and mail come up first."""
    emulator = Running(lambda: int(clock.now().timestamp()), memory=home / CHATS)
    try:
        yield emulator
    finally:
        emulator.stop()


def with_telegram(found: Settings, emulator: Running) -> Settings:
    """The same installation, with the emulator's bot."""
    path = found.home / TOKEN_FILE
    path.touch(mode=0o600)
    path.write_text(f"{TOKEN}\n")
    return replace(found, telegram_token_file=str(path), telegram_api=emulator.url, telegram_webhook="")
