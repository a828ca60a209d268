"""A lesson told to the public: written without names, checked by a second person, published, perhaps withdrawn."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from learning import names
from learning.afterwards.consent import storytellers
from learning.beyond.insight_words import word
from learning.lesson.situation import Sees
from learning.public.stakeholders import tell
from learning.record import lock, note
from learning.verb import ANSWERABLE, Field, Given, Refused, is_someone_else, needed, text, yes
from storage.tables import Case, CaseRole, Colleague, Contact, Lesson, LessonCase, Participant, Publication, Staff
from templates.languages import LANGUAGES
from workflow.casework.verb import row_id
from workflow.office import Act

PARTS = ("title", "you_said", "we_did")
LONGEST = {"title": 120, "you_said": 5_000, "we_did": 5_000}  # letters
IN_WORDS = {"en": "english", "cy": "welsh"}
SHOWN = "shown"  # whether the person whose story it is has seen these words
NOBODYS = "nobody"  # the text is not the story of one complaint


def write(act: Act, lesson: Lesson, given: Given) -> Publication:
    """Write or rewrite the public's text of a lesson; a check that it had is gone. Refused if it names somebody."""
    lock(act.session, _id(lesson))
    publication = of_lesson(act.session, lesson)
    if publication is not None and is_out(publication):
        raise Refused(word("publish", "is_out"))
    texts = _texts(given)
    _refuse_names(act.session, lesson, texts)
    if publication is None:
        publication = Publication(
            lesson_id=_id(lesson),
            organisation_id=lesson.organisation_id,
            slug=_slug(act.session, texts["en"]["title"]),
            written_by_id=act.by.staff_id or 0,
            written_at=act.now,
            version=0,
        )
    publication.texts, publication.checked_by_id = texts, None
    publication.story_of_id = _story_of(act.session, lesson, given)
    publication.written_by_id, publication.written_at = act.by.staff_id or 0, act.now
    _keep(act, publication, "lesson.publication_written")
    return publication


def check(act: Act, publication: Publication) -> None:
    """Say that nobody can be recognised and that it is true: only somebody other than who wrote it may."""
    lesson = _locked(act, publication)
    _must_answer(act)
    if not is_someone_else(act.by, publication.written_by_id):
        raise Refused(word("publish", "own_check"))
    if publication.checked_by_id is not None:
        raise Refused(word("publish", "checked_already"))
    _refuse_names(act.session, lesson, publication.texts)
    publication.checked_by_id = act.by.staff_id
    _keep(act, publication, "lesson.publication_checked")


def publish(act: Act, publication: Publication, given: Given) -> None:
    """Put it on the public's pages and feeds, and tell each stakeholder once.

    Somebody's story only in words that they have seen: whoever is asked for theirs is promised that.
    """
    lesson = _locked(act, publication)
    _must_answer(act)
    if is_out(publication):
        raise Refused(word("publish", "is_out"))
    if publication.checked_by_id is None:
        raise Refused(word("publish", "unchecked"))
    _refuse_names(act.session, lesson, publication.texts)  # a complaint may have been linked since it was checked
    if publication.story_of_id not in (None, *(one.id for one in storytellers(act.session, lesson.id))):
        raise Refused(word("publish", "no_consent"))
    if publication.story_of_id is not None and not yes(given, SHOWN):
        raise Refused(word("publish", "not_shown"), SHOWN)
    publication.withdrawn_at, publication.changed_at = None, act.now
    publication.published_at = publication.published_at or act.now
    _keep(act, publication, "lesson.published")
    tell(act, publication)


def withdraw(act: Act, publication: Publication, given: Given) -> None:
    """Take it off the public's pages and feeds, with the reason; before it comes back it is checked again."""
    _locked(act, publication)
    _must_answer(act)
    because = needed(given, "because", word("publish", "because"))
    if not is_out(publication):
        raise Refused(word("publish", "not_out"))
    _take_back(act, publication, because)


def withdraw_story(act: Act, case_id: int | None) -> None:
    """Someone no longer agrees that their story is told: each text that tells it leaves the public's pages at once."""
    _take_back_each(act, "consent_withdrawn", Publication.story_of_id == case_id)


def unlinked(act: Act, lesson_id: int, case_id: int | None) -> None:
    """A complaint no longer belongs to a lesson: a text that tells its story leaves, for its names are not known."""
    of_it = (Publication.story_of_id == case_id, Publication.lesson_id == lesson_id)
    _take_back_each(act, "story_unlinked", *of_it)


def _take_back_each(act: Act, why: str, *which: Any) -> None:
    query = select(Publication).where(*which).with_for_update(key_share=True)
    for publication in act.session.exec(query.execution_options(populate_existing=True)).all():
        if is_out(publication):
            _take_back(act, publication, word("publish", why))


def _take_back(act: Act, publication: Publication, because: str) -> None:
    publication.withdrawn_at, publication.checked_by_id = act.now, None
    _keep(act, publication, "lesson.publication_withdrawn", because)


def is_out(publication: Publication) -> bool:
    """Whether the public can read it."""
    return publication.published_at is not None and publication.withdrawn_at is None


def of_lesson(session: Session, lesson: Lesson) -> Publication | None:
    """The public's text of a lesson; None while there is none."""
    return session.exec(select(Publication).where(Publication.lesson_id == lesson.id)).first()


