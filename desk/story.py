"""A case's story: what happened, when, by whom and why, in words; the latest first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from desk import words
from storage.tables import Case, Event, Staff
from templates.dates import in_words
from workflow import procedure as procedures
from workflow.decisions import DECIDED
from workflow.definition import Procedure
from workflow.happenings import OF_A_STAGE


@dataclass(frozen=True)
class Told:
    """One thing that happened."""

    number: int
    when: datetime
    recorded: datetime
    by: str
    what: str
    because: str


Read = Callable[[Any, Procedure], str]


def story(session: Session, case: Case, *, after: int = 0) -> list[Told]:
    """Everything that happened after event number `after`, latest first."""
    query = select(Event).where(Event.case_id == case.id, col(Event.id) > after)
    events = session.exec(query.order_by(col(Event.at).desc(), col(Event.id).desc())).all()
    staff = _names(session, events)
    rule = procedures.load(case.procedure)
    return [_told(event, rule, staff) for event in events]


def _told(event: Event, rule: Procedure, staff: Mapping[int | None, str]) -> Told:
    what = words.event(event.name, _facts(event, rule, staff))
    by = {"system": "Redress", "complainant": "The person"}.get(event.by, event.by)
    return Told(event.id or 0, event.at, event.recorded_at, by, what, event.because)


def _facts(event: Event, rule: Procedure, staff: Mapping[int | None, str]) -> dict[str, str]:
    """What the sentence about this event may name."""
    stage_id, _, step = event.name.partition(".")
    stages = {stage.id: stage.title for stage in rule.stages}
    facts = {"stage": stages.get(stage_id, "") if step in OF_A_STAGE else ""}
    for key, value in event.data.items():
        read: Read = _READ.get(key, _plainly)
        facts[key] = read(value, rule)
    if "staff" in event.data:
        facts["staff"] = ", ".join(staff.get(id_, "someone") for id_ in _staff(event)) or "nobody"
    facts["until"] = _until(event.data)
    facts["remedied"] = _remedied(event.data) if event.name == DECIDED else ""
    return facts


def _until(data: Mapping[str, Any]) -> str:
    if data.get("to"):
        return f", until {_day(data['to'], None)}"
    return f", {data['days']} days longer" if data.get("days") else ""


def _remedied(data: Mapping[str, Any]) -> str:
    remedy = words.remedy(data.get("remedy_kind"), data.get("remedy_pence"), data.get("remedy") or "")
    return f" (remedy: {remedy})" if remedy else ""


def _plainly(value: Any, _rule: Procedure) -> str:
    return str(value).replace("_", " ")


def _day(value: Any, _rule: object) -> str:
    return in_words(date.fromisoformat(str(value)[:10]))


def _stage(value: Any, rule: Procedure) -> str:
    return next((stage.title for stage in rule.stages if stage.id == value), str(value))


def _clock(value: Any, rule: Procedure) -> str:
    return next((clock.title for clock in rule.clocks if clock.id == value), str(value))


_READ: Mapping[str, Read] = {
    "clock": _clock,
    "stage": _stage,
    "text": lambda value, _: str(value),
    "date": _day,
    "due": _day,
    "channel": lambda value, _: words.channel(str(value)),
    "kinds": lambda value, _: ", ".join(str(kind).replace("-", " ") for kind in value),
    "changed": lambda value, _: ", ".join(str(name).replace("_", " ") for name in value),
    "with": lambda value, _: f"with {value}" if value else "with the person",
    "service": lambda value, _: str(value),
}


def _names(session: Session, events: Sequence[Event]) -> dict[int | None, str]:
    ids = {id_ for event in events for id_ in _staff(event)}
    return dict(session.exec(select(Staff.id, Staff.name).where(col(Staff.id).in_(ids))).all()) if ids else {}


def _staff(event: Event) -> list[int]:
    """The member of staff whom it names, or everyone who was told."""
    named = event.data.get("staff") or []
    return named if isinstance(named, list) else [named]
