"""What an ombudsman made of a complaint: taken up, decided, what was recommended, and whether we complied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlmodel import Session, col, select

from learning.lesson.told import behind, refuse_named
from learning.numbers.figure_words import name_of, said
from learning.ombudsmen import recommending
from learning.verb import Given, Refused, day, needed
from storage.tables import Case, Lesson, OmbudsmanMatter, Recommendation
from workflow import tasks
from workflow.casework.verb import row_id
from workflow.office import Act
from workflow.projection import morning
from workflow.record import note
from workflow.working_days import london

Row = TypeVar("Row", OmbudsmanMatter, Recommendation)


@dataclass(frozen=True)
class Matters:
    """A case with what ombudsmen made of it."""

    case: Case
    matters: Sequence[OmbudsmanMatter]
    recommendations: Sequence[Recommendation]

    @property
    def undecided(self) -> list[OmbudsmanMatter]:
        return [one for one in self.matters if one.decided_at is None]

    @property
    def not_complied(self) -> list[Recommendation]:
        return [one for one in self.recommendations if one.complied_at is None]

    @property
    def open(self) -> list[Recommendation]:
        return [one for one in self.not_complied if one.declined_at is None]


def matters_of(session: Session, case: Case) -> Matters:
    """Everything that ombudsmen made of a case, in the order in which it was written down."""
    query = select(OmbudsmanMatter).where(OmbudsmanMatter.case_id == case.id).order_by(col(OmbudsmanMatter.id))
    matters = session.exec(query.execution_options(populate_existing=True)).all()
    of_them = col(Recommendation.matter_id).in_([one.id for one in matters])
    found = select(Recommendation).where(of_them).order_by(col(Recommendation.id)) if matters else None
    return Matters(case, matters, session.exec(found).all() if found is not None else ())


def take_up(act: Act, there: Matters, given: Given) -> None:
    """Record that an ombudsman has taken the complaint up."""
    body = _one_of("body", needed(given, "body", "which ombudsman"), "Select which ombudsman")
    if any(one.body == body for one in there.undecided):
        raise Refused("This ombudsman has it already, and has not decided", "body")
    on = _past(act, given, "on", london(there.case.received_at))
    case = there.case
    act.session.add(OmbudsmanMatter(case_id=case.id or 0, organisation_id=case.organisation_id, body=body,
                                    referred_at=_at(act, on)))  # fmt: skip
    note(act, case, "ombudsman.taken_up", at=_at(act, on), data={"body": name_of("body", body)})


def decide(act: Act, there: Matters, given: Given) -> None:
    """Record what the ombudsman decided, and when."""
    matter = _chosen(there.undecided, needed(given, "matter", "which matter"), "matter")
    finding = _one_of("finding", needed(given, "finding", "what was found"), "Select what was found")
    on = _past(act, given, "on", london(matter.referred_at))
    matter.decided_at, matter.finding = _at(act, on), finding
    act.session.add(matter)
    data = {"body": name_of("body", matter.body), "finding": name_of("finding", finding)}
    note(act, there.case, "ombudsman.decided", at=_at(act, on), data=data)


def recommend(act: Act, there: Matters, given: Given) -> None:
    """Record one thing that the ombudsman told us to do, and by when; its date is then watched."""
    matter = _chosen(there.matters, needed(given, "matter", "which matter"), "matter")
    words = needed(given, "text", "what is recommended")
    refuse_named(behind(act.session, [there.case.id]), {"text": words}, "recommendation_named")
    row = Recommendation(matter_id=matter.id or 0, text=words, due=_due(given))
    act.session.add(row)
    act.session.flush()
    _note(act, there.case, row, "made", data={"body": name_of("body", matter.body), "date": f"{row.due}"})
    recommending.project(act, there.case, row)
    ask = "The ombudsman recommended something. Record that it was complied with, or why it is not"
    tasks.add(act, there.case, recommending.TASK, recommending.task_key(row), ask)


def move(act: Act, there: Matters, given: Given) -> None:
    """Give a recommendation another date, with the reason, such as that the ombudsman gave more time."""
    row = _chosen(there.open, needed(given, "recommendation", "which recommendation"), "recommendation")
    because, due = needed(given, "because", "why the date moves"), _due(given)
    if due == row.due:
        raise Refused("This is the date that it has", "due")
    was, row.due = row.due, due
    _note(act, there.case, row, "moved", because=because, data={"date": f"{due}", "was": f"{was}"})
    recommending.project(act, there.case, row)


def comply(act: Act, there: Matters, given: Given) -> None:
    """Record that a recommendation was complied with: when, and how it can be seen."""
    row = _chosen(there.not_complied, needed(given, "recommendation", "which recommendation"), "recommendation")
    evidence = needed(given, "evidence", "what was done and how it can be seen")
    on = _past(act, given, "on", london(_matter(there, row).referred_at))
    row.complied_at, row.evidence = _at(act, on), evidence
    _note(act, there.case, row, "complied", because=evidence, at=row.complied_at)
    _end(act, there.case, row)


def decline(act: Act, there: Matters, given: Given) -> None:
    """Record that a recommendation is not complied with, and why. It may still be, later."""
    row = _chosen(there.open, needed(given, "recommendation", "which recommendation"), "recommendation")
    row.declined_at, row.declined_because = act.now, needed(given, "because", "why we do not comply")
    _note(act, there.case, row, "declined", because=row.declined_because)
    _end(act, there.case, row)


def learn(act: Act, case: Case, recommendation_id: int, lesson: Lesson) -> None:
    """Write down that a lesson was written from a recommendation on this case. Refused where there is none such."""
    row = _chosen(matters_of(act.session, case).recommendations, f"{recommendation_id}", "recommendation")
    row.lesson_id = lesson.id
    _note(act, case, row, "learnt", data={"lesson": lesson.id})


def suggested(there: Matters, recommendation_id: int) -> dict[str, str]:
    """What a lesson from this recommendation says to begin with; nothing where the case has none such."""
    row = next((one for one in there.recommendations if one.id == recommendation_id), None)
    if row is None:
        return {}
    matter = _matter(there, row)
    finding = f"Finding: {name_of('finding', matter.finding)}. " if matter.finding else ""
    evidence = f"{finding}Recommendation: {row.text}"
    return {"source": "ombudsman", "external_body": name_of("body", matter.body), "evidence": evidence}


def _end(act: Act, case: Case, row: Recommendation) -> None:
    """Nothing is due on it any more."""
    recommending.project(act, case, row)
    for task in tasks.with_key(act, recommending.task_key(row)):
        task.done_at = task.done_at or act.now
        act.session.add(task)


def _note(
    act: Act,
    case: Case,
    row: Recommendation,
    name: str,
    *,
    because: str = "",
    at: datetime | None = None,
    data: dict[str, object] | None = None,
) -> None:
    act.session.add(row)
    told = {"recommendation": row.id, "text": row.text, **(data or {})}
    note(act, case, f"recommendation.{name}", because=because, at=at, data=told)


def _matter(there: Matters, row: Recommendation) -> OmbudsmanMatter:
    return next(one for one in there.matters if one.id == row.matter_id)


def _chosen(rows: Sequence[Row], wanted: str, field: str) -> Row:
    found = next((one for one in rows if one.id == row_id(wanted)), None)
    if found is None:
        raise Refused(f"Select which {field}", field)
    return found


def _one_of(table: str, value: str, words: str) -> str:
    if value not in said()[table] or value == "undecided":
        raise Refused(words, table)
    return value


def _due(given: Given) -> date:
    due = day(given, "due")
    if due is None:
        raise Refused("Enter by when it is to be done", "due")
    return due


def _past(act: Act, given: Given, name: str, first: date) -> date:
    """A day that has come, and not before this one; today if left empty."""
    on = day(given, name) or london(act.now)
    if not first <= on <= london(act.now):
        raise Refused(f"The day must be between {first:%-d %B %Y} and today", name)
    return on


def _at(act: Act, on: date) -> datetime:
    return act.now if on == london(act.now) else morning(on)
