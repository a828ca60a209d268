"""What someone did in a chat, and the buttons we can offer: the same for every messenger."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class File:
    """A photo, document or voice note; its name is a label, never a path."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True)
class Said:
    """One thing someone did in a chat. `at` is when it was durable with us."""

    channel: str  # telegram, terminal
    chat: str  # the messenger's id of the chat
    at: datetime
    text: str = ""  # also the words under a photo
    command: str = ""  # without the slash: complain
    tapped: str = ""  # the value of the button that was pressed
    files: tuple[File, ...] = ()
    name: str = ""  # as the messenger calls the person: a claim
    language: str = "en"  # of the messenger: a claim
    replaces: str = ""  # the id of the message that this is a new version of
    id: str = ""  # the messenger's id of this message
    trouble: str = ""  # too_large, not_fetched, group, not_understood: what kept us from taking it


@dataclass(frozen=True)
class Button:
    """Something to press; its value is at most 64 bytes long in UTF-8."""

    text: str
    value: str
