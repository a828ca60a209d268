"""Someone in a chat with us: what they say goes through the conversation; what comes back is read from the outbox."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from bot.conversation import answer
from bot.outgoing import Outgoing, outgoing
from bot.said import Button, File, Said
from storage.database import reading, writing
from storage.tables import Conversation
from tests.town import Town
from workflow import delivery
from workflow.matching import reference_in

GATE = "The gate has been broken for three weeks."


@dataclass
class Someone:
    """One person, one chat; each of their turns is counted."""

    town: Town
    chat: str = "12345"
    channel: str = "messenger"
    turns: int = 0
    heard: list[Outgoing] = field(default_factory=list)
    ids: "count[int]" = field(default_factory=lambda: count(1))

    def say(self, text: str = "", **more: Any) -> str:
        """They write; gives what they then read, all of it."""
        return self.does(text=text, **more)

    def command(self, name: str, text: str = "") -> str:
        return self.does(command=name, text=text)

    def send(self, *names: str, text: str = "", type: str = "image/jpeg") -> str:  # noqa: A002 - the field's own name
        """They send files."""
        files = tuple(File(name, type, f"the bytes of {name}".encode()) for name in names)
        return self.does(files=files, text=text)

    def tap(self, words: str) -> str:
        """They press the button with these words under our last message."""
        return self.does(tapped=self.button(words).value)

    def press(self, value: str) -> str:
        """They press a button from long ago."""
        return self.does(tapped=value)

    def button(self, words: str) -> Button:
        found = [button for row in self.heard[-1].rows for button in row if button.text == words]
        assert found, (words, self.buttons())
        return found[0]

    def buttons(self) -> list[str]:
        return [button.text for row in self.heard[-1].rows for button in row]

    def hears(self) -> list[Outgoing]:
        """The messenger delivers all that is due to this chat."""
        got: list[Outgoing] = []
        while True:
            with writing(self.town.engine) as session:
                act = self.town.act(session)
                message = delivery.claim_next(
                    act, f"chat {next(self.town.numbers)}", channel=self.channel, address=self.chat
                )
                if message is None:
                    self.heard += got
                    return got
                delivery.left(act, message)
                got.append(outgoing(message))

    def conversation(self) -> Conversation:
        from sqlmodel import select

        with reading(self.town.engine) as session:
            return session.exec(select(Conversation).where(Conversation.chat == self.chat)).one()

    def does(self, **what: Any) -> str:
        self.does_unheard(**what)
        return "\n".join(one.text for one in self.hears())

    def does_unheard(self, text: str = "", **what: Any) -> None:
        """They do something, and do not look at what comes back."""
        self.turns += 1
        at: datetime = what.pop("at", self.town.now)
        said = Said(
            self.channel, self.chat, at, id=what.pop("id", f"m{next(self.ids)}"), name="Jo B", text=text, **what
        )
        with writing(self.town.engine) as session:
            answer(self.town.act(session), said)


def told(
    jo: Someone, what: str = "The gate has been broken for three weeks.", *, by: str = "Here in this chat"
) -> None:
    """They tell a whole complaint about repairs, up to the last look at it."""
    jo.command("complain")
    jo.say(what)
    jo.say("Since 1 December")
    jo.tap("Repairs, Town Homes")
    jo.tap("Me")
    jo.say("A repair and an apology")
    jo.say("Jo Bloggs")
    jo.say(by) if "@" in by else jo.tap(by)
    jo.tap("All ways are safe")
    jo.tap("Skip")
    jo.tap("Nothing to add")


def sent(jo: Someone, what: str = "The gate has been broken for three weeks.", *, by: str = "Here in this chat") -> str:
    """They send it; gives the reference."""
    told(jo, what, by=by)
    return reference_in(jo.tap("Send my complaint")) or ""
