"""What staff do in the story with lessons, plans, actions and decisions: by the very verbs that the desk uses."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlmodel import Session, SQLModel, col, func, select

from app.case_rows import find
from app.demo.story import Deed
from app.doing import staff_actor
from app.house import House
from learning import verbs
from learning.leading import reviews
from learning.leading.first_screen import questions
from learning.leading.reviews import Decision
from learning.lesson import lessons
from learning.lesson.situation import lesson_now
from learning.numbers.asking import Ask
from learning.quarters import parse
from learning.record import lock
from learning.scopes import scope_of
from storage.database import reading, writing
from storage.tables import Action, ActionPlan, Case, Lesson, Review, Staff, SurveyAnswer
from workflow.office import Act
from workflow.working_days import london

LEARNING = ("writes_lesson", "decides", "reports_decision", *verbs.LESSON_VERBS, *verbs.ACTION_VERBS)


class Learners:
    """Everyone who learns. `reference` gives that of a case by its name in the story."""

    def __init__(self, house: House, emails: Mapping[str, str], reference: Callable[[str], str]) -> None:
        self._house, self._emails, self._reference = house, emails, reference
        self._lessons: dict[str, int] = {}
        self._decisions: dict[tuple[str, str], int] = {}

    def do(self, deed: Deed, given: Mapping[str, str]) -> None:
        """One line; `given` holds what is usually said as well. Raises Refused, saying why, where it may not be."""
        with writing(self._house.engine) as session:
            act = self._house.act(session, staff_actor(session, self._emails[deed.who]))
            if "cases" in given:
                given = {**given, "cases": " ".join(map(self._reference, given["cases"].split()))}
            if deed.does in DOES:
                DOES[deed.does](self, act, deed, given)
            elif "action" in given:
                verbs.do_action(act, self._action(session, deed.case, given["action"]), deed.does, given)
            else:
                given = _chosen(act, self._lessons[deed.case], deed.does, given)
                verbs.do(act, self._lessons[deed.case], deed.does, given, sees=_sees(session))

    def told(self) -> tuple[dict[tuple[str, int], str], dict[str, int]]:
        """How each action stands, by lesson and number; and how many lessons, answers and decisions there are."""
        with reading(self._house.engine) as session:
            stand = {
                (name, number): action.state
                for name, lesson in self._lessons.items()
                for number, action in enumerate(_actions(session, lesson), 1)
            }
            tables: dict[str, type[SQLModel]] = {"lessons": Lesson, "answers": SurveyAnswer, "decisions": Review}
            return stand, {name: _count(session, table) for name, table in tables.items()}

    def _write(self, act: Act, deed: Deed, given: Mapping[str, str]) -> None:
        self._lessons[deed.case] = lessons.write(act, given, _sees(act.session)).id or 0

    def _decide(self, act: Act, deed: Deed, given: Mapping[str, str]) -> None:
        """On what the digest of that period asks about this lesson, or about an action of it."""
        scope = scope_of(act.session, act.session.get_one(Staff, act.by.staff_id))
        asked = questions(Ask(act.session, scope, parse(given["period"]), act.now))
        number = self._lessons[deed.case]
        is_lesson = given["about"] == "lesson"
        key = f"lesson-{number}" if is_lesson else f"action-{self._action(act.session, deed.case, given['about'])}"
        question = next(one.text for one in asked if one.key == key)
        owner = act.session.exec(select(Staff.id).where(Staff.email == given["owner"])).one()
        taken = Decision(question, given["decision"], owner, date.fromisoformat(given["due"]))
        review = reviews.take(act, scope, given["period"], taken)
        self._decisions[deed.case, given["about"]] = review.id or 0

    def _report_decision(self, act: Act, deed: Deed, given: Mapping[str, str]) -> None:
        review = reviews.locked(act.session, self._decisions[deed.case, given["about"]], None)
        assert review is not None
        reviews.finish(act, review, given["outcome"])

    def _action(self, session: Session, lesson: str, number: str) -> int:
        return _actions(session, self._lessons[lesson])[int(number) - 1].id or 0


def _chosen(act: Act, lesson_id: int, verb: str, given: Mapping[str, str]) -> dict[str, str]:
    """`*` is the last thing that the form offers."""
    if "*" not in given.values():
        return dict(given)
    there = lesson_now(act.session, lock(act.session, lesson_id), london(act.now))
    offers = {field.name: field.options for field in verbs.LESSON_VERBS[verb].fields(act, there)}
    return {name: offers[name][-1][0] if value == "*" else value for name, value in given.items()}


def _sees(session: Session) -> Callable[[str], Case]:
    return lambda reference: find(session, reference)


def _actions(session: Session, lesson_id: int) -> Sequence[Action]:
    query = select(Action).join(ActionPlan).where(ActionPlan.lesson_id == lesson_id)
    return session.exec(query.order_by(col(Action.id))).all()


def _count(session: Session, table: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


DOES: Mapping[str, Callable[[Learners, Act, Deed, Mapping[str, str]], None]] = {
    "writes_lesson": Learners._write,
    "decides": Learners._decide,
    "reports_decision": Learners._report_decision,
}
