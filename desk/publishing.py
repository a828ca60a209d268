"""Telling the public what was learnt: the text of a lesson, its check by a second person, publishing, withdrawing."""

from collections.abc import Callable

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk import asking
from desk.edges import Visit
from desk.learning_acting import Doing
from desk.learning_page import acting
from desk.learning_sight import lessons_in_sight, may_work_on, sees, the_lesson
from desk.pages import show
from learning import record
from learning.beyond.insight_words import word
from learning.public import publishing, stakeholders
from learning.verb import Field
from storage.database import reading
from storage.tables import Case, Lesson, Organisation, Publication, Staff
from templates.languages import OWN_NAME
from workflow.casework.verbs import ChangedMeanwhile
from workflow.office import Act

MOST = 200
BECAUSE = Field("because", "Why", "long_text")
Do = Callable[[Act, Lesson, Publication | None, asking.Given], object]


def listed(visit: Visit) -> Response:
    """Every text for the public that this person may see, and the way to stakeholders and feeds."""
    with reading(visit.door.engine) as session:
        query = select(Publication, Lesson).join(Lesson, col(Publication.lesson_id) == Lesson.id)
        query = query.where(lessons_in_sight(visit.me)).order_by(col(Publication.id).desc()).limit(MOST)
        rows = [(one, lesson, state(one)) for one, lesson in session.exec(query)]
        return show("published", visit.me, rows=rows)


def text(visit: Visit) -> Response:
    """A lesson's text for the public as it stands, and what can be done with it."""
    with reading(visit.door.engine) as session:
        lesson = the_lesson(visit, session)
        publication = publishing.of_lesson(session, lesson)
        return show(
            "publication",
            visit.me,
            lesson=lesson,
            publication=publication,
            state=state(publication),
            story_of=_story_of(visit, session, publication),
            body=session.get_one(Organisation, lesson.organisation_id),
            names={one.id: one.name for one in _people(session, publication)},
            told=stakeholders.was_told(session, publication) if publication else [],
            languages=OWN_NAME,
            can=[name for name in VERBS if publication or name == "write"] if may_work_on(visit.me, lesson) else [],
            verbs={name: title for name, (title, _, _) in VERBS.items()},
            done=VERBS.get(visit.request.query_params.get("done", ""), ("",))[0],
        )


def doing(visit: Visit, session: Session) -> Doing:
    """One step on the way to the public, or back."""
    lesson = the_lesson(visit, session)
    name = visit.path("verb")
    publication = publishing.of_lesson(session, lesson)
    if name not in VERBS or (publication is None and name != "write"):
        raise HTTPException(404)
    title, does, step = VERBS[name]
    page = f"/desk/lessons/{lesson.id}/public"

    def do(given: asking.Given, seen_version: int) -> str:
        record.lock(session, lesson.id or 0)
        now_there = publishing.of_lesson(session, lesson)
        if (now_there.version if now_there else 0) != seen_version:
            raise ChangedMeanwhile("Someone else changed this text while you were working on it.")
        step(acting(visit, session), lesson, now_there, given)
        return f"{page}?done={name}"

    why_not = None if may_work_on(visit.me, lesson) else "This lesson belongs to another service."
    fields = {
        "write": publishing.fields(session, publication, lesson, sees(session, visit.me)),
        "publish": publishing.fields_to_publish(publication),
        "withdraw": (BECAUSE,),
    }.get(name, ())
    return Doing(title, does, page, "Text for the public", title, fields, do, why_not,
                 publication.version if publication else 0, lesson.id or 0)  # fmt: skip


def state(publication: Publication | None) -> str:
    """Where a text for the public is, as a word of the page."""
    if publication is None:
        return "none"
    if publishing.is_out(publication):
        return "published"
    if publication.checked_by_id is not None:
        return "checked"
    return "withdrawn" if publication.withdrawn_at else "written"


def _story_of(visit: Visit, session: Session, publication: Publication | None) -> str:
    """The reference of the complaint whose story it tells, as far as this person may see it; empty if it tells none."""
    if publication is None or publication.story_of_id is None:
        return ""
    reference = session.get_one(Case, publication.story_of_id).reference
    return reference if sees(session, visit.me)(reference) else word("publish", "unseen")


def _people(session: Session, publication: Publication | None) -> list[Staff]:
    ids = {publication.written_by_id, publication.checked_by_id} - {None} if publication else set()
    return list(session.exec(select(Staff).where(col(Staff.id).in_(ids))))


def _there(publication: Publication | None) -> Publication:
    assert publication is not None  # without one there is only `write`
    return publication


VERBS: dict[str, tuple[str, str, Do]] = {
    "write": (
        "Write the text for the public",
        "Say it so that people who know nothing of it understand. Nobody may be recognised. A second person checks it.",
        lambda act, lesson, _, given: publishing.write(act, lesson, given),
    ),
    "check": (
        "Confirm the check",
        "You confirm that you have read the text in each language, that it is true, and that nobody can be recognised.",
        lambda act, _, there, __: publishing.check(act, _there(there)),
    ),
    "publish": (
        "Publish",
        "It is then on the public’s pages and feeds, and each stakeholder gets an email, once.",
        lambda act, _, there, given: publishing.publish(act, _there(there), given),
    ),
    "withdraw": (
        "Withdraw",
        "It leaves the public’s pages and feeds at once. Emails that have left can’t be taken back.",
        lambda act, _, there, given: publishing.withdraw(act, _there(there), given),
    ),
}
