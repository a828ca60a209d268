"""Writing a lesson, changing it, and linking the complaints that it comes from, of any service and body."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from learning.afterwards import informed
from learning.lesson.lesson_fields import CASES, fields
from learning.lesson.situation import LessonNow, Sees, lesson_now
from learning.lesson.told import behind, behind_lesson, refuse_named
from learning.public import publishing
from learning.record import note
from learning.verb import Field, Given, Refused, Verb, needed, text, yes
from learning.words import options, word
from storage.tables import Case, Lesson, LessonCase, Service
from workflow import record, tasks
from workflow.office import Act
from workflow.subjects import subjects
from workflow.working_days import london

PROMPT = "what_was_learnt"  # the task that a decision which finds fault makes
EXTERNAL = ("external_review", "ombudsman")
TEXTS = ("title", "what_happened", "cause", "cause_kind", "evidence", "wider_implications", "source", "external_body",
         "policy")  # fmt: skip


def write(act: Act, given: Given, sees: Sees) -> Lesson:
    """Write a lesson, and link the complaints named in it. Refused where something needed is missing."""
    service = act.session.exec(select(Service).where(Service.slug == text(given, "service"))).first()
    if service is None:
        raise Refused("Select the service that must change", "service")
    lesson = Lesson(
        organisation_id=service.organisation_id,
        service_id=service.id or 0,
        title="",
        what_happened="",
        written_by_id=act.by.staff_id,
        written_at=act.now,
    )
    _fill(lesson, given)
    act.session.add(lesson)
    act.session.flush()
    note(act, lesson.id or 0, "lesson.written", data={"source": lesson.source})
    if text(given, "cases"):
        link(act, lesson_now(act.session, lesson, london(act.now), sees), {"how": "first", **given})
    return lesson


def change(act: Act, now_there: LessonNow, given: Given) -> None:
    """Change the words of a lesson; what they were stays on record."""
    lesson = now_there.lesson
    was = {name: getattr(lesson, name) for name in (*TEXTS, "subject", "is_systemic", "known_before")}
    _fill(lesson, given)
    refuse_named(behind_lesson(act.session, now_there.id), {"title": lesson.title}, "title_named")
    act.session.add(lesson)
    changed = {name: old for name, old in was.items() if getattr(lesson, name) != old}
    note(act, now_there.id, "lesson.changed", because=text(given, "because"), data={"was": changed})


def link(act: Act, now_there: LessonNow, given: Given) -> None:
    """Link complaints by their references: those that whoever links them may see."""
    how = needed(given, "how", "how the complaint bears on it")
    linked = {case.id for _, case in now_there.cases}
    cases = _cases(now_there, given)
    refuse_named(behind(act.session, [case.id for case in cases]), {"cases": now_there.lesson.title}, "linked_named")
    for case in cases:
        if case.id in linked:
            continue
        linked.add(case.id)
        act.session.add(
            LessonCase(
                lesson_id=now_there.id,
                case_id=case.id or 0,
                how=how,
                linked_at=act.now,
                linked_by_id=act.by.staff_id,
            )
        )
        note(act, now_there.id, "lesson.case_linked", data={"case": case.reference, "how": word("link", how)})
        record.note(act, case, "lesson.linked", data={"lesson": now_there.id, "title": now_there.lesson.title})
        tasks.finish(act, case, PROMPT)
    act.session.flush()
    if found := publishing.named_in_public(act.session, now_there.lesson):
        raise Refused(word("names", "published_named").format(said=found), "cases")
    informed.tell(act, now_there.id)


def unlink(act: Act, now_there: LessonNow, given: Given) -> None:
    """Take a link away that was wrong; the reason stays on record, and the complaint's question is open again."""
    because = needed(given, "because", "why it does not belong to this lesson")
    wanted = needed(given, "case", "which complaint")
    for row, case in now_there.cases:
        if case.reference == wanted:
            act.session.delete(row)
            act.session.flush()
            publishing.unlinked(act, now_there.id, case.id)
            note(act, now_there.id, "lesson.case_unlinked", because=because, data={"case": case.reference})
            record.note(act, case, "lesson.unlinked", because=because, data={"title": now_there.lesson.title})
            return
    raise Refused("This complaint is not linked", "case")


