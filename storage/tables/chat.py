"""Chats: what a messenger brought us, raw, and where each conversation stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, UniqueConstraint, text

from storage.tables.row import Row
from storage.types import Bytes, Json, UtcDateTime

WAITING = "handled_at IS NULL AND given_up_at IS NULL"
TO_ERASE = "handled_at IS NOT NULL AND erased_at IS NULL"
USABLE = "code_hash <> ''"
QUARANTINED = "given_up_at IS NOT NULL AND handled_at IS NULL"


class ChatUpdate(Row, table=True):
    """One update as a messenger gave it to a bot of ours: raw, durable before the messenger hears that we have it.

    It is no Contact yet: only what a person sends us as a complaint, or adds to one, becomes a Contact.
    """

    __tablename__ = "chat_update"
    __table_args__ = (
        UniqueConstraint("bot", "update_id"),
        Index("chat_update_next", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
        Index("chat_update_waiting", "bot", "chat", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
        Index("chat_update_to_erase", "handled_at", sqlite_where=text(TO_ERASE), postgresql_where=text(TO_ERASE)),
        Index("chat_update_quarantined", "bot", sqlite_where=text(QUARANTINED), postgresql_where=text(QUARANTINED)),
    )

    id: int | None = Field(default=None, primary_key=True)
    bot: str  # telegram:<the bot's id>, or terminal
    update_id: int = Field(sa_type=BigInteger)
    raw: bytes = Field(sa_type=Bytes)
    chat: str = ""  # as far as the receiver could tell: within a chat, order is kept
    kind: str = "unknown"  # message, edit, tap, unknown…
    received_at: datetime = Field(sa_type=UtcDateTime)
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    given_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # in quarantine, for a person to look at
    tries: int = 0
    try_after: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = None  # the kind of error, never its text
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # since when `raw` is empty


class Conversation(Row, table=True):
    """One chat with one person: what they are telling us, what we asked last. A restart forgets none of it."""

    __table_args__ = (
        UniqueConstraint("channel", "chat"),
        Index("conversation_due", "look_at", sqlite_where=text("look_at IS NOT NULL"),
              postgresql_where=text("look_at IS NOT NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    channel: str  # the messenger
    chat: str  # the messenger's id of it
    name: str = ""  # as the messenger calls the person: a claim
    language: str = "en"
    turns: int = 0  # messages of ours so far
    round: int = 1  # of complaints: raised when one is sent or deleted, so that old buttons are known as old
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)  # of the complaint not yet sent
    question: str = ""  # what we asked of it last; empty when there is none
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    aside: str = ""  # what we asked that is not part of it, such as a code or which case
    holding: dict[str, Any] = Field(default_factory=dict, sa_type=Json)  # what that question is about
    said: dict[str, Any] = Field(default_factory=dict, sa_type=Json)  # their message's id -> what it became
    case_id: int | None = Field(default=None, foreign_key="cases.id")  # opened before it was sent: it names harm
    began_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    look_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # remind them, later show it to staff
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # they said: don't write to me here


class ChatCode(Row, table=True):
    """A code sent to someone's mailbox, by which a chat shows that it is theirs: short-lived, used once."""

    __tablename__ = "chat_code"
    __table_args__ = (
        Index("chat_code_of_conversation", "conversation_id", "made_at"),
        Index("chat_code_of_participant", "participant_id", "made_at"),
        Index("chat_code_to_forget", "made_at", sqlite_where=text(USABLE), postgresql_where=text(USABLE)),
        Index("chat_code_made", "made_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversation.id")
    participant_id: int | None = Field(default=None, foreign_key="participant.id")  # None: there is no such case
    code_hash: str  # empty once it was used, or has run out
    made_at: datetime = Field(sa_type=UtcDateTime)
    tries: int = 0
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
