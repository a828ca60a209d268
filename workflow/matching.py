"""Which case a contact belongs to: pure rules over plain values, each with a reason that a person can read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
REFERENCE = re.compile(rf"\bRD-([{REFERENCE_LETTERS}]{{4}})-([{REFERENCE_LETTERS}]{{4}})\b", re.IGNORECASE)

MOST_NUMBER = 2**60 - 1  # of a message of ours; a forged one above it may not even fit into the database


@dataclass(frozen=True)
class Joins:
    """It joins the case of this participant."""

    participant_id: int


@dataclass(frozen=True)
class Held:
    """It waits in a case's holding pen; exactly one of the three says which case."""

    because: str
    participant_id: int | None = None
    reference: str | None = None
    message_number: int | None = None


@dataclass(frozen=True)
class Opens:
    """It opens a case of its own."""


@dataclass(frozen=True)
class Clues:
    """What a contact says of where it belongs, once the secrets in it have been checked."""

    sender: str
    token_of: int | None = None  # the participant whose reply address it came to
    participant_email: str | None = None  # that participant's own address
    bounce_of: int | None = None  # the number of our message whose bounce address it came to
    answers_message: int | None = None  # the number of our message that it answers
    reference: str | None = None


def match(clues: Clues) -> Joins | Held | Opens:
    """A valid reply token and the participant's own address join; every weaker sign waits for a person."""
    if clues.token_of is not None:
        if clues.participant_email and clues.sender.lower() == clues.participant_email.lower():
            return Joins(clues.token_of)
        return Held("It came through the reply address, but from another sender.", participant_id=clues.token_of)
    if clues.bounce_of is not None:
        return Held("It was sent to an address that only takes bounces.", message_number=clues.bounce_of)
    if clues.answers_message is not None:
        why = "It answers a message of ours, but did not come through the reply address."
        return Held(why, message_number=clues.answers_message)
    if clues.reference is not None:
        return Held(
            "It names the case's reference, but did not come through the reply address.", reference=clues.reference
        )
    return Opens()


def reference_in(text: str) -> str | None:
    """The first case reference in a text, in our own spelling."""
    found = REFERENCE.search(text)
    return f"RD-{found[1]}-{found[2]}".upper() if found else None


def message_number_in(ids: Sequence[str], domain: str) -> int | None:
    """The number of the message of ours that is named in In-Reply-To or References, the latest first."""
    form = re.compile(rf"<([0-9]{{1,19}})\.[a-z2-7]{{26}}@{re.escape(domain)}>", re.IGNORECASE)
    for one in reversed(ids):
        if (found := form.fullmatch(one.strip())) and int(found[1]) <= MOST_NUMBER:
            return int(found[1])
    return None