def fields(session: Session, publication: Publication | None, lesson: Lesson, sees: Sees) -> tuple[Field, ...]:
    """What the form asks for, in each language, with what stands there now; and whose story it is, if anyone agreed."""
    texts = publication.texts if publication else {"en": {"title": lesson.title}}
    asked = tuple(_field(language, part, texts) for language in LANGUAGES for part in PARTS)
    agreed = storytellers(session, lesson.id)
    if not agreed:
        return asked
    chosen = next((str(one.id) for one in agreed if publication and one.id == publication.story_of_id), NOBODYS)
    theirs = ((str(one.id), one.reference if sees(one.reference) else word("publish", "unseen")) for one in agreed)
    options = ((NOBODYS, word("publish", "nobodys")), *theirs)
    label, hint = word("publish", "story_of"), word("publish", "story_of_hint")
    return (*asked, Field("story_of", label, "choice", options=options, hint=hint, value=chosen))


def fields_to_publish(publication: Publication | None) -> tuple[Field, ...]:
    """Of somebody's story: whether they have seen it as it is now."""
    is_story = publication is not None and publication.story_of_id is not None
    return (Field(SHOWN, word("publish", "shown"), "yes_no"),) if is_story else ()


def _story_of(session: Session, lesson: Lesson, given: Given) -> int | None:
    """The complaint whose story the text tells. Refused where its person has not agreed to that."""
    wanted = text(given, "story_of")
    if wanted in ("", NOBODYS):
        return None
    found = next((one for one in storytellers(session, lesson.id) if one.id == row_id(wanted)), None)
    if found is None:
        raise Refused(word("publish", "no_consent"), "story_of")
    return found.id


def _field(language: str, part: str, texts: Mapping[str, Mapping[str, str]]) -> Field:
    first = language != "en" and part == "title"
    hint = word("publish", "welsh_hint") if first else word("publish", "you_said_hint") if part == "you_said" else ""
    label = f"{word('publish', part)}, {word('publish', IN_WORDS[language])}"
    kind = "text" if part == "title" else "long_text"
    value = texts.get(language, {}).get(part, "")
    return Field(f"{part}_{language}", label, kind, language == "en", hint, value=value)


def _texts(given: Given) -> dict[str, dict[str, str]]:
    """What was typed, by language: English whole; another language whole or not at all."""
    texts = {language: {part: text(given, f"{part}_{language}") for part in PARTS} for language in LANGUAGES}
    for language, said in texts.items():
        _check_whole(language, said)
    return {language: said for language, said in texts.items() if said["title"]}


def _check_whole(language: str, said: Mapping[str, str]) -> None:
    wanted = language == "en" or any(said.values())
    for part in PARTS:
        field = f"{part}_{language}"
        if wanted and not said[part]:
            missing = word("publish", "missing", what=word("publish", part)[0].lower() + word("publish", part)[1:])
            raise Refused(missing if language == "en" else word("publish", "half_welsh"), field)
        if len(said[part]) > LONGEST[part]:
            long = word("publish", "title_long" if part == "title" else "text_long", most=f"{LONGEST[part]:,}")
            raise Refused(long, field)


def _refuse_names(session: Session, lesson: Lesson, texts: Mapping[str, Mapping[str, str]]) -> None:
    """Refused, at the first field that gives someone away, with everything that was found in it."""
    people = people_behind(session, lesson)
    for language, said in texts.items():
        for part, words in said.items():
            if found := names.found_in(words, people):
                told = ". ".join(word("gives_away", one.sort, said=one.said) for one in found)
                raise Refused(told, f"{part}_{language}")


def named_in_public(session: Session, lesson: Lesson) -> str:
    """What gives somebody away in the text that the public reads of a lesson; empty for nothing, or no such text."""
    publication = of_lesson(session, lesson)
    if publication is None or not is_out(publication):
        return ""
    people = people_behind(session, lesson)
    texts = (words for said in publication.texts.values() for words in said.values())
    return next((found.said for words in texts for found in names.found_in(words, people)), "")


def people_behind(session: Session, lesson: Lesson) -> Sequence[str]:
    """The names of everybody who has to do with the complaints that a lesson comes from, staff among them."""
    cases = select(LessonCase.case_id).where(LessonCase.lesson_id == lesson.id)
    return sorted({name.strip() for name in _names(session, cases) if name and name.strip()})


def _names(session: Session, cases: Any) -> Iterator[str]:
    people = select(Participant.name, Participant.acts_for).where(col(Participant.case_id).in_(cases))
    for name, acts_for in session.exec(people):
        yield from (name, acts_for)
    yield from session.exec(select(Contact.sender_name).where(col(Contact.case_id).in_(cases)))
    yield from session.exec(select(CaseRole.name).where(col(CaseRole.case_id).in_(cases)))
    yield from session.exec(select(Colleague.name).where(col(Colleague.case_id).in_(cases)))
    for staff in (Case.about_staff_id, Case.handler_id):
        theirs = select(staff).where(col(Case.id).in_(cases))
        yield from session.exec(select(Staff.name).where(col(Staff.id).in_(theirs)))


def _slug(session: Session, title: str) -> str:
    """The title as an address; a number behind it where another lesson has the same."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "lesson"
    taken = set(session.exec(select(Publication.slug).where(col(Publication.slug).startswith(slug))))
    return next(one for one in (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)


def _keep(act: Act, publication: Publication, happened: str, because: str = "") -> None:
    publication.version += 1
    act.session.add(publication)
    act.session.flush()
    data = {"publication": publication.id, "title": publication.texts["en"]["title"]}
    note(act, publication.lesson_id, happened, because=because, data=data)


def _locked(act: Act, publication: Publication) -> Lesson:
    """The lesson, locked, and the publication as it now stands."""
    lesson = lock(act.session, publication.lesson_id)
    act.session.refresh(publication, with_for_update={"key_share": True})  # its story may be withdrawn meanwhile
    return lesson


def _must_answer(act: Act) -> None:
    if act.by.role not in ANSWERABLE:
        raise Refused("Only a manager or leader can do this")


def _id(lesson: Lesson) -> int:
    assert lesson.id is not None
    return lesson.id
