"""Acts of casework that many tests begin with, done as staff do them."""

from typing import Any

from tests.town import Town

ITEMS: dict[str, Any] = {
    "complaint_definition": "Damp",
    "outcomes_sought": "A repair",
    "responsible_and_not_responsible": "All of it",
}
ANSWER: dict[str, Any] = {"outstanding_actions": "The wall will be dry lined by 30 January."}
MINA = "mina@town.example"


def acknowledged(here: Town, reference: str, **more: Any) -> None:
    here.do(reference, "acknowledge", **ITEMS, **more)
    here.send()


def answered(here: Town, reference: str) -> None:
    acknowledged(here, reference)
    here.do(reference, "decide", outcome="upheld", reasons="We waited too long.", remedy="£50, today")
    here.do(reference, "respond", **ANSWER)
    here.send()


def kinds(here: Town, reference: str) -> list[str]:
    return [message.kind for message in here.send()]
