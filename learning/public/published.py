"""What the public can read of our learning, for its pages and feeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from learning.afterwards.changes import words as words_of
from learning.lesson.told import Behind, behind_lessons
from storage.tables import Lesson, Organisation, Publication

PAGE = 50


@dataclass(frozen=True)
class Entry:
    """A published lesson; `subject` as a code of workflow/subjects.toml, times in UTC."""

    slug: str
    texts: Mapping[str, Mapping[str, str]]
    body: str  # the organisation's name…
    body_slug: str
    subject: str | None
    published_at: datetime
    changed_at: datetime

    def language(self, wanted: str) -> str:
        """The language in which it can be shown to who wants this one."""
        return wanted if wanted in self.texts else "en"


def entries(session: Session, *, body: str = "", subject: str = "", page: int = 1) -> tuple[list[Entry], bool]:
    """A page of them, latest first, of one organisation (its short name) or subject if said; whether there are more."""
    query = select(Publication, Lesson, Organisation).join(Lesson, col(Publication.lesson_id) == Lesson.id)
    query = query.join(Organisation, col(Publication.organisation_id) == Organisation.id).where(*_is_out())
    if body:
        query = query.where(Organisation.slug == body)
    if subject:
        query = query.where(Lesson.subject == subject)
    query = query.order_by(col(Publication.published_at).desc(), col(Publication.id).desc())
    rows = session.exec(query.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return _entries(session, rows[:PAGE]), len(rows) > PAGE


def find(session: Session, slug: str) -> Entry | None:
    """The published lesson with this address; None where there is none, or none any more."""
    query = select(Publication, Lesson, Organisation).join(Lesson, col(Publication.lesson_id) == Lesson.id)
    query = query.join(Organisation, col(Publication.organisation_id) == Organisation.id)
    row = session.exec(query.where(Publication.slug == slug, *_is_out())).first()
    return _entries(session, [row])[0] if row else None


def was_withdrawn(session: Session, slug: str) -> bool:
    """Whether the public could read this once, and can no more."""
    withdrawn = col(Publication.withdrawn_at).is_not(None)
    return session.exec(select(Publication.id).where(Publication.slug == slug, withdrawn)).first() is not None


def bodies(session: Session) -> list[tuple[str, str]]:
    """The organisations of which something is published: short name and name."""
    query = select(Organisation.slug, Organisation.name).join(Publication).where(*_is_out()).distinct()
    return list(session.exec(query.order_by(Organisation.name)))


def subjects(session: Session) -> list[str]:
    """The subjects of which something is published, as codes."""
    query = select(Lesson.subject).join(Publication).where(*_is_out()).distinct()
    return sorted(subject for subject in session.exec(query) if subject)


def _is_out() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Publication.published_at).is_not(None), col(Publication.withdrawn_at).is_(None)


def _entries(session: Session, rows: Sequence[tuple[Publication, Lesson, Organisation]]) -> list[Entry]:
    who = behind_lessons(session, [publication.lesson_id for publication, _, _ in rows])
    return [_entry(publication, lesson, body, who[publication.lesson_id]) for publication, lesson, body in rows]


def _entry(publication: Publication, lesson: Lesson, body: Organisation, who: Behind) -> Entry:
    """What was checked before somebody on a complaint was known may name them, and still does not leave."""
    assert publication.published_at is not None
    return Entry(
        slug=publication.slug,
        texts={language: _without_names(said, language, who) for language, said in publication.texts.items()},
        body=body.name,
        body_slug=body.slug,
        subject=lesson.subject,
        published_at=publication.published_at,
        changed_at=publication.changed_at or publication.published_at,
    )


def _without_names(said: Mapping[str, str], language: str, who: Behind) -> dict[str, str]:
    left_out = words_of(language)["line"]["left_out"]
    return {part: who.out_of(words, left_out) for part, words in said.items()}
