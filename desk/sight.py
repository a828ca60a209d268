"""Who may see what: the one place that decides, used by every query of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from storage.tables import Address, Case, Contact, Message, Organisation, Participant, Service, Staff, StaffService
from workflow.matching import reference_in
from workflow.office import Actor, Office
from workflow.tokens import message_of, participant_of

MANAGING = ("manager", "leader", "administrator")


@dataclass(frozen=True)
class Sight:
    """What one member of staff may see: cases of these services, but never one about themselves."""

    staff_id: int
    name: str
    email: str
    role: str
    services: tuple[int, ...]

    @property
    def actor(self) -> Actor:
        return Actor(self.name, self.staff_id, self.role)

    @property
    def manages(self) -> bool:
        return self.role in MANAGING

    def rules(self) -> list[ColumnElement[bool]]:
        """The conditions that every query for cases must carry."""
        return [col(Case.service_id).in_(self.services), self.not_about_me()]

    def not_about_me(self) -> ColumnElement[bool]:
        return or_(col(Case.about_staff_id).is_(None), col(Case.about_staff_id) != self.staff_id)

    def may_see(self, case: Case) -> bool:
        return case.service_id in self.services and case.about_staff_id != self.staff_id


def sight_of(session: Session, staff: Staff) -> Sight:
    """Handlers, managers: their services. Leaders: also their organisation and those below. Administrators: all."""
    assert staff.id is not None
    own = session.exec(select(StaffService.service_id).where(StaffService.staff_id == staff.id)).all()
    services = {*own, *_by_role(session, staff)}
    return Sight(staff.id, staff.name, staff.email, staff.role, tuple(sorted(services)))


def case_in_sight(session: Session, me: Sight, reference: str) -> Case | None:
    """The case with this reference, if this person may know that it exists."""
    known = reference_in(reference)
    return session.exec(select(Case).where(Case.reference == known, *me.rules())).first() if known else None


def may_see_contact(session: Session, office: Office, me: Sight, contact: Contact) -> bool:
    """A contact belongs to its case, or else to the services behind the address it came to."""
    case_id = contact.case_id or _case_id_of_address(session, office, contact.recipient)
    if case_id is not None:
        return me.may_see(session.get_one(Case, case_id))
    services = _services_of_address(session, contact.recipient)
    return bool(services & set(me.services)) if services else me.role == "administrator"


def _by_role(session: Session, staff: Staff) -> Sequence[int]:
    query: Any = select(Service.id)
    if staff.role == "leader":
        query = query.where(col(Service.organisation_id).in_(_with_those_below(session, staff.organisation_id)))
    elif staff.role != "administrator":
        return ()
    return list(session.exec(query).all())


def _with_those_below(session: Session, organisation_id: int) -> set[int]:
    parents = session.exec(select(Organisation.id, Organisation.parent_id)).all()
    found, grown = {organisation_id}, True
    while grown:
        below = {id_ for id_, parent in parents if id_ is not None and parent in found}
        grown = not below <= found
        found |= below
    return found


def _case_id_of_address(session: Session, office: Office, recipient: str) -> int | None:
    """The case behind a reply address or a bounce address of ours."""
    if (participant_id := participant_of(office.keyring, recipient)) is not None:
        participant = session.get(Participant, participant_id)
        return participant.case_id if participant else None
    if (number := message_of(office.keyring, recipient)) is not None:
        return session.exec(select(Message.case_id).where(Message.number == number)).first()
    return None


def _services_of_address(session: Session, recipient: str) -> set[int | None]:
    """One service, or all services of the organisation that a mailbox or a form belongs to."""
    address = session.exec(select(Address).where(Address.address == recipient.lower())).first()
    if address is not None and address.service_id is not None:
        return {address.service_id}
    by_slug = select(Organisation.id).where(Organisation.slug == recipient)
    organisation_id = address.organisation_id if address else session.exec(by_slug).first()
    return set(session.exec(select(Service.id).where(Service.organisation_id == organisation_id)).all())
