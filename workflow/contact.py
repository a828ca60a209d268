"""What someone said to us, read from its raw form and freed of the channel it came by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Who or what speaks: only a person's words ever open or join a case."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    FEEDBACK_REPORT = "feedback_report"
    LIST = "list"
    UNREADABLE = "unreadable"

    @property
    def is_automatic(self) -> bool:
        return self not in (Kind.PERSON, Kind.UNREADABLE)


@dataclass(frozen=True)
class Attachment:
    """A view into the raw bytes: `part` counts the leaves of the message from 0; size in bytes after decoding."""

    name: str
    type: str
    size: int
    sha256: str
    part: int


@dataclass(frozen=True)
class Bounce:
    """A failed delivery: whom it did not reach, for good or for now, and the RFC 3463 status where given."""

    recipients: tuple[str, ...]
    permanent: bool
    status: str | None = None


@dataclass(frozen=True)
class Reading:
    """One contact as read: `text` is all of it, `reply` what the person newly wrote (equal when unsure)."""

    kind: Kind = Kind.PERSON
    sender_name: str = ""
    sender_address: str = ""
    subject: str = ""
    date: datetime | None = None
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    text: str = ""
    reply: str = ""
    attachments: tuple[Attachment, ...] = ()
    bounce: Bounce | None = None
    rules: tuple[str, ...] = ()  # why this kind
    problems: tuple[str, ...] = ()  # what could not be read, in words for a handler
    answers: Mapping[str, Any] = field(default_factory=dict)  # of the questionnaire, where the channel asked it
