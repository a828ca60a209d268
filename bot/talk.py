"""One turn of a conversation: what they said, what we say to it, and the one message that carries our reply."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import select

from bot.said import Button, Said
from storage.tables import Conversation, Participant
from templates.languages import spoken
from templates.words import chat
from workflow import by_chat, outbox
from workflow.office import Act
from workflow.outbox import To, Words
from workflow.ways import chat_name

MOST_REMEMBERED = 200  # messages of theirs, should one be edited


@dataclass
class Talk:
    """What is at hand while one thing that somebody said is answered."""

    act: Act
    said: Said
    conversation: Conversation
    paragraphs: list[str] = field(default_factory=list)
    rows: list[list[Button]] = field(default_factory=list)
    is_answered: bool = False  # by a message that somebody else owes, such as a receipt
    is_forgotten: bool = False  # what they did is not to stay readable once it has been answered

    @property
    def name(self) -> str:
        """How this chat stands in a participant's record."""
        return chat_name(self.conversation.channel, self.conversation.chat)

    def words(self, group: str) -> dict[str, Any]:
        """The words of a group in their language."""
        return dict(chat(self.conversation.language)[group])

    def say(self, key: str, **facts: object) -> None:
        """Say a sentence of `templates/chat`, such as `status.none`, with these facts in it."""
        group, _, name = key.partition(".")
        self.paragraphs.append(str(self.words(group)[name]).format_map(facts))

    def offer(self, *row: Button) -> None:
        """Offer buttons, side by side, below those offered before."""
        self.rows.append(list(row))

    def button(self, key: str, value: str, **facts: object) -> Button:
        group, _, name = key.partition(".")
        return Button(str(self.words(group)[name]).format_map(facts), value)

    def remember(self, became: str) -> None:
        """What their message became, so that an edited one is known for what it was."""
        if self.said.id:
            kept = list(self.conversation.said.items())[-MOST_REMEMBERED:]
            self.conversation.said = {**dict(kept), self.said.id: became}

    def owe(self) -> None:
        """Put our reply in the outbox: one message a turn."""
        self.act.session.add(self.conversation)
        if not self.paragraphs or self.is_answered:
            return
        self.conversation.turns += 1
        # However long: a messenger that takes less in one message parts it, and the end says what the buttons mean.
        words = Words(str(self.words("turn")["subject"]), "\n\n".join(self.paragraphs))
        key = f"turn:{self.conversation.id}:{self.conversation.turns}"
        to = To(self.said.chat, self.said.channel)
        message = outbox.owe(self.act, key, "turn", to, words, first_time=True)
        assert message is not None
        rows = [[{"text": one.text, "value": one.value} for one in row] for row in self.rows]
        message.extra = {"buttons": rows, "document": None}


def begin(act: Act, said: Said) -> Talk:
    """The conversation of this chat, locked while it is answered; a new one in the language of their messenger."""
    query = select(Conversation).where(Conversation.channel == said.channel, Conversation.chat == said.chat)
    conversation = act.session.exec(query.with_for_update()).first()
    if conversation is None:
        language = spoken(said.language.partition("-")[0].lower())
        conversation = Conversation(channel=said.channel, chat=said.chat, language=language)
        act.session.add(conversation)
        act.session.flush()
    conversation.name = said.name[:200] or conversation.name
    by_chat.find_case(act, conversation)
    _reopen(act, chat_name(said.channel, said.chat))
    return Talk(act, said, conversation)


def _reopen(act: Act, chat: str) -> None:
    """Whoever writes to us takes our messages again."""
    for person in act.session.exec(select(Participant).where(Participant.chat == chat)):
        if person.chat_closed_at is not None:
            person.chat_closed_at = None
            act.session.add(person)
