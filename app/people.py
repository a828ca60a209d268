"""Setting up who receives complaints: organisations, services, addresses, users; and listing them."""

import re
from collections.abc import Iterable
from typing import Any, TypeVar

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from app.commands.foreseen import Unknown
from storage.tables import Address, Case, Organisation, Service, Staff, StaffService
from storage.tables.office import ORGANISATIONS
from workflow import procedure as procedures
from workflow.office import Act
from workflow.working_days import calendar_for

ROLES = ("handler", "manager", "leader", "administrator")
MOST_DIGEST_DAYS = 20  # before the next month ends
Row = TypeVar("Row", bound=SQLModel)


def add_organisation(
    act: Act, slug: str, name: str, kind: str, parent: str | None, nation: str, telephone: str, postal_address: str
) -> str:
    """Add a public body; gives the line to print."""
    _one_of(kind, ORGANISATIONS, "kind")
    try:
        calendar_for(nation)
    except (KeyError, ValueError) as error:
        raise Unknown(str(error)) from None
    parent_id = organisation(act.session, parent).id if parent else None
    row = Organisation(
        slug=_slug(slug),
        name=_name(name),
        kind=kind,
        parent_id=parent_id,
        nation=nation,
        telephone=telephone,
        postal_address=postal_address,
    )
    _add(act.session, row, "organisation", slug)
    return f"Added the organisation {name}. Next: redress service add --help"


def change_organisation(act: Act, slug: str, **given: str | None) -> str:
    """Change a body's name, telephone or postal address, those that are given; gives the line to print."""
    row = organisation(act.session, slug)
    changes = {field: value for field, value in given.items() if value is not None}
    if not changes:
        raise Unknown("Say what to change: --name, --telephone or --postal-address")
    if "name" in changes:
        changes["name"] = _name(changes["name"])
    for field, value in changes.items():
        setattr(row, field, value.strip())
    act.session.add(row)
    return f"Changed the {', '.join(field.replace('_', ' ') for field in changes)} of {row.name}."


def set_digest(act: Act, slug: str, every: str, day: int) -> str:
    """Say how often, and on which working day, the leaders of a body get their digest; gives the line to print."""
    _one_of(every, ("quarter", "month"), "period")
    if not 1 <= day <= MOST_DIGEST_DAYS:
        raise Unknown(f"Write --day as a working day from 1 to {MOST_DIGEST_DAYS}")
    row = organisation(act.session, slug)
    row.digest_every, row.digest_day = every, day
    act.session.add(row)
    also = "each quarter and each month" if every == "month" else "each quarter"
    return f"Leaders of {row.name} get a digest on working day {day} after {also}."


def add_service(act: Act, slug: str, name: str, of: str, procedure: str, duty_manager: str | None) -> str:
    _one_of(procedure, procedures.shipped(), "procedure")
    duty = user(act.session, duty_manager).id if duty_manager else None
    row = Service(
        slug=_slug(slug),
        name=_name(name),
        organisation_id=organisation(act.session, of).id or 0,
        procedure=procedure,
        duty_manager_id=duty,
    )
    _add(act.session, row, "service", slug)
    return f"Added the service {name}. Next: redress address add --help"


def move_service(act: Act, slug: str, procedure: str) -> str:
    """Complaints received from now on follow this procedure; each open case keeps the one it began under."""
    _one_of(procedure, procedures.shipped(), "procedure")
    row = service(act.session, slug)
    before, row.procedure = row.procedure, procedure
    act.session.add(row)
    begun = (Case.service_id == row.id, Case.state == "open", Case.procedure == before)
    left = act.session.exec(select(func.count(col(Case.id))).where(*begun)).one()
    own = act.session.exec(
        select(Address).where(Address.service_id == row.id, col(Address.procedure).is_not(None))
    ).all()
    except_by = f", except mail to {', '.join(each.address for each in own)}, which has its own" if own else ""
    return f"Complaints to {row.name} now follow {procedure}{except_by}. Still open under {before}: {left}."


def add_address(act: Act, mailbox: str, of: str, for_service: str | None, procedure: str | None = None) -> str:
    """Accept mail to a mailbox; complaints to it follow its procedure, if said. Gives the line to print."""
    mailbox = _mailbox(mailbox)
    if procedure:
        _one_of(procedure, procedures.shipped(), "procedure")
    service_id = service(act.session, for_service).id if for_service else None
    owner = organisation(act.session, of)
    services = act.session.exec(select(Service.id).where(Service.organisation_id == owner.id)).all()
    if not services:
        raise Unknown(f"{owner.name} has no service that could answer. Add a service first: redress service add --help")
    if procedure and service_id is None and len(services) > 1:  # whoever says which it is would change the procedure
        raise Unknown(f"{owner.name} has {len(services)} services: with --procedure, say by --service which it is for")
    row = Address(address=mailbox, organisation_id=owner.id or 0, service_id=service_id, procedure=procedure or None)
    _add(act.session, row, "address", mailbox)
    return f"Mail to {mailbox} is now accepted." + (f" Complaints to it follow {procedure}." if procedure else "")


