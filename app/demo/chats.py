"""What citizens say in chats in the story: whole conversations with the bot, through the emulated messenger."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.demo.chat_lines import told_nothing_owed
from app.demo.reading import REFERENCE
from app.demo.story import Deed, chat_number
from bot.telegram.emulator.people import Line, People
from learning.feedback.survey_items import said

PHOTO = b"\xff\xd8\xff\xe0 an invented photo of a wet wall \xff\xd9"
ASKED = "How far do you agree?"  # in each question of a survey
SENT = ("Your complaint is sent.", "We have received your complaint.")
SERVICES = {
    "care": "Adult social care, Riverside Council",
    "housing": "Council housing, Riverside Council",
    "repairs": "Homes and repairs, Riverside Homes",
}


@dataclass
class Chat:
    """One person's chat: what they have read so far, and which of our messages only answered them."""

    id: int
    read: int = 0  # the last message that they know
    answers: set[int] = field(default_factory=set)


class Chats:
    """Everybody's chats. Blocks while somebody talks: to be run in a thread."""

    def __init__(self, people: People, settle: Callable[[], None]) -> None:
        """`settle` returns once everything said has been answered, and everything due has left."""
        self._people, self._settle = people, settle
        self._chats: dict[str, Chat] = {}

    def references(self, who: str) -> list[str]:
        """Of the complaints made in someone's chat, oldest first."""
        said = (REFERENCE.search(line.text) for line in self._people.history(self.chat(who).id) if line.is_bot)
        return list(dict.fromkeys(found[0] for found in said if found))

    def newest(self, who: str) -> Iterator[str]:
        """What the bot wrote to someone, the newest first, each with the letter that it encloses."""
        lines = [line for line in self._people.history(self.chat(who).id) if line.is_bot]
        return (f"{line.text}\n{self._letter(line)}" for line in reversed(lines))

    def chat(self, who: str) -> Chat:
        """Someone's chat, once they have read what came meanwhile."""
        chat = self._chats.setdefault(who, Chat(chat_number(who)))
        chat.read = max([chat.read, *(line.id for line in self._people.history(chat.id, after=chat.read))])
        return chat

    def complains(self, deed: Deed) -> None:
        """From the first word to the last button; `stops_at` is a question at which they leave it."""
        chat = self.chat(deed.who)
        self._people.be(chat.id, name=deed.who)
        if deed.given.get("begins") == "in their own words":
            line = self._say(chat, f"{deed.given['about']}. {deed.given['text']}")
        else:
            line = self._say(chat, "/complain")
        self._go_through(chat, deed, line)

    def goes_on(self, deed: Deed) -> None:
        """They come back to what they had left, by the button under our reminder."""
        chat = self.chat(deed.who)
        self._go_through(chat, deed, self._tap(chat, "Go on"))

    def writes(self, deed: Deed) -> None:
        """Free words, as people write at any time."""
        chat = self.chat(deed.who)
        self._say(chat, deed.given["text"])
        self._ends(chat)

    def edits(self, deed: Deed) -> None:
        """They change the words of their last message."""
        chat = self.chat(deed.who)
        self._people.edit(chat.id, deed.given["text"])
        self._ends(chat)

    def withdraws(self, deed: Deed) -> None:
        chat = self.chat(deed.who)
        self._say(chat, "/withdraw")
        unhappy = deed.given["still_dissatisfied"] == "yes"
        self._tap(chat, "Withdraw it, I am still unhappy" if unhappy else "Withdraw it, I am no longer unhappy")
        self._ends(chat)

    def answers_survey(self, deed: Deed) -> None:
        """The same answer to one question after the other, by its button, until we thank them."""
        chat, words = self.chat(deed.who), said()["scale"][deed.given["says"]]
        line = self._tap(chat, words)
        while ASKED in line.text:
            line = self._tap(chat, words)
        self._ends(chat)

    def blocks(self, deed: Deed) -> None:
        self._people.block(self.chat(deed.who).id)

    def asks_to_link(self, deed: Deed, reference: str) -> None:
        """They wish to follow in a chat what they began by email: a code is sent to their mailbox."""
        chat = self.chat(deed.who)
        self._people.be(chat.id, name=deed.who)
        self._say(chat, "/status")
        self._tap(chat, "I complained by email or form")
        self._say(chat, reference)
        self._ends(chat)

    def enters_code(self, deed: Deed, code: str) -> None:
        chat = self.chat(deed.who)
        self._say(chat, code)
        self._ends(chat)

    def write_down(self, folder: Path) -> None:
        """Every message of ours that was no mere answer, one file each, as mails are kept."""
        folder.mkdir(parents=True, exist_ok=True)
        ours = [(chat, line) for chat in self._chats.values() for line in self._owed(chat)]
        for number, (chat, line) in enumerate(sorted(ours, key=lambda one: one[1].id), 1):
            kept = {"chat": chat.id, "date": line.raw["date"], "text": line.text, "letter": self._letter(line)}
            (folder / f"{number:06}.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")

    def _owed(self, chat: Chat) -> Iterator[Line]:
        return (line for line in self._people.history(chat.id) if line.is_bot and line.id not in chat.answers)

    def _letter(self, line: Line) -> str:
        return self._people.file(line.file_id).decode() if line.file_id else ""

    def _go_through(self, chat: Chat, deed: Deed, line: Line) -> None:
        """Answer each question as it comes, until it is sent or they leave it."""
        ends = [*SENT, *([deed.given["stops_at"]] if "stops_at" in deed.given else [])]
        while not any(words in line.text for words in ends):
            line = self._answers(chat, deed, line)
        self._ends(chat)

    def _answers(self, chat: Chat, deed: Deed, line: Line) -> Line:
        for question, how in QUESTIONS:
            if re.search(question, line.text):
                does, what = how(deed)
                if does == "photo":
                    return self._send(chat, what)
                return self._tap(chat, what) if does == "tap" else self._say(chat, what)
        raise LookupError(f"nobody knows what to answer to: {line.text}")

    def _say(self, chat: Chat, text: str) -> Line:
        said = self._people.say(chat.id, text)
        return self._answer(chat, int(said["message_id"]))

    def _tap(self, chat: Chat, button: str) -> Line:
        self._people.tap(chat.id, button)
        return self._answer(chat, chat.read)

    def _send(self, chat: Chat, name: str) -> Line:
        sent = self._people.send_file(chat.id, name, PHOTO, "image/jpeg", as_="document")
        return self._answer(chat, int(sent["message_id"]))

    def _answer(self, chat: Chat, after: int) -> Line:
        line = self._people.answer(chat.id, max(after, chat.read))
        chat.read = line.id
        self._take(chat, [line])
        return line

    def _ends(self, chat: Chat) -> None:
        """What else comes at once, such as the receipt, is read too."""
        self._settle()
        lines = [line for line in self._people.history(chat.id, after=chat.read) if line.is_bot]
        self._take(chat, lines)
        chat.read = max([chat.read, *(line.id for line in lines)])

    def _take(self, chat: Chat, lines: Sequence[Line]) -> None:
        chat.answers |= {line.id for line in lines if told_nothing_owed(line.text)}


