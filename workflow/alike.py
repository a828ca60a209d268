"""What seems to have come twice: told beside each of the two, never put together, for only a person can tell."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.tables import Case, Contact

MOST = 20  # cases told of beside one contact: more tell a person nothing
LOOKED_AT = 1_000  # contacts like one of the case's
_OTHER = aliased(Contact)
_SIGNS = (("message_id",), ("sender_address", "subject", "text"))


def possible_duplicates(
    session: Session, case_id: int | None, seen: Sequence[ColumnElement[bool]] = ()
) -> Mapping[int | None, Sequence[str]]:
    """For each contact of a case that another is like, the references of the others' cases, in order.

    Like is one with the same Message-ID, whatever else it says; or of the same sender with the same words. `seen` says
    which cases the asker may know of.
    """
    found: defaultdict[int | None, set[str]] = defaultdict(set)
    for names in _SIGNS:
        alike = defaultdict(list)
        for other, reference, *signs in session.execute(_others(case_id, names, seen)):
            alike[tuple(signs)].append((other, reference))
        for contact, *signs in session.execute(_own(case_id, names)):
            found[contact].update(reference for other, reference in alike[tuple(signs)] if other != contact)
    return {contact: sorted(references)[:MOST] for contact, references in found.items() if references}


def _own(case_id: int | None, names: Sequence[str]) -> Select[Any]:
    return select(col(Contact.id), *_columns(Contact, names)).where(
        col(Contact.case_id) == case_id, *_tells(Contact, names)
    )


def _others(case_id: int | None, names: Sequence[str], seen: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Those that share each sign with some contact of the case, other cases' first.

    Joined with each by itself, a long correspondence of one person would be compared with itself, each with each.
    """
    query = select(col(_OTHER.id), col(Case.reference), *_columns(_OTHER, names)).join(
        Case, col(Case.id) == col(_OTHER.case_id)
    )
    for own, others in zip(_columns(Contact, names), _columns(_OTHER, names), strict=True):
        query = query.where(others.in_(select(own).where(col(Contact.case_id) == case_id)))
    return query.where(*_tells(_OTHER, names), *seen).order_by(col(Case.id) == case_id).limit(LOOKED_AT)


def _tells(contact: Any, names: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    """A person's, and not empty: an empty subject is like any other, but an empty sender or text is nobody's."""
    yield contact.standing != "automatic"
    yield from (column != "" for name, column in zip(names, _columns(contact, names), strict=True) if name != "subject")


def _columns(contact: Any, names: Sequence[str]) -> list[Any]:
    return [getattr(contact, name) for name in names]
