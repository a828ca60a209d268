"""Leaders and the world outside: digests and decisions, published learning, stakeholders, ombudsmen."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, Index, UniqueConstraint

from storage.tables.row import Row
from storage.types import Json, UtcDateTime


class DigestSent(Row, table=True):
    """A digest that one leader was owed for one period, whatever the number of workers."""

    __tablename__ = "digest_sent"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # organisation, period, staff
    organisation_id: int = Field(foreign_key="organisation.id")
    staff_id: int = Field(foreign_key="staff.id", index=True)
    period: str  # 2026Q2, or 2026-07
    at: datetime = Field(sa_type=UtcDateTime)


class Review(Row, table=True):
    """A leader's decision on what a digest asked: with an owner and a date, back in each digest until done."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    period: str
    question: str
    decision: str
    decided_by_id: int = Field(foreign_key="staff.id")
    decided_at: datetime = Field(sa_type=UtcDateTime)
    owner_id: int = Field(foreign_key="staff.id", index=True)
    due: date
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str = ""
    digest_id: int | None = Field(default=None, foreign_key="digest_sent.id")
    version: int = 1


class ReviewEvent(Row, table=True):
    """Something that happened to a leader's decision: never changed, never deleted."""

    __tablename__ = "review_event"

    id: int | None = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id", index=True)
    name: str  # review.taken, review.moved, review.handed_over, review.done
    at: datetime = Field(sa_type=UtcDateTime)
    by_staff_id: int | None = Field(default=None, foreign_key="staff.id")
    by: str = "system"
    because: str = ""
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class Publication(Row, table=True):
    """A lesson told to the public, names removed: written by one person, checked by another."""

    id: int | None = Field(default=None, primary_key=True)
    lesson_id: int = Field(foreign_key="lesson.id", unique=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    slug: str = Field(unique=True)
    texts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)  # language -> title, you_said, we_did
    written_by_id: int = Field(foreign_key="staff.id")
    written_at: datetime = Field(sa_type=UtcDateTime)
    checked_by_id: int | None = Field(default=None, foreign_key="staff.id")
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1
    story_of_id: int | None = Field(default=None, foreign_key="cases.id", index=True)  # whose; None: nobody's alone


class Feed(Row, table=True):
    """The published learning of another organisation that we follow."""

    id: int | None = Field(default=None, primary_key=True)
    url: str = Field(unique=True)
    name: str
    etag: str | None = None
    last_modified: str | None = None
    added_by_id: int | None = Field(default=None, foreign_key="staff.id")
    added_at: datetime = Field(sa_type=UtcDateTime)
    fetch_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)  # next; None: stopped
    last_ok: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = None


class FeedItem(Row, table=True):
    """One thing that others learnt."""

    __tablename__ = "feed_item"
    __table_args__ = (UniqueConstraint("feed_id", "guid"),)

    id: int | None = Field(default=None, primary_key=True)
    feed_id: int = Field(foreign_key="feed.id")
    guid: str
    title: str
    text: str = ""
    subject: str | None = Field(default=None, index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    url: str = ""


class Stakeholder(Row, table=True):
    """Someone who gets what we publish: parent department, advocacy provider, colleagues, community group, press."""

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    kind: str
    name: str
    email: str = Field(index=True)
    language: str = "en"
    added_by_id: int | None = Field(default=None, foreign_key="staff.id")
    added_at: datetime = Field(sa_type=UtcDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stop_hash: str | None = Field(default=None, unique=True)


class OutsideEvent(Row, table=True):
    """Something that happened to other insight, a feed or a stakeholder: never changed, never deleted."""

    __tablename__ = "outside_event"
    __table_args__ = (Index("outside_event_about", "about", "about_id"),)

    id: int | None = Field(default=None, primary_key=True)
    about: str  # insight, feed, stakeholder
    about_id: int
    name: str  # such as feed.followed
    at: datetime = Field(sa_type=UtcDateTime)
    by_staff_id: int | None = Field(default=None, foreign_key="staff.id")
    by: str = "system"
    because: str = ""
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class OmbudsmanMatter(Row, table=True):
    """A complaint that went on to an ombudsman, and what was found."""

    __tablename__ = "ombudsman_matter"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    body: str
    referred_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finding: str | None = None


class Recommendation(Row, table=True):
    """What an ombudsman told us to do, by when, and the proof that it was done."""

    __table_args__ = ({"sqlite_autoincrement": True},)  # events and tasks still name one that was taken back

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int = Field(foreign_key="ombudsman_matter.id", index=True)
    text: str
    due: date | None = None
    complied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    evidence: str = ""
    lesson_id: int | None = Field(default=None, foreign_key="lesson.id", index=True)
    declined_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # we do not comply, and say why
    declined_because: str | None = None
