"""Colleagues whom a complaint is about: told early, and supported; their names are for letters to them alone."""

from datetime import date, datetime

from sqlmodel import Field

from storage.tables.row import Row
from storage.types import UtcDateTime


class Colleague(Row, table=True):
    """Someone whose work a complaint is about, as whoever deals with the case entered them."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    name: str
    email: str  # lower case
    entered_by_id: int | None = Field(default=None, foreign_key="staff.id")
    told_at: datetime = Field(sa_type=UtcDateTime)


class SupportStep(Row, table=True):
    """Support that such a colleague was offered or given, and on which day."""

    __tablename__ = "support_step"

    id: int | None = Field(default=None, primary_key=True)
    colleague_id: int = Field(foreign_key="colleague.id", index=True)
    kind: str  # a word of workflow/casework/supporting.py: counselling, professional_body, union…
    on: date
    note: str = ""
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    by_staff_id: int | None = Field(default=None, foreign_key="staff.id")
