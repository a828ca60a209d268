"""What goes out: letters with their checklists, and the outbox that carries them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, text

from storage.tables.row import Row
from storage.types import Json, UtcDateTime

# What we said in a chat, which repeats what its person told us, and codes: both are erased some time after they left.
TO_ERASE = "kind IN ('turn', 'chat_code') AND closed_at IS NOT NULL AND text <> ''"


class Letter(Row, table=True):
    """A letter of a case: drafted, approved, issued, then relayed or recorded as posted."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    participant_id: int | None = Field(default=None, foreign_key="participant.id")
    kind: str  # the folder of templates/letters
    procedure_letter: str | None = None  # the id in the procedure, whose checklist it must meet
    on_relayed: str | None = None  # the event that its relaying writes, such as s1.response_sent
    language: str = "en"
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    drafted_by: str = "system"
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: str | None = None
    issued_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recalled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    relayed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    not_served_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Message(Row, table=True):
    """The outbox: one message to one recipient by one channel, rendered when it became owed."""

    __table_args__ = (
        Index("message_to_send", "channel", "send_after", "id", sqlite_where=text("closed_at IS NULL"),
              postgresql_where=text("closed_at IS NULL")),
        Index("message_in_order", "channel", "address", "id", sqlite_where=text("closed_at IS NULL"),
              postgresql_where=text("closed_at IS NULL")),
        Index("message_receipts", "address", "kind", "created_at"),
        Index("message_to_erase", "closed_at", sqlite_where=text(TO_ERASE), postgresql_where=text(TO_ERASE)),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # what it is the effect of: owed once whatever the number of workers
    number: int = Field(unique=True, sa_type=BigInteger)  # 60 bits of SHA-256 of the key; in the VERP address
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    letter_id: int | None = Field(default=None, foreign_key="letter.id", index=True)
    participant_id: int | None = Field(default=None, foreign_key="participant.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    channel: str = "email"  # email, post, or a messenger
    kind: str  # receipt, reminder, escalation, sign_in, or the letter's kind
    is_automatic: bool = True
    address: str  # mailbox, postal address, or a chat
    subject: str
    text: str
    html: str | None = None
    extra: dict[str, Any] | None = Field(default=None, sa_type=Json)  # chat: buttons, in rows; a document's name
    sender: str = ""  # the From address
    sender_name: str = ""
    reply_to: str | None = None
    envelope_sender: str = ""  # VERP
    message_id: str = Field(unique=True)
    in_reply_to: str | None = None
    references: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    send_after: datetime = Field(sa_type=UtcDateTime)
    lease: str | None = None
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    last_error: str | None = None
    possibly_twice: bool = False
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    bounced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    given_up_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recalled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # sent, given up or recalled
