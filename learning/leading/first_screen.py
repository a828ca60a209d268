"""What a leader reads first: what changed because of complaints, what needs their decision, what is late."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import col, or_, select

from learning.leading import reviews
from learning.leading.review_story import unnamed
from learning.lesson.told import Behind, behind, behind_lesson
from learning.numbers import figures_cases, figures_time
from learning.numbers.asking import Ask
from learning.numbers.behind import NONE
from learning.numbers.figure_words import name_of, word
from learning.numbers.suppression import FLOOR
from learning.quarters import spoken
from storage.tables import Action, ActionPlan, Case, Lesson, LessonCase, OmbudsmanMatter, Recommendation, Review

MOST = 5  # of each, so that it stays one screen; the rest is behind the links
RISEN_TO, RISEN_BY = 5, 1.5  # a subject is asked about once it is so many, and so many times those before
LATE_SHARE, LATE_LEAST = 0.2, 5
LONG_LATE = timedelta(days=30)
PROVEN = ("done", "checked", "embedded")


@dataclass(frozen=True)
class Changed:
    """Something that is different now because somebody complained."""

    what: str
    evidence: str
    lesson: str
    state: str
    complaints: int  # 0 where the number is not told
    path: str


@dataclass(frozen=True)
class Question:
    """Something that only a leader can decide; `key` names it in addresses."""

    key: str
    text: str
    path: str  # where one sees what it is about


@dataclass(frozen=True)
class Late:
    """Something that should have been done by now."""

    text: str
    path: str


@dataclass(frozen=True)
class FirstScreen:
    """The three lists; `open_questions` are those that no decision answers yet."""

    changed: Sequence[Changed]
    questions: Sequence[Question]
    late: Sequence[Late]
    reviews: Sequence[Review]


def first_screen(ask: Ask) -> FirstScreen:
    """The three lists as they stand now."""
    decided = reviews.of_scope(ask.session, ask.scope, ask.period)
    answered = reviews.answered(ask.session, decided, ask.period.name)
    open_ones = [one for one in questions(ask) if not {one.key, one.text} & answered]
    told = [unnamed(ask.session, one) for one in decided]
    return FirstScreen(_changed(ask), open_ones[: 2 * MOST], list(_late(ask, told)), told)


def questions(ask: Ask) -> list[Question]:
    """Everything that the figures and plans ask a leader, the most pressing first."""
    return [*_overdue_recommendations(ask), *_failed(ask), *_late_answers(ask), *_risen(ask), *_without_plan(ask)]


def risen(ask: Ask) -> list[tuple[str, int, int, int]]:
    """Subjects that rose most: code, number now, before, a year before."""
    now, before, year = (figures_cases.received_of(ask, "subject", at) for at in range(3))
    rows = [(code, n, before.get(code, 0), year.get(code, 0)) for code, n in now.items() if code != NONE]
    grown = [row for row in rows if row[1] >= RISEN_TO and row[1] > row[2]]
    return sorted(grown, key=lambda row: (row[2] - row[1], row[0]))[:MOST]


def _changed(ask: Ask) -> list[Changed]:
    """Actions that were done, checked or embedded in the period, with the proof in plain words."""
    stamps = (Action.done_at, Action.checked_at, Action.embedded_at)
    in_period = or_(*((col(at) >= ask.period.starts_at) & (col(at) < ask.period.ends_at) for at in stamps))
    complaints = select(func.count()).where(LessonCase.lesson_id == Lesson.id).scalar_subquery()
    query = (
        select(Action, Lesson, complaints)
        .join(ActionPlan, col(ActionPlan.id) == Action.plan_id)
        .join(Lesson, col(Lesson.id) == ActionPlan.lesson_id)
        .where(col(Action.service_id).in_(ask.scope.services), col(Action.state).in_(PROVEN), in_period)
        .order_by(complaints.desc(), col(Action.id))
        .limit(MOST)
    )
    return [
        _changed_by(ask, action, lesson, int(number or 0)) for action, lesson, number in ask.session.exec(query).all()
    ]


def _changed_by(ask: Ask, action: Action, lesson: Lesson, complaints: int) -> Changed:
    """What was written before somebody on a complaint was known may name them: a mail to leaders never does."""
    who = _behind_lesson(ask, lesson.id)
    what, evidence, title = (who.out_of(words) for words in (action.what, action.evidence, lesson.title))
    shown = 0 if ask.hides(complaints) else complaints
    return Changed(what, evidence, title, name_of("state", action.state), shown, f"/desk/lessons/{lesson.id}")


def _behind_lesson(ask: Ask, lesson_id: int | None) -> Behind:
    return ask.once(("behind", lesson_id), lambda: behind_lesson(ask.session, lesson_id or 0))


def _overdue_recommendations(ask: Ask) -> Iterator[Question]:
    for one, matter, case in _recommendations(ask):
        said = behind(ask.session, [case.id]).out_of(one.text).rstrip(".")
        text = word("question", "recommendation", body=name_of("body", matter.body), text=said, due=_in_words(one.due))
        yield Question(f"recommendation-{one.id}", text, f"/desk/cases/{case.reference}")


def _recommendations(ask: Ask) -> Sequence[tuple[Recommendation, OmbudsmanMatter, Case]]:
    query = (
        select(Recommendation, OmbudsmanMatter, Case)
        .join(OmbudsmanMatter, col(OmbudsmanMatter.id) == Recommendation.matter_id)
        .join(Case, col(Case.id) == OmbudsmanMatter.case_id)
        .where(col(Case.service_id).in_(ask.scope.services), col(Recommendation.complied_at).is_(None),
               col(Recommendation.declined_at).is_(None), col(Recommendation.due) < ask.today)
        .order_by(col(Recommendation.due), col(Recommendation.id))
        .limit(MOST)
    )  # fmt: skip
    return ask.session.exec(query).all()


def _failed(ask: Ask) -> Iterator[Question]:
    """What did not work, and what is so late that its owner alone won't mend it."""
    late = col(Action.next_due) <= ask.now - LONG_LATE
    query = (
        select(Action, ActionPlan.lesson_id)
        .join(ActionPlan, col(ActionPlan.id) == Action.plan_id)
        .where(col(Action.service_id).in_(ask.scope.services), or_(Action.state == "failed", late))
        .order_by(col(Action.next_due), col(Action.id))
        .limit(MOST)
    )
    for action, lesson_id in ask.session.exec(query).all():
        why = "failed" if action.state == "failed" else "long_late"
        text = word("question", why, what=_behind_lesson(ask, lesson_id).out_of(action.what).rstrip("."))
        yield Question(f"action-{action.id}", text, f"/desk/lessons/{lesson_id}")


