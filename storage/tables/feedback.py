"""The people behind complaints, afterwards: how they are kept informed and take part, and what they tell us."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, Index, text

from storage.tables.row import Row
from storage.types import Json, UtcDateTime

INFORMED = "stopped_at IS NULL AND next_at IS NOT NULL"
TO_SEND = "closed_at IS NULL"


class KeepInformed(Row, table=True):
    """How someone wishes to hear what becomes of their complaint: by which channel, how often, or not at all."""

    __tablename__ = "keep_informed"
    __table_args__ = (
        Index("informed_next", "next_at", sqlite_where=text(INFORMED), postgresql_where=text(INFORMED)),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    participant_id: int = Field(foreign_key="participant.id", unique=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    channel: str | None = None  # email, chat, post, none; None: not answered yet
    every_weeks: int | None = None
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stop_hash: str | None = Field(default=None, unique=True)  # of the secret in their stop link


class Involvement(Row, table=True):
    """One of the five ways in which someone takes part in the learning, with their consent to it."""

    id: int | None = Field(default=None, primary_key=True)
    participant_id: int = Field(foreign_key="participant.id", index=True)
    lesson_id: int | None = Field(default=None, foreign_key="lesson.id", index=True)
    plan_id: int | None = Field(default=None, foreign_key="action_plan.id", index=True)
    way: str  # review, training, visit, story, audit
    offered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    consent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    what: str = ""  # what they were asked to do, and what came of it


class UpdateSent(Row, table=True):
    """An update that went to someone, and what it told, so that the next one tells what is new."""

    __tablename__ = "update_sent"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    participant_id: int = Field(foreign_key="participant.id", index=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    kind: str  # intended, update, changed
    at: datetime = Field(sa_type=UtcDateTime)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class SurveyInvitation(Row, table=True):
    """Someone asked for their opinion, once, with one reminder; their answers are kept apart from this."""

    __tablename__ = "survey_invitation"
    __table_args__ = (
        Index("survey_to_send", "send_at", sqlite_where=text(TO_SEND), postgresql_where=text(TO_SEND)),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    grp: str  # complainant, supporter, colleague, complaints_staff
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    service_id: int | None = Field(default=None, foreign_key="service.id")
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    participant_id: int | None = Field(default=None, foreign_key="participant.id", index=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    email: str = ""
    channel: str = "email"
    language: str = "en"
    token_hash: str = Field(unique=True)
    given: dict[str, str] | None = Field(default=None, sa_type=Json)  # in a chat, until it is closed; "" is left out
    send_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # answered, declined or over


class SurveyAnswer(Row, table=True):
    """One person's answers, without the person and without the case."""

    __tablename__ = "survey_answer"
    __table_args__ = (Index("answers_of_quarter", "organisation_id", "quarter", "grp"),)

    id: int | None = Field(default=None, primary_key=True)
    grp: str
    organisation_id: int = Field(foreign_key="organisation.id")
    service_id: int | None = Field(default=None, foreign_key="service.id")
    quarter: str  # such as 2026Q2: April to March, so Q1 begins in April
    language: str = "en"
    channel: str = "email"
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
