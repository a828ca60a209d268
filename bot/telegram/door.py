"""What Telegram's channel needs from the rest of the house; handed in by app."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from workflow.office import Office

CHANNEL = "telegram"
API = "https://api.telegram.org"


@dataclass(frozen=True)
class TelegramDoor:
    """The way in and out. `report` notes how the channel fares: None, or what is wrong, without people or secrets.

    `webhook` is the path below the public address that Telegram posts to; empty where we ask for updates ourselves.
    """

    engine: Engine
    office: Office
    clock: Callable[[], datetime]
    report: Callable[[str | None], None]
    token: str = field(repr=False)
    api: str = API
    webhook: str = ""
    overall: float = 1 / 30  # seconds between two messages of ours: Telegram's limit for all chats
    in_a_chat: float = 1.0  # and for each

    @property
    def bot_id(self) -> str:
        """The public part of the token."""
        return self.token.partition(":")[0]

    @property
    def bot(self) -> str:
        """The bot's name in what we keep: a new token of the same bot goes on where the old one was."""
        return f"{CHANNEL}:{self.bot_id}"

    @property
    def secret(self) -> str:
        """What Telegram shows with each update that it posts to us: only we could have made it."""
        return self.office.keyring.sign("telegram-webhook", self.bot_id)

    def is_telegram(self, shown: str) -> bool:
        """Whether this is that secret, or one of a key that we still hold; takes equally long whatever is shown."""
        return shown.isascii() and self.office.keyring.verifies(shown, "telegram-webhook", self.bot_id)
