"""What a messenger is to send for a message of the outbox: a text, buttons in rows, perhaps a document."""

from dataclasses import dataclass

from bot.said import Button, File
from storage.tables import Message


@dataclass(frozen=True)
class Outgoing:
    """One thing to send. With a document, the text stands under it."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    document: File | None = None


def outgoing(message: Message) -> Outgoing:
    """The message as a chat shows it. A letter is enclosed as a page of its own; its own text is not repeated."""
    extra = message.extra or {}
    rows = tuple(tuple(Button(one["text"], one["value"]) for one in row) for row in extra.get("buttons") or ())
    enclosed = extra.get("document")
    if not enclosed:
        return Outgoing(message.text, rows)
    document = File(enclosed["name"], enclosed["type"], (message.html or message.text).encode())
    return Outgoing(str(extra.get("caption") or message.subject), rows, document)
