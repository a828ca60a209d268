"""Which members of staff stand behind a procedure's role on a case."""

from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session, col, select

from storage.tables import Case, CaseRole, Organisation, Service, Staff, StaffService

# The procedures' words for those who work on a case, and those who answer for the service.
HANDLERS = frozenset(
    {"handler", "stage1_handler", "stage2_handler", "investigator", "adjudicating_officer", "panel_chair"}
)
MANAGERS = frozenset({"complaints_manager", "complaints_officer", "duty_manager"})
LEADERS = frozenset({"senior_lead", "senior_officer", "chief_executive", "responsible_person", "member_responsible"})


class Placed(Protocol):
    """Whatever belongs to a service of an organisation: a case, or a lesson's action."""

    @property
    def service_id(self) -> int: ...

    @property
    def organisation_id(self) -> int: ...

    @property
    def about_staff_id(self) -> int | None: ...


@dataclass(frozen=True)
class Place:
    """Where something is that is about nobody of the staff."""

    service_id: int
    organisation_id: int
    about_staff_id: int | None = None


def holding(session: Session, case: Case, role: str) -> list[Staff]:
    """Who is told when the procedure says `role`; never nobody, if the organisation has a manager or leader at all."""
    if role in HANDLERS:
        return _handlers(session, case, role) or managers(session, case)
    if role in MANAGERS:
        return managers(session, case)
    return leaders(session, case)


def managers(session: Session, case: Placed) -> list[Staff]:
    """The service's managers, or its leaders where it has none who may be told."""
    return _of_service(session, case, "manager") or leaders(session, case)


def leaders(session: Session, case: Placed) -> list[Staff]:
    """The service's leaders, or its organisation's, or those of the bodies that oversee it."""
    return _of_service(session, case, "leader") or _above(session, case, case.organisation_id)


def duty_managers(session: Session, case: Case) -> list[Staff]:
    """The service's manager on duty for urgent cases, or else all of its managers."""
    service = session.get(Service, case.service_id)
    on_duty = session.get(Staff, service.duty_manager_id) if service and service.duty_manager_id else None
    return (_able(case, [on_duty]) if on_duty else []) or managers(session, case)


def _handlers(session: Session, case: Case, role: str) -> list[Staff]:
    named = select(CaseRole.staff_id).where(
        CaseRole.case_id == case.id, CaseRole.role == role, col(CaseRole.until).is_(None)
    )
    ids = [*session.exec(named)] or [case.handler_id]
    return able(session, case, [one for one in ids if one])


def able(session: Session, case: Placed, ids: list[int]) -> list[Staff]:
    """These members of staff and those who cover for them, but for accounts that are disabled."""
    found = [staff for one in ids if (staff := session.get(Staff, one))]
    covers = [cover for staff in found if staff.cover_id and (cover := session.get(Staff, staff.cover_id))]
    return _able(case, [*found, *covers])


def _of_service(session: Session, case: Placed, role: str) -> list[Staff]:
    query = (
        select(Staff)
        .join(StaffService, col(StaffService.staff_id) == Staff.id)
        .where(StaffService.service_id == case.service_id, Staff.role == role)
        .order_by(col(Staff.id))
    )
    return _able(case, list(session.exec(query)))


def _above(session: Session, case: Placed, organisation_id: int | None) -> list[Staff]:
    """The leaders of the nearest organisation, going up, that has one who may be told."""
    seen: set[int] = set()
    while organisation_id is not None and organisation_id not in seen:
        seen.add(organisation_id)
        query = select(Staff).where(Staff.organisation_id == organisation_id, Staff.role == "leader")
        if found := _able(case, list(session.exec(query.order_by(col(Staff.id))))):
            return found
        organisation_id = session.exec(select(Organisation.parent_id).where(Organisation.id == organisation_id)).one()
    return []


def _able(case: Placed, staff: list[Staff]) -> list[Staff]:
    """Each once, without accounts that are disabled, and never the person whom the complaint is about."""
    each = {one.id: one for one in staff}.values()
    return [one for one in each if one.disabled_at is None and one.id != case.about_staff_id]