def _late_answers(ask: Ask) -> Iterator[Question]:
    names = figures_cases.services_of(ask)
    for slug, (late, due) in sorted(figures_time.late_answers(ask).items(), key=lambda item: -item[1][0]):
        if late >= LATE_LEAST and late / due > LATE_SHARE:
            is_untold = ask.has_months_beside or ask.hides(late, due - late)
            told = "late_answers_few" if is_untold else "late_answers"
            text = word("question", told, service=names[slug], late=late, due=due)
            yield Question(f"late-{slug}", text, f"/desk/leader/{ask.period.name}/cases/answered-late/service/{slug}")


def _risen(ask: Ask) -> Iterator[Question]:
    for code, number, before, _ in risen(ask)[:3]:
        if number >= RISEN_BY * before and not (ask.has_months_beside or ask.hides(number, before)):
            facts = {"subject": name_of("subject", code), "number": number, "before": before}
            text = word("question", "risen", period=spoken(ask.period), **facts)
            yield Question(f"subject-{code}", text, f"/desk/leader/{ask.period.name}/cases/received/subject/{code}")


def _without_plan(ask: Ask) -> Iterator[Question]:
    """Lessons about the system itself, for which nobody has agreed to do anything."""
    query = (
        select(Lesson)
        .join(ActionPlan, col(ActionPlan.lesson_id) == Lesson.id, isouter=True)
        .where(col(Lesson.service_id).in_(ask.scope.services), col(Lesson.is_systemic).is_(True),
               col(Lesson.closed_at).is_(None), col(ActionPlan.agreed_at).is_(None),
               Lesson.written_at < ask.now - LONG_LATE)
        .order_by(col(Lesson.id))
        .limit(MOST)
    )  # fmt: skip
    for lesson in ask.session.exec(query).all():
        title = _behind_lesson(ask, lesson.id).out_of(lesson.title).rstrip(".")
        text = word("question", "without_plan", title=title)
        yield Question(f"lesson-{lesson.id}", text, f"/desk/lessons/{lesson.id}")


def _late(ask: Ask, decided: Sequence[Review]) -> Iterator[Late]:
    cases = _count(ask, select(func.count(col(Case.id))).where(*ask.counting("late-now")))
    if cases:
        text = word("late", "cases_few", floor=FLOOR) if ask.hides(cases) else _number("cases", cases)
        yield Late(text, f"/desk/leader/{ask.period.name}/cases/late-now/all/all")
    actions = _count(ask, select(func.count(col(Action.id))).where(col(Action.service_id).in_(ask.scope.services),
                                                                   col(Action.next_due) <= ask.now))  # fmt: skip
    if actions:
        yield Late(_number("actions", actions), "/desk/actions?show=late")
    for one in decided:
        if reviews.is_late(one, ask.today):
            yield Late(word("late", "review", question=one.question, due=_in_words(one.due)),
                       f"/desk/reviews/{one.id}")  # fmt: skip


def _in_words(due: date | None) -> str:
    return f"{due:%-d %B %Y}" if due else ""


def _count(ask: Ask, query: object) -> int:
    return int(ask.session.exec(query).one())  # type: ignore[call-overload]  # a count, however it is narrowed


def _number(what: str, number: int) -> str:
    return word("late", f"{what}_one" if number == 1 else f"{what}_many", number=number)
