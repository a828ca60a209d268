"""A lesson with its complaint in the small town, for tests of what is told to others."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import select

from learning.public import publishing
from storage.database import writing
from storage.tables import Lesson, LessonCase, Publication, Service
from tests.town import Town
from workflow.office import Act, Actor

TEXTS = {
    "title_en": "Repairs that nobody confirmed",
    "you_said_en": "A resident waited three weeks for a repair that we had closed by mistake.",
    "we_did_en": "Nobody can close a repair any more until the resident says that it works.",
}


def a_lesson(town: Town, *references: str | None, service: str = "repairs", subject: str = "delay") -> int:
    """A lesson of a service, from these complaints; its number."""
    with writing(town.engine) as session:
        of = session.exec(select(Service).where(Service.slug == service)).one()
        lesson = Lesson(organisation_id=of.organisation_id, service_id=of.id or 0, title="Repairs closed by mistake",
                        what_happened="It was closed.", subject=subject, written_at=town.now)  # fmt: skip
        session.add(lesson)
        session.flush()
        for reference in references:
            case_id = town.case(session, reference).id or 0
            session.add(LessonCase(lesson_id=lesson.id or 0, case_id=case_id, linked_at=town.now))
        return lesson.id or 0


@contextmanager
def acting(town: Town, name: str) -> Iterator[Act]:
    """An act of this member of staff, kept if it is not refused."""
    one = town.staff(name)
    with writing(town.engine) as session:
        yield town.act(session, Actor(one.name, one.id, one.role))


def written(town: Town, lesson_id: int, by: str = "mina", **changed: str) -> None:
    with acting(town, by) as act:
        publishing.write(act, act.session.get_one(Lesson, lesson_id), {**TEXTS, **changed})


def checked(town: Town, lesson_id: int, by: str = "lena") -> None:
    with acting(town, by) as act:
        publishing.check(act, of(act, lesson_id))


def published(town: Town, lesson_id: int, by: str = "mina", **given: str) -> None:
    with acting(town, by) as act:
        publishing.publish(act, of(act, lesson_id), given)


def withdrawn(town: Town, lesson_id: int, because: str = "It was not true.", by: str = "mina") -> None:
    with acting(town, by) as act:
        publishing.withdraw(act, of(act, lesson_id), {"because": because})


def out(town: Town, *references: str | None, subject: str = "delay", **changed: str) -> int:
    """A lesson that the public can read; its number."""
    lesson_id = a_lesson(town, *references, subject=subject)
    written(town, lesson_id, **changed)
    checked(town, lesson_id)
    published(town, lesson_id)
    return lesson_id


def of(act: Act, lesson_id: int) -> Publication:
    return act.session.exec(select(Publication).where(Publication.lesson_id == lesson_id)).one()
