"""Acknowledging, asking, and answering: the duties of a stage."""

from datetime import date

from storage import search
from storage.tables import Case, Head
from templates.dates import with_weekday
from templates.words import titled
from workflow import letters
from workflow.casework.deciding import DECIDE
from workflow.casework.lettering import id_of, item_fields, items_of, letter_due, recalled, why_no_letter
from workflow.casework.situation import ANSWERS, Situation, situation
from workflow.casework.verb import Field, Given, Refused, Verb, day, needed, text
from workflow.clocks import evaluate
from workflow.definition import Letter as LetterRule
from workflow.happenings import Happening
from workflow.office import Act
from workflow.record import calendar_of, note
from workflow.standing import ClockStanding
from workflow.working_days import london

DEFINED = ("complaint_definition", "outcomes_sought")  # what an acknowledgement must have settled to count
DEFINES = ("complaint_definition", "understanding_of_complaint")
SEEKS = ("outcomes_sought", "expectations")


def acknowledge(act: Act, case: Case, given: Given) -> None:
    """Write to the person what we understand the complaint to be, what happens next, and by when."""
    now_there = situation(act.session, case, act.now)
    rule = letter_due(now_there, "acknowledged")
    clock = _answer_clock(act, case, now_there, rule)
    told = _date_told(act, given, clock)
    items = items_of(now_there, rule, given, due=told)
    was = case.definition
    case.definition = next((item.text for item in items if item.id in DEFINES), case.definition)
    case.outcomes_sought = next((item.text for item in items if item.id in SEEKS), case.outcomes_sought)
    _split_into_heads(act, case, now_there, given, was)
    search.add_words(act.session, id_of(case), f"{case.definition} {case.outcomes_sought}")
    facts = {"stage": titled(now_there.stage.title, case.language)}
    letters.issue(
        act, case, "acknowledgement", items=items, facts=facts, procedure_letter=rule.id,
        on_relayed=rule.on, event_data={item.id: True for item in items} | dict.fromkeys(DEFINED, True),
        promises=(clock.id, told) if clock and told else None,
    )  # fmt: skip


def ask(act: Act, case: Case, given: Given) -> None:
    """Ask the person something. No clock stops for it: no procedure shipped here allows that."""
    question = needed(given, "question", "your question")
    answer_by = day(given, "answer_by")
    if answer_by and answer_by < london(act.now):
        raise Refused("The day by which you would like an answer must not be past", "answer_by")
    facts = {"question": question, "answer_by": with_weekday(answer_by, case.language) if answer_by else ""}
    letter = letters.issue(act, case, "question", facts=facts)
    note(act, case, "person.asked", data={"letter": letter.id})


def respond(act: Act, case: Case, given: Given) -> None:
    """Send the stage's answer, once every head of complaint is decided and the letter is complete."""
    now_there = situation(act.session, case, act.now)
    if why_not := _undecided(now_there):
        raise Refused(why_not)
    rule = letter_due(now_there, *ANSWERS)
    items = items_of(now_there, rule, given)
    letters.issue(
        act, case, "response", items=items, procedure_letter=rule.id, on_relayed=rule.on,
        event_data={item.id: True for item in items},
    )  # fmt: skip


def _answer_clock(act: Act, case: Case, now_there: Situation, rule: LetterRule) -> ClockStanding | None:
    """The clock of the stage's answer, as it will run once this letter has gone out today."""
    sent = Happening(rule.on, act.now, dict.fromkeys((*rule.must_contain, *DEFINED), True))
    after = evaluate(now_there.procedure, [*now_there.told, sent], calendar_of(act.session, case), act.now)
    return next((clock for clock in reversed(after.clocks) if clock.stage == now_there.stage.id), None)


