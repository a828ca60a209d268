"""The choices that the forms of lessons and plans offer: services, bodies, colleagues; and finding what was chosen."""

from sqlmodel import col, or_, select

from learning.verb import Refused
from storage.tables import Organisation, Service, Staff, StaffService
from workflow.casework.reaching import find_staff
from workflow.office import Act

Options = tuple[tuple[str, str], ...]


def colleagues(act: Act, organisation_id: int, service_id: int) -> Options:
    """The active staff of a body, and of a service."""
    of_service = select(StaffService.staff_id).where(StaffService.service_id == service_id)
    query = select(Staff).where(
        col(Staff.disabled_at).is_(None),
        or_(Staff.organisation_id == organisation_id, col(Staff.id).in_(of_service)),
    )
    return tuple((one.email, f"{one.name} ({one.role})") for one in act.session.exec(query.order_by(Staff.name)))


def learners(act: Act) -> Options:
    """Every service, and every body as a whole."""
    services = act.session.exec(
        select(Service, Organisation).join(Organisation).order_by(Organisation.name, Service.name)
    )
    bodies = act.session.exec(select(Organisation).order_by(Organisation.name))
    return (
        *((f"service:{service.slug}", f"{body.name}: {service.name}") for service, body in services),
        *((f"organisation:{body.slug}", f"All of {body.name}") for body in bodies),
    )


def colleague(act: Act, who: str, field: str) -> Staff | None:
    """The member of staff with this address; None when nobody was named. Refused if there is no such person."""
    return find_staff(act, who, field) if who else None


def learner(act: Act, who: str) -> tuple[int, int | None]:
    """The numbers of the organisation, and of the service if it is one, that must learn."""
    kind, _, slug = who.partition(":")
    if kind == "service" and (service := act.session.exec(select(Service).where(Service.slug == slug)).first()):
        return service.organisation_id, service.id
    body = act.session.exec(select(Organisation).where(Organisation.slug == slug)).first() if slug else None
    if kind != "organisation" or body is None or body.id is None:
        raise Refused("Select who must learn this", "who")
    return body.id, None
