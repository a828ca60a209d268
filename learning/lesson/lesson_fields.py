"""What is asked of a lesson."""

from learning.verb import Field
from learning.words import options
from storage.tables import Lesson
from workflow.subjects import subjects


def fields(services: tuple[tuple[str, str], ...] = (), lesson: Lesson | None = None) -> tuple[Field, ...]:
    """What is asked of a lesson; of one that is there already, with what it says."""
    first = () if lesson else (
        Field("service", "Service that must change", "choice", options=services),
    )  # fmt: skip
    return (
        *first,
        Field("title", "The lesson in one line", value=_of(lesson, "title"),
              hint="Without names. For example: a missed visit must be noticed the same day"),
        Field("source", "Where it comes from", "choice", options=options("source"), value=_of(lesson, "source")),
        Field("what_happened", "What happened", "long_text", value=_of(lesson, "what_happened"),
              hint="Without names of people"),
        Field("cause_kind", "What kind of cause", "choice", options=options("cause"), value=_of(lesson, "cause_kind"),
              hint="Look for a cause in the system first. Choose a person only when nothing above it explains what "
                   "happened"),
        Field("cause", "The cause, in words", "long_text", value=_of(lesson, "cause")),
        Field("evidence", "How we know", "long_text", value=_of(lesson, "evidence")),
        Field("subject", "Subject", "choice", required=False, options=tuple(subjects().items()),
              value=_of(lesson, "subject")),
        Field("is_systemic", "Could it happen to others in the same way?", "yes_no",
              value=_yes_no(lesson.is_systemic if lesson else None), hint="Then a system or procedure is at fault"),
        Field("wider_implications", "What it means for the service beyond this complaint", "long_text",
              required=False, value=_of(lesson, "wider_implications")),
        Field("external_body", "Which outside body pointed to it", required=False, value=_of(lesson, "external_body"),
              hint="Only if it comes from an ombudsman, a regulator or an outside review"),
        Field("known_before", "Did we know of it before an outside body pointed to it?", "yes_no", required=False,
              value=_yes_no(lesson.known_before if lesson else None)),
        Field("policy", "Which policy or procedure it bears on, and which version", required=False,
              value=_of(lesson, "policy"), hint="So that the lesson is not lost when the policy changes"),
    )  # fmt: skip


CASES = Field("cases", "References of the complaints it comes from", required=False,
              hint="Such as RD-4K7M-2Q9X. Part several by spaces")  # fmt: skip


def _of(lesson: Lesson | None, name: str) -> str:
    return str(getattr(lesson, name) or "") if lesson else ""


def _yes_no(value: bool | None) -> str:
    return "" if value is None else ("yes" if value else "no")
