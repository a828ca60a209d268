"""What the emulator remembers: chats and their messages, updates that nobody has confirmed, files, menus."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.telegram.emulator.refusals import Refusal, bad
from bot.telegram.emulator.troubles import Troubles

Json = dict[str, Any]


@dataclass
class Room:
    """A private chat of one person with the bot."""

    id: int
    name: str = "Jo"
    language: str = "en"
    is_blocked: bool = False
    messages: list[Json] = field(default_factory=list)  # as the Bot API writes them, oldest first
    tapped: list[Json] = field(default_factory=list)  # answers to taps: text, or none

    @property
    def person(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}

    @property
    def chat(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": self.name}


@dataclass(frozen=True)
class Kept:
    """A file; `size` in bytes, which for one that is too large to fetch is only claimed."""

    name: str
    type: str
    content: bytes
    size: int


@dataclass(frozen=True)
class Call:
    """One call of the bot, as it was made; `at` in seconds of the emulator's own clock."""

    method: str
    given: Json
    at: float


@dataclass
class World:
    """One bot and everybody who talks with it."""

    token: str
    clock: Callable[[], int]  # seconds since 1970, for the dates of messages
    rooms: dict[int, Room] = field(default_factory=dict)
    updates: list[Json] = field(default_factory=list)  # not yet confirmed
    confirmed: list[Json] = field(default_factory=list)  # some of them, to be given again when mixing
    files: dict[str, Kept] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)  # by language; "" for everybody else
    webhook: Json = field(default_factory=dict)
    troubles: Troubles = field(default_factory=Troubles)
    calls: list[Call] = field(default_factory=list)
    poller: asyncio.Event | None = None  # set when another takes over
    is_mixing: bool = False  # updates come out of order, and some again
    news: asyncio.Event = field(default_factory=asyncio.Event)  # an update to be had
    told: asyncio.Event = field(default_factory=asyncio.Event)  # a message in a chat
    moments: dict[int, float] = field(default_factory=dict)  # when each message came, in seconds of no epoch
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - nothing secret
    next_update: int = 0
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        """Numbers go on from the time, so that an emulator started anew gives none that was given before."""
        self.next_update = self.clock()
        self.numbers = itertools.count(self.clock())

    @property
    def me(self) -> Json:
        bot_id = int(self.token.partition(":")[0])
        return {"id": bot_id, "is_bot": True, "first_name": "Complaints", "username": "complaints_bot"}

    def room(self, chat: object) -> Room:
        """The chat that the bot writes to. Raises Refusal where it may not."""
        try:
            room = self.rooms[int(str(chat))]
        except (KeyError, ValueError):
            raise bad("chat not found") from None
        if room.is_blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return room

    def visit(self, chat: int) -> Room:
        """The chat of a person, who may be new."""
        return self.rooms.setdefault(chat, Room(chat))

    def add(self, room: Room, sender: Json, **what: Any) -> Json:
        """A new message in a chat."""
        message = {
            "message_id": next(self.numbers),
            "from": sender,
            "chat": room.chat,
            "date": self.clock(),
            **{name: value for name, value in what.items() if value is not None},
        }
        room.messages.append(message)
        self.moments[message["message_id"]] = time.monotonic()
        self.told.set()
        self.told = asyncio.Event()
        return message

    def keep(self, name: str, kind: str, content: bytes, size: int | None = None) -> str:
        """Keep a file; its id."""
        file_id = f"file-{next(self.numbers)}"
        self.files[file_id] = Kept(name, kind, content, len(content) if size is None else size)
        return file_id

    def publish(self, update: Json) -> Json:
        """Hand the bot an update, numbered unless it has a number already."""
        numbered = {"update_id": update.get("update_id", self.next_update), **update}
        if isinstance(numbered["update_id"], int):
            self.next_update = max(self.next_update, numbered["update_id"] + 1)
        self.updates.append(numbered)
        self.wake()
        return numbered

    def wake(self) -> None:
        """Whoever waits for news looks again."""
        self.news.set()
        self.news = asyncio.Event()
