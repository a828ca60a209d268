"""What seems to have come twice: told beside each of the two, never put together, for only a person can tell."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from storage.tables import Case, Contact

MOST = 20  # pairs of one case: more tell a person nothing
_OTHER = aliased(Contact)

_SAME_ID = and_(col(Contact.message_id).is_not(None), col(_OTHER.message_id) == col(Contact.message_id))
_SAME_WORDS = and_(
    col(Contact.sender_address) != "",
    col(_OTHER.sender_address) == col(Contact.sender_address),
    col(_OTHER.subject) == col(Contact.subject),
    col(Contact.text) != "",
    col(_OTHER.text) == col(Contact.text),
)


def possible_duplicates(
    session: Session, case_id: int | None, seen: Sequence[ColumnElement[bool]] = ()
) -> Mapping[int | None, Sequence[str]]:
    """For each contact of a case that another is like, the references of the others' cases, in order.

    Like is one with the same Message-ID, whatever else it says; or of the same sender with the same words. `seen` says
    which cases the asker may know of.
    """
    found: defaultdict[int | None, set[str]] = defaultdict(set)
    for same in (_SAME_ID, _SAME_WORDS):
        query = select(Contact.id, Case.reference).join(_OTHER, same).join(Case, col(Case.id) == col(_OTHER.case_id))
        query = query.where(col(Contact.case_id) == case_id, col(_OTHER.id) != col(Contact.id), *seen)
        people = (col(Contact.standing) != "automatic", col(_OTHER.standing) != "automatic")
        for contact, reference in session.exec(query.where(*people).limit(MOST)):
            found[contact].add(reference)
    return {contact: sorted(references) for contact, references in found.items()}
