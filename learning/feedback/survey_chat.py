"""A survey as a chat puts it: one question after the other, each with the same answers to press as on the page."""

from collections.abc import Mapping
from typing import Any

from learning.feedback.survey_items import FIRST, SCALE, items_for, page, said
from storage.tables import SurveyInvitation

Button = tuple[str, str]  # its words, and the value that comes back when it is pressed


def asked(group: str) -> list[str]:
    """The questions in the order in which a chat asks them: on the whole first, since many answer no more."""
    others = [item.id for item in items_for(group) if item.id != FIRST]
    return [FIRST, *others]


def following(row: SurveyInvitation, item: str = "") -> str | None:
    """The question to ask after this one: the next that was neither answered nor left out; None when none is left."""
    order, given = asked(row.grp), row.given or {}
    at = order.index(item) + 1 if item in order else 0
    return next((one for one in (*order[at:], *order[:at]) if one not in given), None)


def before(row: SurveyInvitation, item: str) -> str | None:
    """The question that is asked before this one."""
    order = asked(row.grp)
    at = order.index(item) if item in order else 0
    return order[at - 1] if at else None


def question(row: SurveyInvitation, item: str, language: str) -> str:
    """The words of a question, with how far they have come."""
    order, words = asked(row.grp), said(language)
    facts = {"number": order.index(item) + 1, "count": len(order), "question": words["items"][row.grp][item]}
    return str(words["chat"]["question"]).format_map(facts)


def buttons(row: SurveyInvitation, item: str, language: str) -> list[list[Button]]:
    """Each answer in a row of its own; below them to leave it out, to go back and to stop."""
    words = said(language)
    answers = [[(words["scale"][one], value(row, f"{item}={one}"))] for one in SCALE]
    skip = (words["chat"]["skip"], value(row, f"{item}="))
    back = [(words["chat"]["back"], value(row, f"back {item}"))] if before(row, item) else []
    return [*answers, [skip, *back, (words["chat"]["stop"], value(row, "stop"))]]


def invited(row: SurveyInvitation) -> dict[str, Any]:
    """What goes with the message that asks them: the buttons of its question, and one not to be asked again."""
    item = following(row) or FIRST
    answers = buttons(row, item, row.language)[: len(SCALE)]
    stop = (page(row.grp, row.language)["stop"], value(row, "stop"))
    rows = [[{"text": words, "value": carried} for words, carried in line] for line in (*answers, [stop])]
    return {"buttons": rows, "document": None}


def value(row: SurveyInvitation, does: str) -> str:
    """What a button carries: `s12 easy=agree`, `s12 easy=` to leave it out, `s12 back easy` or `s12 stop`."""
    return f"s{row.id} {does}"


def typed(row: SurveyInvitation, item: str, text: str, language: str) -> str:
    """What the button carries whose words, or number, somebody typed; empty where it is none of them."""
    plain = _plain(text)
    offered = [one for line in buttons(row, item, language) for one in line]
    by_words: Mapping[str, str] = {_plain(words): carried for words, carried in offered}
    numbers = {str(number): carried for number, (_, carried) in enumerate(offered[: len(SCALE)], 1)}
    return by_words.get(plain) or numbers.get(plain, "")


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split()).strip(" .!")
