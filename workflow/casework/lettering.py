"""What a stage's letter must hold: its checklist filled in from the case, and the fields that ask for the rest."""

from datetime import date

from storage.tables import Case, Letter
from templates.writing import headings
from workflow.casework.situation import ANSWERS, Situation
from workflow.casework.verb import Field, Given, Refused, text
from workflow.checklist import Item, filled, known_of, suggestions
from workflow.definition import Letter as LetterRule

DATES = ("due_date", "likely_time", "new_date")  # items of a letter's checklist that tell a date


def letter_due(now_there: Situation, *steps: str) -> LetterRule:
    """The letter that is to be sent now for one of these steps. Refused if none is."""
    rule = now_there.letter_on(*steps)
    if rule is None:
        raise Refused(f"{now_there.stage.title} has no letter for this")
    if not now_there.may_move(rule.on) or now_there.on_its_way(rule.on):
        raise Refused("This letter has been approved already, or is not due at this stage")
    return rule


def why_no_letter(now_there: Situation, why_not: str, *steps: str) -> str | None:
    """Why none of these letters can be sent now; None when one can."""
    rule = now_there.letter_on(*steps)
    if rule is None or not now_there.may_move(rule.on):
        return why_not
    if rule.on.rpartition(".")[2] not in ANSWERS and _was_sent(now_there, rule.on):
        return why_not
    return "The letter has been approved and is about to go out." if now_there.on_its_way(rule.on) else None


def items_of(now_there: Situation, rule: LetterRule, given: Given, due: date | None = None) -> tuple[Item, ...]:
    """The letter's items, with the handler's words before our own. Raises LetterIncomplete."""
    words = {item: text(given, item) for item in rule.must_contain if text(given, item)}
    return filled(rule.must_contain, words, known(now_there, due), now_there.case.language)


def item_fields(now_there: Situation, rule: LetterRule | None, due: date | None = None) -> tuple[Field, ...]:
    """The letter's checklist as fields, filled in as far as we can."""
    if rule is None:
        return ()
    ready = suggestions(rule.must_contain, known(now_there, due), now_there.case.language) | _taken_back(
        now_there, rule
    )
    return tuple(
        Field(item, headings().get(item, {}).get("ask", item.replace("_", " ")), "long_text", value=words, item=True)
        for item, words in ready.items()
    )


def recalled(now_there: Situation, rule: LetterRule) -> Letter | None:
    """The letter of this sort that was written last, if it was taken back: its words are not lost."""
    written = [letter for letter in now_there.letters if letter.procedure_letter == rule.id]
    return written[-1] if written and written[-1].recalled_at else None


def _taken_back(now_there: Situation, rule: LetterRule) -> dict[str, str]:
    """What the handler wrote in a letter that was taken back; its dates are counted anew."""
    letter = recalled(now_there, rule)
    items = letter.facts["items"] if letter else ()
    return {item["id"]: item["text"] for item in items if item["id"] in rule.must_contain and item["id"] not in DATES}


def known(now_there: Situation, due: date | None = None) -> dict[str, str]:
    """What the case itself says about items; `due` where the letter changes when the answer is due."""
    heads = [head for head in now_there.heads if head.stage in (None, now_there.stage.id)]
    language = now_there.case.language
    return known_of(
        now_there.case, now_there.procedure, now_there.standing, heads, organisation=now_there.organisation.kind,
        due=due or _answer_due(now_there), language=language,
    )  # fmt: skip


def id_of(case: Case) -> int:
    """The case's row, which it has once it was opened."""
    assert case.id is not None
    return case.id


def _answer_due(now_there: Situation) -> date | None:
    """When the stage's answer is due: the last of its clocks."""
    of_stage = [clock for clock in now_there.standing.clocks if clock.stage == now_there.stage.id and clock.due]
    return of_stage[-1].keep_by if of_stage else None


def _was_sent(now_there: Situation, event: str) -> bool:
    stops = [clock for clock in now_there.standing.clocks if event in now_there.procedure.clock(clock.id).stop]
    return now_there.has_left(event) or any(clock.met_at for clock in stops)
