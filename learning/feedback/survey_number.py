"""The number on an answer sheet: by it someone answers on the web, or we enter what came back on paper.

It is the invitation's own number and eight signs that only we could have made, so that a slip of the pen finds nobody
else's survey; and it is all that the sheet says of whose it is.
"""

import re

from sqlmodel import Session

from storage.tables import SurveyInvitation
from workflow.tokens import Keyring

SIGNS = 8
READ_AS = str.maketrans("018", "oib")  # no such digits are in our signs: who types them has misread a letter


def number_of(keyring: Keyring, row: SurveyInvitation) -> str:
    """As it is printed: 27-K7M2-PXQD."""
    signs = keyring.sign("survey-number", row.key)[:SIGNS].upper()
    return f"{row.id}-{signs[:4]}-{signs[4:]}"


def with_number(session: Session, keyring: Keyring, typed: str) -> SurveyInvitation | None:
    """The survey with this number, however it was typed; None for one that is wrong."""
    plain = re.sub(r"[^0-9a-z]", "", typed.lower())
    number, signs = plain[:-SIGNS], plain[-SIGNS:].translate(READ_AS)
    if not re.fullmatch(r"[1-9]\d{0,8}", number):
        return None
    row = session.get(SurveyInvitation, int(number))
    made = keyring.signatures("survey-number", row.key) if row else []
    return row if signs in [one[:SIGNS] for one in made] else None
