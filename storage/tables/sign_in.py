"""How staff sign in: emailed links used once, and sessions that can be ended."""

from datetime import datetime

from sqlmodel import Field

from storage.tables.row import Row
from storage.types import UtcDateTime


class SignInLink(Row, table=True):
    """A link by mail: ten minutes, once, in the browser that asked for it."""

    __tablename__ = "sign_in_link"

    token_hash: str = Field(primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    browser_hash: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StaffSession(Row, table=True):
    """Someone signed in; a disabled account ends all of its sessions at once."""

    __tablename__ = "staff_session"

    token_hash: str = Field(primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