def _date_told(act: Act, given: Given, clock: ClockStanding | None) -> date | None:
    """The date that the letter tells: the one promised in it, which may not go past the rule's, else the rule's."""
    promised, due = day(given, "promised"), clock.due if clock else None
    if promised and promised < london(act.now):
        raise Refused("The date you promise must not be past", "promised")
    if promised and due and promised > due:
        raise Refused(f"The date you promise must not be after {with_weekday(due)}, the rule's date", "promised")
    return promised or due


def _split_into_heads(act: Act, case: Case, now_there: Situation, given: Given, was: str) -> None:
    """Each line of `heads` is one head of complaint; without any, the definition is the one. A decided one stays."""
    there = [head.text for head in now_there.heads]
    if any(head.outcome for head in now_there.heads) or (there and there != [was] and "heads" not in given):
        return
    lines = [line.strip(" -•\t") for line in text(given, "heads").splitlines() if line.strip(" -•\t")]
    if there == (lines or [case.definition]):
        return
    for head in now_there.heads:
        act.session.delete(head)  # of a letter that was taken back
    for line in lines or [case.definition]:
        act.session.add(Head(case_id=id_of(case), text=line))


def _undecided(now_there: Situation) -> str | None:
    """A panel's findings are answered recommendation by recommendation; every other stage decides each head."""
    if now_there.stage.kind == "independent":
        return None
    open_ones = [head for head in now_there.heads if head.outcome is None or head.stage != now_there.stage.id]
    if not now_there.heads:
        return "Decide every head of complaint first: none has been named yet."
    return f"Decide every head of complaint first: {len(open_ones)} to go." if open_ones else None


def _may_acknowledge(now_there: Situation) -> str | None:
    return why_no_letter(now_there, "This stage has no acknowledgement, or it has been sent.", "acknowledged")


def _may_respond(now_there: Situation) -> str | None:
    return why_no_letter(now_there, "No answer is due at this stage.", *ANSWERS) or _undecided(now_there)


def _open(now_there: Situation) -> str | None:
    return None if now_there.is_open else "The case is closed. Reopen it first."


def _acknowledge_fields(act: Act, now_there: Situation) -> tuple[Field, ...]:
    rule = now_there.letter_on("acknowledged")
    clock = _answer_clock(act, now_there.case, now_there, rule) if rule and now_there.may_move(rule.on) else None
    fields = item_fields(now_there, rule, clock.due if clock else None)
    there = [head.text for head in now_there.heads]
    heads = Field("heads", "Heads of complaint, one on each line", "long_text", required=False,
                  value="" if there == [now_there.case.definition] else "\n".join(there),
                  hint="Each is decided on its own. Leave empty if there is only one.")  # fmt: skip
    promised = Field("promised", "Date promised for the answer", "date", required=False,
                     value=_promised(now_there, rule, clock), hint="Only if earlier than the rule's date")  # fmt: skip
    return (*fields, heads, promised)


def _promised(now_there: Situation, rule: LetterRule | None, clock: ClockStanding | None) -> str:
    """An earlier date that a letter which was taken back had promised."""
    letter = recalled(now_there, rule) if rule else None
    date_told = str(((letter.facts if letter else {}).get("promises") or {}).get("date", ""))
    return date_told if clock and clock.due and date_told < clock.due.isoformat() else ""


ANSWERING = (
    Verb("acknowledge", "Acknowledge", "Write what we understand it to be, and what happens next.", acknowledge,
         _acknowledge_fields, _may_acknowledge, events=("{stage}.acknowledged", "clock.promised"),
         letters=("acknowledgement",)),
    Verb("ask", "Ask the person", "Ask the person something by letter.", ask,
         lambda _a, _s: (Field("question", "Your question", "long_text"),
                         Field("answer_by", "By when you would like an answer", "date", required=False)),
         _open, events=("person.asked", "letter.sent"), letters=("question",)),
    DECIDE,
    Verb("respond", "Answer", "Send the answer of this stage.", respond,
         lambda _a, s: item_fields(s, s.letter_on(*ANSWERS)), _may_respond,
         events=("{stage}.response_sent",), letters=("response",)),
)  # fmt: skip
