"""What can be recorded of an ombudsman's work on a case: each verb's form, in one visible table, and doing it."""

from collections.abc import Mapping, Sequence

from learning.numbers.figure_words import name_of, said
from learning.ombudsmen import ombudsman
from learning.ombudsmen.ombudsman import Matters, matters_of
from learning.ombudsmen.ombudsman_corrections import CORRECTIONS
from learning.verb import ANSWERABLE, Field, Given, Refused, Verb, may_not
from storage.tables import Case, OmbudsmanMatter, Recommendation
from templates.dates import in_words
from workflow.casework.verbs import ChangedMeanwhile
from workflow.office import Act
from workflow.record import lock

Options = tuple[tuple[str, str], ...]


def do(act: Act, case: Case, name: str, given: Given, *, seen_version: int | None = None) -> None:
    """Record something of an ombudsman's work on a case, in the act's transaction. Refused says why not.

    `seen_version` is the case's when the person was shown it: ChangedMeanwhile if it moved on since.
    """
    verb = OMBUDSMAN.get(name)
    if verb is None:
        raise Refused(f"There is no verb {name!r}. There are: {', '.join(OMBUDSMAN)}")
    locked = lock(act.session, case.id)
    if seen_version is not None and locked.version != seen_version:
        raise ChangedMeanwhile("Someone else changed this case while you were working on it. Nothing was overwritten.")
    there = matters_of(act.session, locked)
    if why_not := why_not_now(act, verb, there):
        raise Refused(why_not)
    with act.session.begin_nested():  # what was written before it was refused is undone
        verb.act(act, there, given)
    locked.version += 1
    act.session.add(locked)


def why_not_now(act: Act, verb: Verb[Matters], there: Matters) -> str | None:
    """Why this person can't record this now; None when they can."""
    if act.by.staff_id is not None and act.by.staff_id == there.case.about_staff_id:
        return "This case is about you."
    return may_not(act, verb, there)


def _bodies() -> Options:
    return tuple((code, _body(code)) for code in said()["body"])


def _body(code: str) -> str:
    """An ombudsman as a line begins with it."""
    name = name_of("body", code)
    return name[:1].upper() + name[1:]


def _findings() -> Options:
    return tuple((code, name) for code, name in said()["finding"].items() if code != "undecided")


def _matter(matters: Sequence[OmbudsmanMatter]) -> Field:
    options = tuple((f"{one.id}", f"{_body(one.body)}, since {in_words(one.referred_at)}") for one in matters)
    return Field(
        "matter", "Which ombudsman’s work", "choice", options=options, value=options[0][0] if len(options) == 1 else ""
    )


def _recommendation(rows: Sequence[Recommendation]) -> Field:
    options = tuple((f"{one.id}", one.text) for one in rows)
    value = options[0][0] if len(options) == 1 else ""
    return Field("recommendation", "Recommendation", "choice", options=options, value=value)


def _any_open(_act: Act, there: Matters) -> str | None:
    return None if there.open else "No recommendation is open."


_ON = Field("on", "On which day", "date", required=False, hint="Today if left empty")
_DUE = Field("due", "To be done by", "date")

OMBUDSMAN: Mapping[str, Verb[Matters]] = {verb.name: verb for verb in (
    Verb("take_up", "An ombudsman took it up", "Record that an ombudsman has taken the complaint up.",
         ombudsman.take_up,
         lambda _a, _m: (Field("body", "Which ombudsman", "choice", options=_bodies()), _ON),
         lambda _a, _m: None, events=("ombudsman.taken_up",)),
    Verb("record_finding", "The ombudsman decided", "Record what the ombudsman decided, and when.",
         ombudsman.decide,
         lambda _a, m: (_matter(m.undecided), Field("finding", "What was found", "choice", options=_findings()), _ON),
         lambda _a, m: None if m.undecided else "No ombudsman has it undecided.", events=("ombudsman.decided",)),
    Verb("recommend", "The ombudsman recommended something", "Record each thing that we were told to do, and by when.",
         ombudsman.recommend,
         lambda _a, m: (_matter(m.matters),
                        Field("text", "What is recommended", "long_text", hint="Without names of people"), _DUE),
         lambda _a, m: None if m.matters else "No ombudsman took it up.", events=("recommendation.made",)),
    Verb("move_date", "The recommendation has a new date", "Record that there is more or less time, and why.",
         ombudsman.move,
         lambda _a, m: (_recommendation(m.open), _DUE, Field("because", "Why the date moves", "long_text")),
         _any_open, events=("recommendation.moved",)),
    Verb("comply", "The recommendation was complied with", "Record that it was done, and how it can be seen.",
         ombudsman.comply,
         lambda _a, m: (_recommendation(m.not_complied), _ON,
                        Field("evidence", "What was done, and how it can be seen", "long_text",
                              hint="In plain words, without names of people")),
         lambda _a, m: None if m.not_complied else "No recommendation is to be complied with.",
         events=("recommendation.complied",)),
    Verb("decline", "We do not comply with the recommendation", "Record that it is not complied with, and why.",
         ombudsman.decline,
         lambda _a, m: (_recommendation(m.open), Field("because", "Why we do not comply", "long_text")),
         _any_open, events=("recommendation.declined",), roles=ANSWERABLE),
    *CORRECTIONS,
)}  # fmt: skip