def _files(deed: Deed) -> tuple[str, str]:
    return ("photo", deed.given["photo"]) if "photo" in deed.given else ("tap", "Nothing to add")


def _reach(deed: Deed) -> tuple[str, str]:
    return ("say", deed.address) if deed.given.get("reach") == "email" else ("tap", "Here in this chat")


def _tap(words: str) -> Callable[[Deed], tuple[str, str]]:
    return lambda _deed: ("tap", words)


# By which words of a question they know what to answer, and how they do; the first that fits.
QUESTIONS: Sequence[tuple[str, Callable[[Deed], tuple[str, Any]]]] = (
    (r"Files so far: \d", _tap("That is all")),
    (r"Please check what you told us", _tap("Send my complaint")),
    (r"Do you want to add anything\?", _files),
    (r"Which service is your complaint about", lambda deed: ("tap", SERVICES[deed.given["service"]])),
    (r"Who is this complaint for", _tap("Me")),
    (r"When did it happen", lambda _deed: ("say", "In the last weeks")),
    (r"What would put it right", _tap("Skip")),
    (r"What is your name", lambda deed: ("say", deed.who)),
    (r"How should we write to you", _reach),
    (r"Is there any way we should not contact you", _tap("All ways are safe")),
    (r"Do you need any help to communicate", _tap("Skip")),
    (r"What happened\?", lambda deed: ("say", f"{deed.given['about']}. {deed.given['text']}")),
)

DOES: Mapping[str, Callable[[Chats, Deed], None]] = {
    "chats": Chats.complains,
    "begins_chat": Chats.complains,
    "goes_on_in_chat": Chats.goes_on,
    "writes_in_chat": Chats.writes,
    "edits_in_chat": Chats.edits,
    "withdraws_in_chat": Chats.withdraws,
    "answers_survey_in_chat": Chats.answers_survey,
    "blocks_the_bot": Chats.blocks,
}
