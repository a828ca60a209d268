"""Which cases are behind a figure: the very conditions that counted it, so that a list shows what a number says."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from learning.quarters import Period
from storage.tables import Case, Deadline, Head, OmbudsmanMatter, Service
from workflow import procedure as procedures

Rules = list[ColumnElement[bool]]
NONE = "none"  # the value of what was not said: no subject, no severity
ACKNOWLEDGED, ANSWERED = "acknowledged", "answered"
ANSWERS = ("response_sent", "outcome_sent", "adjudication_sent", "findings_sent")


def rules(count: str, period: Period, now: datetime) -> Rules:
    """The conditions of a count, such as `received`. KeyError for one that there is not."""
    return [col(Case.kind) == "complaint", *COUNTS[count](period, now)]


def part(by: str, value: str) -> ColumnElement[bool]:
    """The condition of one line of a table, such as the channel `email`. KeyError for another way of parting."""
    return PARTS[by](value)


def _received(period: Period, _now: datetime) -> Rules:
    return [col(Case.received_at) >= period.starts_at, col(Case.received_at) < period.ends_at]


def _closed(period: Period, _now: datetime) -> Rules:
    return [col(Case.closed_at) >= period.starts_at, col(Case.closed_at) < period.ends_at]


def _late_now(_period: Period, now: datetime) -> Rules:
    return [col(Case.state) == "open", col(Case.next_due) <= now]


def _late(duty: str) -> Callable[[Period, datetime], Rules]:
    """Received in the period, and its first date for this duty, with extensions, was not kept."""

    def late(period: Period, now: datetime) -> Rules:
        of_case = (col(Deadline.case_id) == Case.id, col(Deadline.clock).in_(clocks_of(duty)))
        is_late = col(Deadline.state).in_(("met_late", "overdue")) | (
            col(Deadline.met_at).is_(None) & (col(Deadline.due_at) <= now)
        )
        return [*_received(period, now), exists().where(*of_case, is_late)]

    return late


def _referred(period: Period, _now: datetime) -> Rules:
    matter = OmbudsmanMatter
    return [exists().where(col(matter.case_id) == Case.id, col(matter.referred_at) >= period.starts_at,
                           col(matter.referred_at) < period.ends_at)]  # fmt: skip


def duty_of(procedure: str, clock: str) -> str | None:
    """Which duty a clock watches: that we acknowledge, or that we answer; None for others, as of urgent cases."""
    stops = next((one.stop for one in procedures.load(procedure).clocks if one.id == clock), ())
    if any(name.endswith(".acknowledged") for name in stops):
        return ACKNOWLEDGED
    return ANSWERED if any(name.rpartition(".")[2] in ANSWERS for name in stops) else None


def clocks_of(duty: str) -> list[str]:
    """The clocks of all shipped procedures that watch this duty."""
    found = {
        clock.id
        for name in procedures.shipped()
        for clock in procedures.load(name).clocks
        if duty_of(name, clock.id) == duty
    }
    return sorted(found)


def _service(slug: str) -> ColumnElement[bool]:
    wanted: ScalarSelect[int | None] = select(Service.id).where(Service.slug == slug).scalar_subquery()
    return col(Case.service_id) == wanted


def _of_head(column: Mapped[Any]) -> Callable[[str], ColumnElement[bool]]:
    return lambda value: exists().where(and_(col(Head.case_id) == Case.id, column == value))


def _said(column: Mapped[Any]) -> Callable[[str], ColumnElement[bool]]:
    return lambda value: column.is_(None) if value == NONE else column == value


def _severity(value: str) -> ColumnElement[bool]:
    return col(Case.severity).is_(None) if value == NONE else col(Case.severity) == int(value)


COUNTS: Mapping[str, Callable[[Period, datetime], Rules]] = {
    "received": _received,
    "closed": _closed,
    "late-now": _late_now,
    "acknowledged-late": _late(ACKNOWLEDGED),
    "answered-late": _late(ANSWERED),
    "referred": _referred,
}
PARTS: Mapping[str, Callable[[str], ColumnElement[bool]]] = {
    "all": lambda _value: col(Case.id).is_not(None),
    "service": _service,
    "channel": _said(col(Case.channel)),
    "subject": _said(col(Case.subject)),
    "severity": _severity,
    "ending": _said(col(Case.outcome)),
    "decision": _of_head(col(Head.outcome)),
    "remedy": _of_head(col(Head.remedy_kind)),
}
