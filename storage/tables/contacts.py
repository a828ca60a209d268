"""What came in: raw bytes, durable before we say yes, and what was read from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, Index, text

from storage.tables.row import Row
from storage.types import Bytes, Json, UtcDateTime


class Blob(Row, table=True):
    """Raw bytes, stored once under their SHA-256; attachments of mails are views into them."""

    sha256: str = Field(primary_key=True)
    size: int
    content: bytes = Field(sa_type=Bytes)


class Contact(Row, table=True):
    """One thing somebody sent us by one channel to one address of ours.

    `standing` is one of waiting (not yet processed, or held for a person), filed, automatic, quarantined.
    """

    __table_args__ = (
        Index("contact_unprocessed", "id", sqlite_where=text("processed_at IS NULL"),
              postgresql_where=text("processed_at IS NULL")),
        Index("contact_standing", "standing", "id"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # SHA-256 over channel, recipient and bytes (a form: also its token)
    channel: str
    recipient: str  # the address, or the organisation's slug for a form
    envelope: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    raw_sha256: str = Field(foreign_key="blob.sha256")
    received_at: datetime = Field(sa_type=UtcDateTime)
    standing: str = "waiting"
    processed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    try_after: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = None
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    held_because: str | None = None  # in the case's holding pen, for this reason
    kind: str | None = None  # workflow.contact.Kind
    direction: str = "in"  # or "entered": taken down by staff from a call or letter
    sender_name: str = ""
    sender_address: str = Field(default="", index=True)
    subject: str = ""
    message_id: str | None = Field(default=None, index=True)
    text: str = ""
    reply: str = ""
    reading: dict[str, Any] = Field(default_factory=dict, sa_type=Json)  # rules, problems, answers, bounce…


class Attachment(Row, table=True):
    """A file that came with a contact: part `part` of its raw mail, or a blob of its own (web)."""

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    name: str
    type: str
    size: int
    sha256: str
    part: int | None = None
    blob_sha256: str | None = Field(default=None, foreign_key="blob.sha256")


class MailboxMessage(Row, table=True):
    """A message seen in an IMAP mailbox: our own memory, since flags can be changed by anybody."""

    __tablename__ = "mailbox_message"

    mailbox: str = Field(primary_key=True)
    uidvalidity: int = Field(primary_key=True, sa_type=BigInteger)  # unsigned 32 bits
    uid: int = Field(primary_key=True, sa_type=BigInteger)
    contact_key: str | None = None
    problem: str | None = None
    stored_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
