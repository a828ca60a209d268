"""The public bodies that take complaints here, remembered so that a page can still say how to ring them."""

import re
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException

from storage.database import reading
from storage.tables import Address, Organisation, Service
from workflow.questionnaire import Option

SLUG = re.compile(r"[a-z0-9-]{1,100}")


@dataclass(frozen=True)
class Body:
    """An organisation with the services people can complain about."""

    id: int
    slug: str
    name: str
    telephone: str
    postal_address: str
    email: str
    services: tuple[Service, ...]

    @property
    def options(self) -> tuple[Option, ...]:
        return tuple(Option(service.slug, service.name) for service in self.services)


class Bodies:
    """Read from the database each time; `known` answers from memory while the database does not."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[str, Body] = {}

    def all(self) -> list[Body]:
        """Every body with a service, in order of name."""
        with reading(self._engine) as session:
            found = [_body(session, each) for each in session.exec(select(Organisation).order_by(Organisation.name))]
        self._known |= {body.slug: body for body in found}
        return [body for body in found if body.services]

    def find(self, slug: str) -> Body:
        """The body whose pages these are. Raises a 404 when there is none, or nothing to complain about."""
        if not SLUG.fullmatch(slug):
            raise HTTPException(404)
        with reading(self._engine) as session:
            organisation = session.exec(select(Organisation).where(Organisation.slug == slug)).first()
            body = _body(session, organisation) if organisation else None
        if body is None or not body.services:
            raise HTTPException(404)
        self._known[slug] = body
        return body

    def known(self, slug: str | None) -> Body | None:
        return self._known.get(slug or "")

    def remembered(self) -> list[Body]:
        """Every body seen so far, to be rung when nothing else works."""
        return sorted(self._known.values(), key=lambda body: body.name)


def _body(session: Session, organisation: Organisation) -> Body:
    assert organisation.id is not None
    services = session.exec(
        select(Service).where(Service.organisation_id == organisation.id).order_by(Service.name)
    ).all()
    address = session.exec(
        select(Address.address)
        .where(Address.organisation_id == organisation.id)
        .order_by(col(Address.service_id).is_not(None), col(Address.id))
    ).first()
    return Body(
        organisation.id,
        organisation.slug,
        organisation.name,
        organisation.telephone,
        organisation.postal_address,
        address or "",
        tuple(services),
    )
