"""Which cases a chat may hear of: those opened in it, or linked to it by a code that went to their person's mailbox."""

from dataclasses import dataclass

from sqlmodel import col, select

from bot.said import Button
from bot.talk import Talk
from storage.tables import Case, Participant

MOST = 5


@dataclass(frozen=True)
class Mine:
    """A case of theirs, and who they are in it."""

    case: Case
    person: Participant

    @property
    def is_open(self) -> bool:
        return self.case.state == "open"


def mine(talk: Talk) -> list[Mine]:
    """Their cases, open ones first, then the newest; none of which they said that this chat is not safe for it."""
    query = select(Participant, Case).join(Case, col(Participant.case_id) == Case.id)
    rows = talk.act.session.exec(query.where(Participant.chat == talk.name).order_by(col(Case.id).desc())).all()
    found = [Mine(case, person) for person, case in rows if talk.said.channel not in person.avoid]
    return sorted(found, key=lambda one: not one.is_open)


def one_of(talk: Talk, person_id: str) -> Mine | None:
    """The case that a button names, if it is theirs."""
    return next((one for one in mine(talk) if str(one.person.id) == person_id), None)


def offer_each(talk: Talk, verb: str, found: list[Mine]) -> None:
    """A button for each of their cases."""
    for one in found[:MOST]:
        talk.offer(Button(one.case.reference, f"x {verb} {one.person.id}"))