def add_user(act: Act, email: str, name: str, of: str, role: str, services: list[str], cover: str | None) -> str:
    _one_of(role, ROLES, "role")
    row = Staff(
        email=_mailbox(email),
        name=_name(name),
        organisation_id=organisation(act.session, of).id or 0,
        role=role,
        cover_id=user(act.session, cover).id if cover else None,
    )
    _add(act.session, row, "user", row.email)
    for slug in services:
        act.session.add(StaffService(staff_id=row.id or 0, service_id=service(act.session, slug).id or 0))
    return f"Added {name}, {role}. They sign in at {act.office.link('/desk')}"


def disable_user(act: Act, email: str) -> str:
    row = user(act.session, email)
    row.disabled_at = act.now
    act.session.add(row)
    return f"{row.email} is disabled."


def organisations(session: Session) -> list[dict[str, Any]]:
    rows = session.exec(select(Organisation).order_by(col(Organisation.id))).all()
    names = {row.id: row.slug for row in rows}
    return [
        {
            "slug": row.slug,
            "name": row.name,
            "kind": row.kind,
            "parent": names.get(row.parent_id),
            "nation": row.nation,
            "telephone": row.telephone,
            "postal_address": row.postal_address,
        }
        for row in rows
    ]


def services(session: Session) -> list[dict[str, Any]]:
    query = select(Service, Organisation.slug).join(Organisation).order_by(col(Service.id))
    return [
        {"slug": row.slug, "name": row.name, "organisation": slug, "procedure": row.procedure}
        for row, slug in session.exec(query)
    ]


def addresses(session: Session) -> list[dict[str, Any]]:
    query = (
        select(Address, Organisation.slug, Service.slug)
        .join(Organisation, col(Address.organisation_id) == Organisation.id)
        .join(Service, col(Address.service_id) == Service.id, isouter=True)
        .order_by(col(Address.id))
    )
    return [
        {"address": row.address, "organisation": of, "service": slug, "procedure": row.procedure}
        for row, of, slug in session.exec(query)
    ]


def users(session: Session) -> list[dict[str, Any]]:
    query = select(Staff, Organisation.slug).join(Organisation).order_by(col(Staff.id))
    return [
        {
            "email": row.email,
            "name": row.name,
            "role": row.role,
            "organisation": of,
            "services": list(
                session.exec(select(Service.slug).join(StaffService).where(StaffService.staff_id == row.id))
            ),
            "disabled": row.disabled_at is not None,
        }
        for row, of in session.exec(query)
    ]


def organisation(session: Session, slug: str) -> Organisation:
    return _found(session.exec(select(Organisation).where(Organisation.slug == slug)).first(), "organisation", slug)


def service(session: Session, slug: str) -> Service:
    return _found(session.exec(select(Service).where(Service.slug == slug)).first(), "service", slug)


def user(session: Session, email: str) -> Staff:
    return _found(session.exec(select(Staff).where(Staff.email == email.lower())).first(), "user", email)


def _found(row: Row | None, what: str, name: str) -> Row:
    if row is None:
        raise Unknown(f"There is no {what} {name}. See: redress {what} list")
    return row


def _add(session: Session, row: Any, what: str, name: str) -> None:
    column = {"user": Staff.email, "address": Address.address}.get(what) or type(row).slug
    if session.exec(select(type(row)).where(column == name)).first() is not None:
        raise Unknown(f"The {what} {name} is there already. See: redress {what} list")
    session.add(row)
    session.flush()


def _slug(words: str) -> str:
    """It stands in links and is typed in commands."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", words):
        raise Unknown(f"{words!r} is no short name: write small letters, digits and hyphens, such as riverside-council")
    return words


def _name(words: str) -> str:
    """On one line: it stands in the headers of mails, and with a line break in it none could be sent."""
    name = " ".join(words.split())
    if not name or not name.isprintable():
        raise Unknown("Write a name, in letters that can be seen")
    return name


def _mailbox(words: str) -> str:
    try:
        return validate_email(words, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise Unknown(f"{words} is no email address: {error}") from None


def _one_of(value: str, known: Iterable[str], what: str) -> None:
    if value not in known:
        raise Unknown(f"There is no {what} {value}. There are: {', '.join(known)}")
