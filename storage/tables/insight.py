"""Other things that tell us how services do: compliments, claims, surveys, advocates, social media, and more."""

from datetime import date, datetime

from sqlmodel import Field, Index

from storage.tables.row import Row
from storage.types import UtcDateTime


class Insight(Row, table=True):
    """One piece of other insight, or a count of several of a kind."""

    __table_args__ = (
        Index("insight_of_organisation", "organisation_id", "on_day"),
        {"sqlite_autoincrement": True},  # what happened to one that was taken back still names it
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(default=None, unique=True)  # of an imported row, so that a file may be imported twice
    kind: str  # compliment, claim, staff_survey, advocacy, social_media, grievance, whistleblowing
    on_day: date
    organisation_id: int = Field(foreign_key="organisation.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    subject: str | None = None
    text: str = ""
    how_many: int = 1
    pence: int | None = None  # of claims
    source: str = ""
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    entered_by_id: int | None = Field(default=None, foreign_key="staff.id")
    entered_at: datetime = Field(sa_type=UtcDateTime)
