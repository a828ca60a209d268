"""Builders for the people of a case: what they choose, what is due to them, and what they are sent."""

from typing import Any

from learning.afterwards import informed, updates
from storage.database import reading, writing
from storage.tables import KeepInformed, Letter, Message, Participant
from tests.town import Town, at

ANSWER: dict[str, Any] = {
    "how_considered": "We read the log.",
    "conclusions": "One visit was missed.",
    "remedial_action": "A carer who is known to her.",
    "action_taken_or_planned": "The list is checked each evening.",
    "signed_by_responsible_person": "A. Director",
}


def complained(here: Town, text: str = "My carer did not come.") -> str:
    """Somebody complains about care, and has our receipt."""
    reference = here.mail(text, to="care@town.example")
    here.send()
    assert reference
    return reference


def answered(here: Town, text: str = "My carer did not come.") -> str:
    """Somebody complains about care, is found to be right, and has our answer."""
    reference = complained(here, text)
    answer(here, reference)
    return reference


def answer(here: Town, reference: str) -> None:
    """We find that they are right, and say so."""
    here.do(reference, "acknowledge", understanding_of_complaint="A missed visit", promised="2026-02-27")
    here.do(reference, "decide", outcome="upheld", reasons="The log shows it.", remedy="An apology")
    here.do(reference, "respond", **ANSWER)
    here.send()


def chooses(here: Town, reference: str, channel: str, every_weeks: int | None = None) -> None:
    """The person says how they wish to be kept informed."""
    with writing(here.engine) as session:
        person = session.get_one(Participant, here.person(reference).id)
        informed.choose(informed.as_complainant(here.act(session)), person, channel, every_weeks)


def choice(here: Town, reference: str) -> KeepInformed:
    return here.all(KeepInformed, reference)[0]


def sweep(here: Town, when: str = "") -> int:
    """What a tick does about updates at this time; gives how many were due."""
    here.now = at(when) if when else here.now
    with reading(here.engine) as session:
        due = updates.due(here.act(session))
    for one in due:
        with writing(here.engine) as session:
            updates.send(here.act(session), one)
    return len(due)


def sent(here: Town, reference: str, kind: str = "update") -> list[Message]:
    """The messages of one kind to the people of a case."""
    return [one for one in here.all(Message, reference) if one.kind == kind]


def letters(here: Town, reference: str, kind: str = "update") -> list[Letter]:
    return [one for one in here.all(Letter, reference) if one.kind == kind]
