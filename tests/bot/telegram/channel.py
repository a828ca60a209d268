"""Our channel as tests see it: started and stopped, on a clock that goes on, and what it has kept."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlmodel import SQLModel, col, select

from bot.telegram.channel import Channel
from bot.telegram.door import TelegramDoor
from bot.telegram.emulator.people import Line, People
from bot.telegram.emulator.running import Running
from storage.database import reading, writing
from storage.tables import ChannelStatus, ChatUpdate, Conversation, Message, Task
from tests.town import Town
from workflow import outbox
from workflow.outbox import To, Words

Row = TypeVar("Row", bound=SQLModel)
JO, ANN = 1001, 1002  # chats


class Here:
    """One installation with one bot. `ahead` moves its clock on."""

    def __init__(self, town: Town, emulator: Running) -> None:
        self.town, self.emulator = town, emulator
        self.people: People = emulator.people
        self.ahead = timedelta()
        self.reports: list[str | None] = []
        self._began = time.monotonic()
        self._channel: Channel | None = None
        self.door = TelegramDoor(town.engine, town.office, self.now, self._report, emulator.token, emulator.url)

    def now(self) -> datetime:
        return self.town.now + self.ahead + timedelta(seconds=time.monotonic() - self._began)

    def start(self, **changes: Any) -> Channel:
        """Run the channel, with a door that differs in this."""
        self.door = replace(self.door, **changes)
        self._channel = Channel(self.door)
        self._channel.start()
        return self._channel

    def stop(self) -> None:
        if self._channel is not None:
            self._channel.stop()
            self._channel = None

    def owe(self, text: str, *, chat: int = JO, key: str = "", **extra: Any) -> None:
        """Put a message to a chat in the outbox."""
        with writing(self.town.engine) as session:
            act = replace(self.town.act(session), now=self.now())
            message = outbox.owe(
                act, key or text, "turn", To(str(chat), "telegram"), Words("", text, extra.pop("html", None))
            )
            assert message is not None
            message.extra = extra or None

    def all(self, table: type[Row]) -> list[Row]:
        with reading(self.town.engine) as session:
            return list(session.exec(select(table).order_by(table.id)))  # type: ignore[attr-defined]  # every such table has an id

    def updates(self) -> list[ChatUpdate]:
        return self.all(ChatUpdate)

    def kept(self) -> list[dict[str, Any]]:
        """Every update that is kept, as it came."""
        return [json.loads(update.raw) for update in self.updates()]

    def status(self) -> ChannelStatus | None:
        with reading(self.town.engine) as session:
            return session.get(ChannelStatus, "telegram")

    def alarms(self) -> list[str]:
        """The kinds of the tasks that nobody has done."""
        with reading(self.town.engine) as session:
            return list(session.exec(select(Task.kind).where(col(Task.done_at).is_(None), col(Task.case_id).is_(None))))

    def task(self, kind: str) -> Task:
        return next(task for task in self.all(Task) if task.kind == kind)

    def told(self, chat: int = JO) -> list[str]:
        """What the bot has written in a chat."""
        return [line.text for line in self.lines(chat)]

    def lines(self, chat: int = JO) -> list[Line]:
        return [line for line in self.people.history(chat) if line.is_bot]

    def call(self, method: str, **given: Any) -> Any:
        """Call the Bot API as another program with our token would; its whole answer."""
        address = f"{self.emulator.url}/bot{self.emulator.token}/{method}"
        request = urllib.request.Request(address, json.dumps(given).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return json.load(error)

    def _report(self, error: str | None) -> None:
        with writing(self.town.engine) as session:
            row = session.get(ChannelStatus, "telegram") or ChannelStatus(channel="telegram")
            row.error = error
            row.last_ok = self.now() if error is None else row.last_ok
            session.add(row)
        self.reports.append(error)


def soon(found: Callable[[], object], seconds: float = 20) -> None:
    """Wait until it is so."""
    ends = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < ends, f"not so within {seconds} seconds"
        time.sleep(0.02)


def begun(here: Here) -> Conversation:
    return here.all(Conversation)[0]


def is_idle(here: Here) -> bool:
    """Whether all that came is dealt with."""
    return here.people.look()["waiting"] == 0 and all(one.handled_at or one.given_up_at for one in here.updates())


def settled(here: Here) -> None:
    soon(lambda: here.updates() and is_idle(here))


def sent(here: Here) -> list[Message]:
    """What has left."""
    return [message for message in here.all(Message) if message.sent_at]
