"""What somebody tells in one chat in several goes is one complaint, whichever of its contacts is filed first."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from storage.tables import Case, Contact, Participant
from workflow.office import Act
from workflow.record import lock, note

PERSONAL = ("name", "email", "telephone", "postal_address", "prefers", "avoid", "communication_needs")


def case_so_far(act: Act, contact: Contact) -> Case | None:
    """The case of what they told before this, once it is filed; locked, as are those earlier contacts."""
    filed = next((one.case_id for one in _earlier(act, contact) if one.case_id), None)
    return lock(act.session, filed) if filed else None


def lead_earlier_to(act: Act, contact: Contact, case: Case) -> None:
    """This has opened the case before what was told earlier could be filed: that joins it when it can."""
    for one in _earlier(act, contact):
        one.envelope = {**one.envelope, "participant": person_of(act, case).id}
        act.session.add(one)


def complete(act: Act, case: Case, said: Mapping[str, Any]) -> Participant:
    """Who they are and how to reach them, told after their case was opened; the story tells only what changed."""
    person = person_of(act, case)
    told = {name: said[name] for name in PERSONAL if said.get(name)}
    for name, value in told.items():
        setattr(person, name, value.lower() if name == "email" else value)
    act.session.add(person)
    data = {"participant": person.id, "changed": sorted(told)}
    note(act, case, "contact.changed", because="told by chat", data=data)
    return person


def person_of(act: Act, case: Case) -> Participant:
    """Whoever opened the case."""
    query = select(Participant).where(Participant.case_id == case.id).order_by(col(Participant.id)).limit(1)
    return act.session.exec(query).one()


def _earlier(act: Act, contact: Contact) -> list[Contact]:
    """Held until this transaction ends: two that are filed side by side must not open a case each."""
    ids = contact.envelope.get("after")
    if not ids:
        return []
    query = select(Contact).where(col(Contact.id).in_(ids)).order_by(col(Contact.id))
    return list(act.session.exec(query.with_for_update().execution_options(populate_existing=True)))
