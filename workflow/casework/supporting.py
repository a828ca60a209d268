"""Colleagues whom a complaint is about: told early, pointed to support, and what support they were given."""

from sqlmodel import col, select

from storage.tables import Case, Colleague, Staff, SupportStep
from templates.dates import with_weekday
from templates.writing import write
from workflow import bodies, outbox
from workflow.answers import NotAnAnswer, validate
from workflow.casework.lettering import id_of
from workflow.casework.verb import Field, Given, Refused, Verb, day, needed, row_id, text
from workflow.office import Act
from workflow.outbox import To, Words
from workflow.questionnaire import questions
from workflow.record import note
from workflow.working_days import london

SUPPORT = (
    ("counselling", "Counselling or occupational health"),
    ("professional_body", "Their professional body"),
    ("union", "Their union"),
    ("manager", "A talk with their manager"),
    ("time", "Time to give their account"),
    ("other", "Something else"),
)


def tell_colleague(act: Act, case: Case, given: Given) -> None:
    """Name a colleague whom the complaint is about, and tell them at once, with where they find support.

    The name is kept for letters to them: neither the story of the case nor any list shows it.
    """
    name, email = needed(given, "name", "their name"), _email(given)
    if any(one.email == email for one in colleagues(act, case)):
        raise Refused("This colleague has been told already", "email")
    row = Colleague(case_id=id_of(case), name=name, email=email, entered_by_id=act.by.staff_id, told_at=act.now)
    act.session.add(row)
    act.session.flush()
    write_to(act, case, row, "colleague_told", text(given, "note"))
    note(act, case, "colleague.told", data={"colleague": row.id, "number": len(colleagues(act, case))})


def record_support(act: Act, case: Case, given: Given) -> None:
    """Record support that a colleague was offered or given, and on which day."""
    there = colleagues(act, case)
    if not there:
        raise Refused("No colleague has been named on this case yet", "colleague")
    wanted = row_id(text(given, "colleague")) if len(there) > 1 else there[0].id
    number = next((place for place, one in enumerate(there, 1) if one.id == wanted), None)
    if number is None:
        raise Refused("Select which colleague", "colleague")
    kind, on = needed(given, "kind", "what support it was"), day(given, "on") or london(act.now)
    if kind not in dict(SUPPORT):
        raise Refused("Select what support it was", "kind")
    if on > london(act.now):
        raise Refused("The day must be today or earlier", "on")
    step = SupportStep(colleague_id=there[number - 1].id or 0, kind=kind, on=on, note=text(given, "note"),
                       recorded_at=act.now, by_staff_id=act.by.staff_id)  # fmt: skip
    act.session.add(step)
    note(act, case, "colleague.supported", data={"number": number, "kind": kind, "date": on.isoformat()})


def colleagues(act: Act, case: Case) -> list[Colleague]:
    """Those whom a complaint is about, in the order in which they were told."""
    return list(act.session.exec(select(Colleague).where(Colleague.case_id == case.id).order_by(col(Colleague.id))))


def write_to(act: Act, case: Case, colleague: Colleague, kind: str, words: str = "") -> None:
    """Owe a colleague a letter of their own by email, once for each kind; it says nothing of what is complained of."""
    handler = act.session.get(Staff, case.handler_id) if case.handler_id else None
    facts = {
        "name": colleague.name,
        "reference": case.reference,
        "contact": handler.name if handler else "The person who deals with the complaint",
        "note": words,
        "organisation": bodies.organisation(act.session, case.organisation_id).name,
    }
    written = write(kind, facts)
    mail = Words(written.subject, written.text, written.html)
    outbox.owe(act, f"{kind}:{colleague.id}", kind, To(colleague.email), mail, case=case)


def _email(given: Given) -> str:
    question = next(one for one in questions(()) if one.id == "email")
    try:
        return str(validate(question, needed(given, "email", "their email address"))).lower()
    except NotAnAnswer as error:
        raise Refused(str(error), "email") from error


def _options(act: Act, case: Case) -> tuple[tuple[str, str], ...]:
    """By number and day, not by name: this form is open to everyone who may see the case."""
    numbered = enumerate(colleagues(act, case), 1)
    return tuple((str(one.id), f"Colleague {number}, told on {with_weekday(one.told_at)}") for number, one in numbered)


SUPPORTING = (
    Verb("tell_colleague", "Tell a colleague", "Tell a colleague that the complaint is about their work, with support.",
         tell_colleague,
         lambda _a, _s: (Field("name", "Their name", hint="Kept for letters to them; the case does not show it"),
                         Field("email", "Their email address"),
                         Field("note", "What else they should know", "long_text", required=False,
                               hint="Such as who will speak to them, and when. Do not name the person who complained")),
         lambda s: None if s.is_open else "The case is closed.",
         events=("colleague.told",), letters=("colleague_told",)),
    Verb("record_support", "Record support", "Record support that a colleague complained about was offered or given.",
         record_support,
         lambda act, s: (Field("colleague", "Which colleague", "choice", required=False, options=_options(act, s.case)),
                         Field("kind", "What support", "choice", options=SUPPORT),
                         Field("on", "On which day", "date", required=False, hint="Today if left empty"),
                         Field("note", "Note", required=False)),
         lambda _s: None, events=("colleague.supported",)),
)  # fmt: skip
