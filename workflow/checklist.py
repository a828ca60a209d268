"""What a letter must contain by its procedure, what we can fill in ourselves, and what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from storage.tables import Case, Head
from templates.dates import with_weekday
from templates.words import titled
from templates.writing import headings, ombudsman, phrases
from workflow.definition import Procedure, Stage
from workflow.standing import Standing

When = Literal["at_any_time", "after_final", "refused"]
DECISIONS = ("decision", "decision_each_point")


class LetterIncomplete(Exception):
    """A letter lacks items that its procedure demands; `missing` names them."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        asked = "; ".join(headings().get(item, {}).get("ask", item) for item in missing)
        super().__init__(f"The letter can't go out yet. Still missing: {asked}.")


@dataclass(frozen=True)
class Item:
    """One item of a checklist as it stands in the letter."""

    id: str
    heading: str
    text: str


def filled(
    items: tuple[str, ...], given: Mapping[str, str], known: Mapping[str, str], language: str = "en"
) -> tuple[Item, ...]:
    """The items in order, each with the words given, else with our own. Raises LetterIncomplete."""
    made = tuple(_item(item, given, known, language) for item in items)
    missing = tuple(item.id for item in made if not item.text.strip())
    if missing:
        raise LetterIncomplete(missing)
    return made


def suggestions(items: tuple[str, ...], known: Mapping[str, str], language: str = "en") -> dict[str, str]:
    """What we would write for each item by ourselves; empty where a person must."""
    return {item: _item(item, {}, known, language).text for item in items}


def known_of(
    case: Case,
    procedure: Procedure,
    standing: Standing,
    heads: list[Head],
    *,
    organisation: str,
    due: date | None = None,
    language: str = "en",
) -> dict[str, str]:
    """What the case itself says about items: definition, decisions, dates, and who is next."""
    stage = procedure.stage(standing.stage)
    decided = "\n\n".join(_decision(head, language) for head in heads if head.outcome)
    return {
        "complaint_definition": case.definition,
        "understanding_of_complaint": case.definition,
        "outcomes_sought": case.outcomes_sought,
        "expectations": case.outcomes_sought,
        **dict.fromkeys(DECISIONS, decided),
        "reasons": _of_each([(head, head.reasons) for head in heads]),
        "remedy": _of_each([(head, head.remedy) for head in heads]),
        "{due}": with_weekday(due, language) if due else "",
        "{stage}": titled(stage.title, language),
        "{escalate}": escalation(procedure, stage, organisation, language),
        **{f"{{ombudsman_{use}}}": ombudsmen(procedure, use, organisation, language) for use in get_args(When)},
    }


def escalation(procedure: Procedure, stage: Stage, organisation: str, language: str = "en") -> str:
    """What the person may do after this stage, by the procedure's own edges and nothing invented."""
    words = phrases(language)["escalate"]
    onward = next_stage(procedure, stage)
    if onward is not None:
        return words["next_stage"].format(next_stage=titled(onward.title, language))
    return ombudsmen(procedure, "after_final", organisation, language)


def next_stage(procedure: Procedure, stage: Stage) -> Stage | None:
    """The internal or independent stage that may be asked for after this one."""
    edge = f"request:unhappy_with:{stage.id}"
    return next((other for other in procedure.stages if edge in other.entry), None)


def ombudsmen(procedure: Procedure, when: When, organisation: str, language: str = "en") -> str:
    """The words for every ombudsman whom this procedure leads to from this kind of organisation, at this time."""
    last = [stage for stage in procedure.stages if stage.kind == "ombudsman"]
    bodies = dict.fromkeys(stage.body_by_organisation.get(organisation, stage.body) for stage in last if stage.body)
    return "\n\n".join(ombudsman(body, language)[when] for body in bodies if body)


def signpost_item(procedure: Procedure, standing: Standing) -> str:
    """The item that says truly where the person stands with us when they are told of the ombudsman."""
    if standing.outcome is None:
        return "ombudsman_contact"  # our answer is late, or they may go straight there
    is_final = next_stage(procedure, procedure.stage(standing.stage)) is None
    return "ombudsman" if standing.outcome == "answered" and is_final else "right_to_ask_ombudsman"


def _item(item: str, given: Mapping[str, str], known: Mapping[str, str], language: str) -> Item:
    words = headings(language).get(item, {"heading": item.replace("_", " ").capitalize()})
    text = given.get(item) or known.get(item) or _own_words(words.get("text", ""), known)
    return Item(item, words["heading"], text)


def _own_words(text: str, known: Mapping[str, str]) -> str:
    """Our own sentence with its facts put in; nothing at all if one of them is not known."""
    for place, value in known.items():
        if place.startswith("{") and place in text:
            if not value:
                return ""
            text = text.replace(place, value)
    return text


def _decision(head: Head, language: str) -> str:
    outcome = head.outcome or ""
    words = phrases(language)["outcomes"].get(outcome, outcome.replace("_", " ").capitalize() + ".")
    return f"{head.text}\n\n{words}"


def _of_each(said: list[tuple[Head, str]]) -> str:
    """What was said of each head of complaint, under the head's own words where there are several."""
    if len(said) == 1:
        return said[0][1]
    return "\n\n".join(f"{head.text.rstrip(' .:')}:\n{words}" for head, words in said if words)
