"""What people read of the actions that their complaints led to: it names none of them, for the others read it too."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session, col, select

from learning import names
from learning.situation import ActionNow
from learning.verb import Given, Refused, needed
from learning.words import word
from storage.tables import Action, Case, Colleague, LessonCase, Participant
from workflow.office import Act


def told(act: Act, now_there: ActionNow, given: Given, field: str, what: str) -> str:
    """What was typed for people to read. Refused where it is missing, or names somebody of a complaint behind it."""
    words = needed(given, field, what)
    if found := named(act.session, now_there.plan.lesson_id, words):
        raise Refused(word("names", "named").format(said=found), field)
    return words


def refuse_named(session: Session, lesson_id: int, actions: Sequence[Action]) -> None:
    """Refused where an action that is to be agreed names somebody in what its people will be promised."""
    for action in actions:
        if found := named(session, lesson_id, f"{action.what}\n{action.measure}"):
            raise Refused(word("names", "action_named").format(number=action.id, said=found))


def named(session: Session, lesson_id: int, words: str) -> str:
    """Who is named in these words, by their whole name or with a title, or which reference; empty for none."""
    references = select(Case.reference).join(LessonCase).where(LessonCase.lesson_id == lesson_id)
    found = (names.whole_name_in(words, person) for person in _people(session, lesson_id))
    return next((one for one in session.exec(references) if one in words), "") or next(filter(None, found), "")


def _people(session: Session, lesson_id: int) -> Iterator[str]:
    cases = select(LessonCase.case_id).where(LessonCase.lesson_id == lesson_id)
    theirs = select(Participant.name, Participant.acts_for).where(col(Participant.case_id).in_(cases))
    for each in session.exec(theirs):
        yield from filter(None, each)
    yield from session.exec(select(Colleague.name).where(col(Colleague.case_id).in_(cases)))
