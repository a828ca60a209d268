"""Quarantine: contacts that could not be filed. A person has it tried again, or opens a case by hand."""

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk import words
from desk.edges import Visit
from desk.files import download
from desk.pages import go, show
from desk.sight import case_in_sight, may_see_contact
from storage.database import reading, writing
from storage.tables import Blob, Contact, Service
from workflow import intake
from workflow.contact import Kind, Reading
from workflow.office import Act

MOST = 200
BY_HAND = ("name", "email", "service", "text")


def quarantined(visit: Visit) -> Response:
    """What could not be filed, oldest first."""
    with reading(visit.door.engine) as session:
        query = select(Contact).where(Contact.standing == "quarantined").order_by(col(Contact.id)).limit(MOST)
        seen = [one for one in session.exec(query) if may_see_contact(session, visit.door.office, visit.me, one)]
        return show("quarantine", visit.me, contacts=seen, now=visit.now, words=words)


def look(visit: Visit) -> Response:
    """One contact, with the form for opening a case by hand."""
    return _page(visit, {}, {})


def try_again(visit: Visit) -> Response:
    """Put it back to be filed, as if it had just come in."""
    with writing(visit.door.engine) as session:
        contact = _contact(visit, session)
        contact.standing, contact.processed_at, contact.tries, contact.try_after = "waiting", None, 0, None
    reference = _filed(visit, contact)
    return go(f"/desk/cases/{reference}" if reference else "/desk/quarantine?tried=yes")


def open_by_hand(visit: Visit) -> Response:
    """Open its case from what a person read in it."""
    given = {name: visit.form.one(name) for name in BY_HAND}
    errors = {} if given["text"] else {"text": "Enter what the person says, in their own words as far as you can"}
    if given["email"] and "@" not in given["email"]:
        errors["email"] = "Enter an email address in the correct format, like name@example.com"
    if errors:
        return _page(visit, given, errors)
    with writing(visit.door.engine) as session:
        contact = _contact(visit, session)
        # Held contacts wait too: what is not filed by this act is not in quarantine any more.
        contact.standing, contact.error = "waiting", None
        case = intake.file(Act(session, visit.door.office, visit.me.actor, visit.now), contact, _reading(given))
        seen = case and case_in_sight(session, visit.me, case.reference)
    return go(f"/desk/cases/{seen.reference}" if seen else "/desk/quarantine?tried=yes")


def original(visit: Visit) -> Response:
    """The raw bytes of a quarantined contact, to be read with care."""
    with reading(visit.door.engine) as session:
        contact = _contact(visit, session)
        raw = session.get_one(Blob, contact.raw_sha256).content
    return download(f"contact-{contact.id}.{'eml' if contact.channel == 'email' else 'txt'}", raw)


def _page(visit: Visit, given: dict[str, str], errors: dict[str, str]) -> Response:
    with reading(visit.door.engine) as session:
        contact = _contact(visit, session)
        services = session.exec(
            select(Service).where(col(Service.id).in_(visit.me.services)).order_by(Service.name)
        ).all()
        given = given or {"name": contact.sender_name, "email": contact.sender_address, "text": contact.text}
        return show(
            "quarantined", visit.me, 422 if errors else 200, contact=contact, services=services, given=given,
            errors=errors, words=words,
        )  # fmt: skip


def _reading(given: dict[str, str]) -> Reading:
    return Reading(
        kind=Kind.PERSON,
        sender_name=given["name"],
        sender_address=given["email"].lower(),
        text=given["text"],
        reply=given["text"],
        rules=("read by a member of staff",),
        answers={"service": given["service"]} if given["service"] else {},
    )


def _filed(visit: Visit, contact: Contact) -> str | None:
    """The case it was filed in, if that worked and this person may see it."""
    assert contact.id is not None
    reference = visit.door.file_now(contact.id)
    with reading(visit.door.engine) as session:
        return reference if reference and case_in_sight(session, visit.me, reference) else None


def _contact(visit: Visit, session: Session) -> Contact:
    """The quarantined contact in the address, locked while it is changed. Raises a 404 if there is none in sight."""
    query = select(Contact).where(Contact.id == visit.number("contact"), Contact.standing == "quarantined")
    contact = session.exec(query.with_for_update()).first()
    if contact is None or not may_see_contact(session, visit.door.office, visit.me, contact):
        raise HTTPException(404)
    return contact
