"""What becomes of a complaint, as its person is told it: each action promised, where it is, and what comes next."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

import templates
from learning.lesson.told import Behind, behind_lessons
from learning.plan.plans import ENDED
from storage.tables import Action, ActionPlan, LearningEvent, LessonCase
from templates.dates import in_words
from workflow.working_days import london

WORDS = Path(templates.__file__).parent / "updates"
DONE = ("done", "checked", "embedded")
ENDING = ("evidence", "progress", "result", "why")  # what staff wrote that stands at the end of a sentence


@dataclass(frozen=True)
class Change:
    """One action as the person may know it: `part` is done, late, coming, again or dropped; `text` says the rest."""

    action_id: int
    part: str
    what: str
    text: str
    mark: str  # what of it was told: another mark is news
    completes: str  # the date as told, ISO

    @property
    def as_fact(self) -> dict[str, Any]:
        return asdict(self)


def of_case(
    session: Session, case_id: int, today: date, language: str = "en", told: Mapping[str, Any] | None = None
) -> list[Change]:
    """Every agreed action of the plans that a case stands behind. `told` is what the last letter told of each."""
    found = actions(session, case_id)
    who = _behind(session, found)
    return [
        _change(session, action, today, language, (told or {}).get(str(action.id)), who[action.plan_id])
        for action in found
    ]


def _behind(session: Session, found: Sequence[Action]) -> dict[int, Behind]:
    """By plan, the people whose names its others must not read, should one have been written before it was known.

    Read once in a transaction: thousands may stand behind a lesson, and many of them are written to together.
    """
    known: dict[int, Behind] = session.info.setdefault("behind_plans", {})
    if new := {action.plan_id for action in found} - known.keys():
        plans = select(ActionPlan.id, ActionPlan.lesson_id).where(col(ActionPlan.id).in_(new))
        lessons = {id_ or 0: lesson_id for id_, lesson_id in session.exec(plans)}
        who = behind_lessons(session, sorted(set(lessons.values())))
        known.update({id_: who[lesson_id] for id_, lesson_id in lessons.items()})
    return known


def actions(session: Session, case_id: int) -> Sequence[Action]:
    """The agreed actions, in the order in which they are to be complete; not those dropped while only drafted."""
    was_agreed = exists().where(col(LearningEvent.action_id) == Action.id, col(LearningEvent.name) == "action.agreed")
    query = (
        select(Action)
        .join(ActionPlan, col(Action.plan_id) == ActionPlan.id)
        .join(LessonCase, col(LessonCase.lesson_id) == ActionPlan.lesson_id)
        .where(LessonCase.case_id == case_id, col(ActionPlan.agreed_at).is_not(None), Action.state != "drafted")
        .where(or_(col(Action.state) != "dropped", was_agreed))
    )
    return session.exec(query.order_by(col(Action.completes), col(Action.id))).all()


def plans_of(session: Session, case_id: int) -> Sequence[ActionPlan]:
    """The agreed plans that a case stands behind."""
    query = select(ActionPlan).join(LessonCase, col(LessonCase.lesson_id) == ActionPlan.lesson_id)
    query = query.where(LessonCase.case_id == case_id, col(ActionPlan.agreed_at).is_not(None))
    return session.exec(query.order_by(col(ActionPlan.id))).all()


def has_ended(session: Session, case_id: int) -> bool:
    """Whether all that was agreed has come to its end, well or not; False where nothing was agreed."""
    states = [action.state for action in actions(session, case_id)]
    return bool(states) and all(state in ENDED for state in states)


def is_awaited(change: Change) -> bool:
    """Whether something is still to come of it: to be done, or done and still to be checked or looked at again."""
    return change.part not in ("done", "dropped") or (change.part == "done" and not change.mark.startswith("embedded"))


def told_of(changes: Sequence[Change]) -> dict[str, dict[str, str]]:
    """What a letter told of each action, for the next one to tell what is new."""
    return {str(one.action_id): {"mark": one.mark, "completes": one.completes} for one in changes}


def part_of(action: Action, today: date) -> str:
    """In which part of a letter an action stands."""
    if action.state == "dropped":
        return "dropped"
    if action.state in DONE:
        return "done"
    if action.state == "failed":
        return "again"
    return "late" if action.completes and action.completes < today else "coming"


def _change(
    session: Session, action: Action, today: date, language: str, told: Mapping[str, str] | None, who: Behind
) -> Change:
    part = part_of(action, today)
    completes = action.completes.isoformat() if action.completes else ""
    lines = _Lines(language)
    if part == "done":
        _say_done(lines, action, today)
    elif part == "dropped":
        lines.say("dropped", why=action.dropped_because)
    elif part == "again":
        lines.say("again")  # its old date is void, and what was reported came before
    else:
        _say_when(session, lines, action, part, told)
    mark = "|".join((action.state, completes, action.progress, action.evidence, action.result))
    left_out = words(language)["line"]["left_out"]
    what, text = (who.out_of(said, left_out) for said in (_line(action.what), lines.text))
    return Change(action.id or 0, part, what, text, mark, completes)


def _say_done(lines: "_Lines", action: Action, today: date) -> None:
    if action.done_at:
        lines.say("done", day=london(action.done_at))
    if action.evidence:
        lines.say("evidence", evidence=action.evidence)
    if action.checked_at and action.state in ("checked", "embedded"):
        lines.say("checked", day=london(action.checked_at))
    if action.result:
        lines.say("result", measure=action.measure, result=action.result)
    if action.embedded_at and action.state == "embedded":
        lines.say("embedded", day=london(action.embedded_at))
    if action.state == "done" and action.check_on:
        lines.say("check_late" if action.check_on < today else "to_check", day=action.check_on)
    if action.state == "checked" and action.audit_on:
        lines.say("audit_late" if action.audit_on < today else "to_audit", day=action.audit_on)


def _say_when(session: Session, lines: "_Lines", action: Action, part: str, told: Mapping[str, str] | None) -> None:
    """By when it is to be done; where that is later than we said, or past, why."""
    was = date.fromisoformat(told["completes"]) if told and told["completes"] else None
    if part == "late" and action.completes:
        lines.say("late", day=was or action.completes)
        lines.say("why", why=action.progress) if action.progress else lines.say("why_unknown")
        return
    if was and action.completes and was != action.completes:
        lines.say("moved", old=was, day=action.completes)
        lines.say("why", why=_why_moved(session, action))
    elif action.completes:
        lines.say("promised", day=action.completes)
    if action.progress:
        lines.say("progress", progress=action.progress)


def _why_moved(session: Session, action: Action) -> str:
    """Why the day of completion moved last; other dates move for reasons of their own."""
    query = select(LearningEvent).where(
        LearningEvent.action_id == action.id, col(LearningEvent.name).in_(("action.dates_changed", "action.reopened"))
    )
    moves = session.exec(query.order_by(col(LearningEvent.id).desc()))
    return next((one.because for one in moves if "completes" in one.data.get("dates", {})), action.progress)


def _line(words: str) -> str:
    """What staff wrote, on one line: it becomes part of a sentence in a list."""
    return " ".join(words.split())


def _written(name: str, words: str) -> str:
    """What staff wrote, as the end of a sentence: another one follows it."""
    line = _line(words)
    return f"{line}." if name in ENDING and line and line[-1] not in ".!?…" else line


class _Lines:
    """The sentences about one action, in one language."""

    def __init__(self, language: str) -> None:
        self._language, self._said = language, list[str]()

    def say(self, name: str, **facts: Any) -> None:
        told = {
            key: in_words(fact, self._language) if isinstance(fact, date) else _written(key, fact)
            for key, fact in facts.items()
        }
        self._said.append(words(self._language)["line"][name].format_map(told))

    @property
    def text(self) -> str:
        return " ".join(self._said)


@cache
def words(language: str = "en") -> Mapping[str, Any]:
    """The words of updates. FileNotFoundError for a language that we don't have."""
    return tomllib.loads((WORDS / f"{language}.toml").read_text(encoding="utf-8"))
