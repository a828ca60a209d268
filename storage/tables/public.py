"""What the public's pages keep: a form half filled in, and equality answers apart from any case."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field

from storage.tables.row import Row
from storage.types import Json, UtcDateTime


class FormDraft(Row, table=True):
    """A complaint being written; `token` is its one-time form token, whose reuse shows the first reference."""

    __tablename__ = "form_draft"

    token_hash: str = Field(primary_key=True)
    channel: str = "web"
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    files: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)  # name, type, size, sha256 of blobs
    started_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    contact_key: str | None = None  # once it was sent


class EqualityAnswer(Row, table=True):
    """Voluntary answers of someone who complained: no case, no person, the month only."""

    __tablename__ = "equality_answer"

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    month: date
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
