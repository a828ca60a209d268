"""A complaint on its way through a procedure: its story, its people, its dates."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, Index, UniqueConstraint, text

from storage.tables.row import Row
from storage.types import Json, UtcDateTime


class Case(Row, table=True):
    """A complaint. `stage`, `state`, `answered`, `next_due` and `next_clock` are projections of its events."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("case_worklist", "service_id", "next_due", "id", sqlite_where=text("state = 'open'"),
              postgresql_where=text("state = 'open'")),
        Index("case_handler", "handler_id", "next_due", sqlite_where=text("state = 'open'"),
              postgresql_where=text("state = 'open'")),
        Index("case_urgent", "service_id", sqlite_where=text("urgent_at IS NOT NULL AND state = 'open'"),
              postgresql_where=text("urgent_at IS NOT NULL AND state = 'open'")),
        Index("case_received", "service_id", "received_at", "kind"),
        Index("case_closed", "service_id", "closed_at", sqlite_where=text("closed_at IS NOT NULL"),
              postgresql_where=text("closed_at IS NOT NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    service_id: int = Field(foreign_key="service.id")
    procedure: str
    procedure_hash: str
    kind: str = "complaint"  # complaint, enquiry, service_request, compliment, report, spam
    channel: str
    language: str = "en"
    received_at: datetime = Field(sa_type=UtcDateTime)
    stage: str = ""
    state: str = "open"  # open, closed
    outcome: str | None = None  # answered, withdrawn, refused, signposted, refiled
    handler_id: int | None = Field(default=None, foreign_key="staff.id")
    about_staff_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    summary: str = ""  # the first words, for staff only
    definition: str = ""  # the complaint as defined with the person
    outcomes_sought: str = ""
    subject: str | None = None  # a code of workflow/subjects.toml
    severity: int | None = None  # 1, the least, to 5
    urgent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    urgent_because: str | None = None
    next_due: datetime | None = Field(default=None, sa_type=UtcDateTime)  # late from this instant
    next_clock: str | None = None
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1  # raised by each verb: the second of two people is told what changed


class Participant(Row, table=True):
    """Someone with a part in a case: complainant, representative or advocate; how to reach them, and how not."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    role: str = "complainant"
    name: str = ""
    email: str = Field(default="", index=True)  # lower case
    telephone: str = ""
    postal_address: str = ""
    chat: str | None = Field(default=None, index=True)  # a chat that is theirs: telegram:12345
    chat_closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # they no longer take messages there
    prefers: str = "email"  # the channel they wish: email, post, telephone, or a messenger
    avoid: list[str] = Field(default_factory=list, sa_type=Json)  # channels that are not safe
    communication_needs: str = ""
    acts_for: str = ""  # who it is about, when not themselves
    authority: str = ""  # by what authority they act
    verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    progress_hash: str | None = Field(default=None, unique=True)  # of the secret in their progress link
    progress_revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Event(Row, table=True):
    """Something that happened to a case: never changed, never deleted. All else is folded from these."""

    __table_args__ = (Index("event_of_case", "case_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    name: str
    at: datetime = Field(sa_type=UtcDateTime)  # when it counts
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    by_staff_id: int | None = Field(default=None, foreign_key="staff.id")
    by: str = "system"  # system, complainant, or the staff member's name
    because: str = ""
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


STILL_AHEAD = "met_at IS NULL AND state <> 'overdue' AND due_at IS NOT NULL"


class Deadline(Row, table=True):
    """One clock of one case as evaluated last: a projection, rebuilt at any time."""

    __table_args__ = (
        UniqueConstraint("case_id", "clock"),
        Index("deadline_to_pass", "due_at", sqlite_where=text(STILL_AHEAD), postgresql_where=text(STILL_AHEAD)),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    clock: str
    state: str
    start: date | None = None
    base_due: date | None = None
    due: date | None = None
    promised: date | None = None
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # late from this instant; None: stopped
    met_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Reminder(Row, table=True):
    """A mail to staff that falls due at an instant: before, on and after a date. `key` makes it unique.

    It is about a case, or about the row `about_id` of another kind of thing that has dates, such as an action.
    """

    __table_args__ = (
        Index("reminder_due", "at", sqlite_where=text("done_at IS NULL"),
              postgresql_where=text("done_at IS NULL")),
        Index("reminder_about", "about", "about_id"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)  # case, clock, kind, due date, offset date, role
    about: str = "case"  # a word of app/reminding.py
    about_id: int | None = None  # None for a case: that is `case_id`
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    clock: str
    kind: str  # reminder, escalation, alarm
    at: datetime = Field(sa_type=UtcDateTime)
    due: date
    role: str  # the procedure's role it goes to
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Head(Row, table=True):
    """One head of complaint and what was decided on it, at which stage."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    text: str
    stage: str | None = None
    outcome: str | None = None
    reasons: str = ""
    remedy: str = ""
    remedy_kind: str | None = None  # apology, explanation, put_right, payment, review, change, other, none
    remedy_pence: int | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CaseRole(Row, table=True):
    """Who holds which of the procedure's roles on a case, and from when; earlier holders stay on record."""

    __tablename__ = "case_role"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id", index=True)
    role: str  # such as s1.handler, investigator, panel_chair
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    name: str = ""  # someone from outside, such as a panel member
    independent: bool = False
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Task(Row, table=True):
    """Something a person must do that no clock of the procedure asks for: a bounce, a proposal, a held contact."""

    __table_args__ = (
        Index("task_open", "service_id", "created_at", sqlite_where=text("done_at IS NULL"),
              postgresql_where=text("done_at IS NULL")),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    case_id: int | None = Field(default=None, foreign_key="cases.id", index=True)
    service_id: int | None = Field(default=None, foreign_key="service.id")
    kind: str  # bounced, not_sent, stage_request, held, unsafe_channel, extension_invalid, calendar…
    text: str
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
