"""Handing out files that came with a complaint: as downloads only, never shown in the desk's own pages."""

from urllib.parse import quote

from sqlmodel import col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk.edges import Visit, log, the_case
from desk.pages import show
from storage.database import reading
from storage.tables import Attachment, Blob, Contact


def file(visit: Visit) -> Response:
    """A file of a case."""
    with reading(visit.door.engine) as session:
        case = the_case(visit, session)
        query = select(Attachment, Contact).join(Contact, col(Attachment.contact_id) == Contact.id)
        mine = Attachment.id == visit.number("file"), Contact.case_id == case.id
        found = session.exec(query.where(*mine)).first()
        if found is None:
            raise HTTPException(404)
        attachment, contact = found
        held_in = session.get_one(Blob, attachment.blob_sha256 or contact.raw_sha256).content
    if attachment.part is None or attachment.blob_sha256:
        return download(attachment.name, held_in)
    return _part_of_mail(visit, attachment, held_in)


def original(visit: Visit) -> Response:
    """A contact of a case exactly as it came."""
    with reading(visit.door.engine) as session:
        case = the_case(visit, session)
        mine = Contact.id == visit.number("contact"), Contact.case_id == case.id
        contact = session.exec(select(Contact).where(*mine)).first()
        if contact is None:
            raise HTTPException(404)
        raw = session.get_one(Blob, contact.raw_sha256).content
    return download(f"{case.reference}-{contact.id}.{'eml' if contact.channel == 'email' else 'txt'}", raw)


def download(name: str, content: bytes) -> Response:
    """Bytes of a stranger: saved under this name, never opened or run by the browser within our pages."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._- ") else "_" for letter in name)
    return Response(
        content,
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _part_of_mail(visit: Visit, attachment: Attachment, raw: bytes) -> Response:
    try:
        return download(attachment.name, visit.door.part(raw, attachment.part or 0))
    except Exception as error:  # noqa: BLE001 - a hostile mail may fail in any way; the person is told what else to do
        log.warning("attachment %s could not be decoded: %s", attachment.id, type(error).__name__)
        address = f"/desk/cases/{visit.path('reference')}/contacts/{attachment.contact_id}/original"
        return show("file-broken", visit.me, 422, original=address)
