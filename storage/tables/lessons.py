"""What is learnt: lessons, the complaints behind them, who must learn, and plans of action with their proof."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, Index, UniqueConstraint, text

from storage.tables.row import Row
from storage.types import Json, UtcDateTime


class Lesson(Row, table=True):
    """What went wrong, why, and what must be learnt from it; from complaints or from elsewhere."""

    __table_args__ = (Index("lesson_of_service", "service_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    service_id: int = Field(foreign_key="service.id")
    title: str
    what_happened: str
    cause: str = ""
    cause_kind: str = ""  # a system's cause first: policy, process, systems, capacity…, and last an individual
    evidence: str = ""
    subject: str | None = None  # a code of workflow/subjects.toml
    is_systemic: bool | None = None  # None: not yet judged
    wider_implications: str = ""
    source: str = "complaint"  # complaint, group, internal_review, external_review, ombudsman, insight
    external_body: str = ""
    known_before: bool | None = None  # had we found it ourselves before others pushed?
    policy: str = ""  # which policy or procedure, and which version of it
    written_by_id: int | None = Field(default=None, foreign_key="staff.id")
    written_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # every action embedded or dropped
    version: int = 1  # raised by each change: the second of two people is told


class LessonCase(Row, table=True):
    """A complaint that a lesson comes from, of any service and organisation."""

    __tablename__ = "lesson_case"
    __table_args__ = (UniqueConstraint("lesson_id", "case_id"),)

    id: int | None = Field(default=None, primary_key=True)
    lesson_id: int = Field(foreign_key="lesson.id")
    case_id: int = Field(foreign_key="cases.id", index=True)
    how: str = "same_cause"  # first, same_cause, same_subject, same_effect
    linked_at: datetime = Field(sa_type=UtcDateTime)
    linked_by_id: int | None = Field(default=None, foreign_key="staff.id")


class LessonLearner(Row, table=True):
    """Who must learn a lesson: a body, a service of it or some of its people; when told, and what they then did."""

    __tablename__ = "lesson_learner"

    id: int | None = Field(default=None, primary_key=True)
    lesson_id: int = Field(foreign_key="lesson.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    service_id: int | None = Field(default=None, foreign_key="service.id", index=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id")  # the person who answers for it there
    people: str = ""  # in words, such as: everyone who books repairs
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    implemented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    what: str = ""  # what they changed


class ActionPlan(Row, table=True):
    """What is done about a lesson: one plan each."""

    __tablename__ = "action_plan"

    id: int | None = Field(default=None, primary_key=True)
    lesson_id: int = Field(foreign_key="lesson.id", unique=True)
    owner_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    put_right: str = ""  # how the matter is put right for the person who complained
    embedded_when: str = ""  # how it will be made to last, and what that looks like once done
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    agreed_by_id: int | None = Field(default=None, foreign_key="staff.id")
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


UNDER_WAY = "next_due IS NOT NULL"


class Action(Row, table=True):
    """One action of a plan, with the nine elements of the guide; the state is kept by learning/plan/plans.py alone."""

    __table_args__ = (
        Index("action_owner", "owner_id", "next_due", sqlite_where=text(UNDER_WAY), postgresql_where=text(UNDER_WAY)),
        Index("action_worklist", "service_id", "next_due", "id", sqlite_where=text(UNDER_WAY),
              postgresql_where=text(UNDER_WAY)),
        Index("action_state", "service_id", "state"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="action_plan.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)  # the lesson's
    service_id: int = Field(foreign_key="service.id")  # the lesson's
    what: str = ""  # 1: what is done…
    failing: str = ""  # …which failing it remedies…
    impact: str = ""  # …and which impact
    owner_id: int | None = Field(default=None, foreign_key="staff.id")  # 2: the person…
    team: str = ""  # …and, if it is a team's, the team
    starts: date | None = None  # 3
    completes: date | None = None
    standards: str = ""  # 4: how it meets professional or other standards
    involvement: str = ""  # 5: how the person who complained takes part
    review_how: str = ""  # 6: how progress is reviewed, and when next
    review_on: date | None = None
    check_how: str = ""  # 7: how completion is checked, and when
    check_on: date | None = None
    audit_how: str = ""  # 8: how the improvement is monitored and audited, and when next
    audit_on: date | None = None
    measure: str = ""  # 9: what is measured, from where, to where
    baseline: str = ""
    target: str = ""
    result: str = ""  # what the measure came to
    state: str = "drafted"  # drafted, agreed, in_progress, done, checked, embedded, failed, dropped
    progress: str = ""  # what was last reported
    evidence: str = ""  # in plain words: they are read by the person who complained
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    embedded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dropped_because: str = ""
    next_step: str | None = None  # what is due next: start, review, complete, check, audit, reopen
    next_due: datetime | None = Field(default=None, sa_type=UtcDateTime)  # late from this instant
    version: int = 1


class LearningEvent(Row, table=True):
    """Something that happened to a lesson, its plan or an action: never changed, never deleted."""

    __tablename__ = "learning_event"
    __table_args__ = (Index("event_of_lesson", "lesson_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    lesson_id: int = Field(foreign_key="lesson.id")
    action_id: int | None = Field(default=None, foreign_key="action.id", index=True)
    name: str
    at: datetime = Field(sa_type=UtcDateTime)
    by_staff_id: int | None = Field(default=None, foreign_key="staff.id")
    by: str = "system"
    because: str = ""
    data: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