def lessons_of(session: Session, case: Case) -> Sequence[Lesson]:
    """The lessons that a complaint is linked to."""
    query = select(Lesson).join(LessonCase).where(LessonCase.case_id == case.id).order_by(col(Lesson.id))
    return session.exec(query).all()


def _fill(lesson: Lesson, given: Given) -> None:
    lesson.title = needed(given, "title", "the lesson in one line")
    lesson.what_happened = needed(given, "what_happened", "what happened")
    lesson.source = _one_of("source", given, "where the lesson comes from")
    lesson.cause_kind = _one_of("cause", given, "what kind of cause it has", field="cause_kind")
    lesson.cause, lesson.evidence = needed(given, "cause", "the cause"), needed(given, "evidence", "how we know")
    lesson.wider_implications, lesson.policy = text(given, "wider_implications"), text(given, "policy")
    lesson.subject = text(given, "subject") or None
    if lesson.subject is not None and lesson.subject not in subjects():
        raise Refused("Select a subject from the list", "subject")
    lesson.is_systemic = _answer(given, "is_systemic")
    _fill_external(lesson, given)


def _fill_external(lesson: Lesson, given: Given) -> None:
    """Learning that came from outside says from whom, and whether we had known."""
    lesson.external_body, lesson.known_before = text(given, "external_body"), _answer(given, "known_before")
    if lesson.source in EXTERNAL and not lesson.external_body:
        raise Refused("Enter which outside body pointed to it", "external_body")
    if lesson.source in EXTERNAL and lesson.known_before is None:
        raise Refused("Select yes or no: did we know of it before?", "known_before")


def _cases(now_there: LessonNow, given: Given) -> list[Case]:
    wanted = re.split(r"[\s,;]+", needed(given, "cases", "the reference of a complaint"))
    found = [(reference, now_there.sees(reference)) for reference in wanted if reference]
    unknown = [reference for reference, case in found if case is None]
    if unknown:
        raise Refused(f"There is no complaint {', '.join(unknown)} that you can see", "cases")
    return [case for _, case in found if case is not None]


def _one_of(table: str, given: Given, what: str, field: str | None = None) -> str:
    value = needed(given, field or table, what)
    if value not in dict(options(table)):
        raise Refused(f"Select {what}", field or table)
    return value


def _answer(given: Given, name: str) -> bool | None:
    return yes(given, name) if text(given, name) else None


def _linked(now_there: LessonNow) -> tuple[tuple[str, str], ...]:
    return tuple((case.reference, case.reference) for _, case in now_there.cases)


_BECAUSE = Field("because", "Why", "long_text")

LESSONS: tuple[Verb[LessonNow], ...] = (
    Verb("change", "Change the lesson", "Change what the lesson says.", change,
         lambda _a, n: (*fields(lesson=n.lesson), Field("because", "Why it is changed", required=False)),
         lambda _a, _n: None, events=("lesson.changed",)),
    Verb("link", "Link complaints", "Say which complaints the lesson comes from.", link,
         lambda _a, _n: (replace(CASES, required=True),
                         Field("how", "How they bear on it", "choice", options=options("link"), value="same_cause")),
         lambda _a, _n: None, events=("lesson.case_linked", "lesson.linked")),
    Verb("unlink", "Take a link away", "Say that a complaint does not belong to this lesson.", unlink,
         lambda _a, n: (Field("case", "Complaint", "choice", options=_linked(n)), _BECAUSE),
         lambda _a, n: None if n.cases else "No complaint is linked.",
         events=("lesson.case_unlinked", "lesson.unlinked")),
)  # fmt: skip
