"""What is told of lessons and actions names nobody of the complaints behind them: others read it too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from learning import names
from learning.lesson.situation import ActionNow
from learning.verb import Given, Refused, needed
from learning.words import word
from storage.tables import (
    Action,
    ActionPlan,
    Case,
    Colleague,
    LessonCase,
    OmbudsmanMatter,
    Participant,
    Recommendation,
)
from workflow.casework.verb import row_id
from workflow.office import Act


@dataclass(frozen=True)
class Behind:
    """Who is behind some complaints, by name, and the references of these."""

    people: Sequence[str]
    references: Sequence[str]

    def named_in(self, words: str) -> str:
        """Who is named in these words, by their whole name or with a title, or which reference; empty for none."""
        reference = next((one for one in self.references if one in words), "")
        return reference or names.whole_name_in(words, *self.people)

    def out_of(self, words: str, instead: str = "") -> str:
        """These words with something else in place of each name: for what was written before the name was known."""
        instead = instead or word("names", "left_out")
        for reference in self.references:
            words = words.replace(reference, instead)
        return names.without_whole_names(words, self.people, instead)


def behind_lesson(session: Session, lesson_id: int) -> Behind:
    """Everybody on the complaints that a lesson comes from: who complained, for whom, and whom about."""
    return behind_lessons(session, [lesson_id])[lesson_id]


def behind_lessons(session: Session, lesson_ids: Sequence[int]) -> dict[int, Behind]:
    """The same of several lessons at once."""
    lesson, case = LessonCase.lesson_id, col(LessonCase.case_id)
    linked = col(lesson).in_(lesson_ids)
    people: dict[int, list[str]] = {one: [] for one in lesson_ids}
    references: dict[int, list[str]] = {one: [] for one in lesson_ids}
    on_them = select(lesson, Participant.name, Participant.acts_for).join(Participant, col(Participant.case_id) == case)
    about = select(lesson, Colleague.name).join(Colleague, col(Colleague.case_id) == case)
    for id_, *names_ in (*session.exec(on_them.where(linked)), *session.exec(about.where(linked))):
        people[id_] += filter(None, names_)
    for id_, reference in session.exec(select(lesson, Case.reference).join(Case).where(linked)):
        references[id_].append(reference)
    return {one: Behind(list(dict.fromkeys(people[one])), references[one]) for one in lesson_ids}


def behind(session: Session, case_ids: Iterable[int | None]) -> Behind:
    """Everybody on these complaints."""
    ids = [one for one in case_ids if one]
    on_them = select(Participant.name, Participant.acts_for).where(col(Participant.case_id).in_(ids))
    about = session.exec(select(Colleague.name).where(col(Colleague.case_id).in_(ids)))
    people = [name for names_ in session.exec(on_them) for name in names_ if name] + list(about)
    return Behind(people, session.exec(select(Case.reference).where(col(Case.id).in_(ids))).all())


def behind_question(session: Session, key: str) -> Behind:
    """Everybody behind what a digest asks, by the question's key; nobody where that is about no complaint."""
    about, _, digits = key.partition("-")
    number = row_id(digits) or 0
    if about == "recommendation":
        matter = select(OmbudsmanMatter.case_id).join(Recommendation).where(Recommendation.id == number)
        return behind(session, session.exec(matter).all())
    if about == "action":
        plan = select(ActionPlan.lesson_id).join(Action).where(Action.id == number)
        number = session.exec(plan).first() or 0
    return behind_lesson(session, number if about in ("action", "lesson") else 0)


def told(act: Act, now_there: ActionNow, given: Given, field: str, what: str) -> str:
    """What was typed for people to read. Refused where it is missing, or names somebody of a complaint behind it."""
    words = needed(given, field, what)
    refuse_named(behind_lesson(act.session, now_there.plan.lesson_id), {field: words})
    return words


def refuse_named(who: Behind, texts: Mapping[str, str], why: str = "named") -> None:
    """Refused at the first field that names somebody, saying what to leave out, and why."""
    for field, words in texts.items():
        if found := who.named_in(words):
            raise Refused(word("names", why).format(said=found), field)


def refuse_named_actions(session: Session, lesson_id: int, actions: Sequence[Action]) -> None:
    """Refused where an action that is to be agreed names somebody in what its people will be promised."""
    who = behind_lesson(session, lesson_id)
    for action in actions:
        if found := who.named_in(f"{action.what}\n{action.measure}"):
            raise Refused(word("names", "action_named").format(number=action.id, said=found))
