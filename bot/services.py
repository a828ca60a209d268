"""Which services someone can complain about in a chat: those of every body here, since a bot serves them all."""

from sqlmodel import Session, col, select

from storage.tables import Organisation, Service
from workflow.questionnaire import Option


def options(session: Session) -> tuple[Option, ...]:
    """Every service; with the body's name beside it where there are several."""
    query = select(Service, Organisation).join(Organisation, col(Service.organisation_id) == Organisation.id)
    rows = session.exec(query.order_by(Organisation.name, Service.name)).all()
    is_one = len({body.id for _, body in rows}) == 1
    return tuple(Option(one.slug, one.name if is_one else f"{one.name}, {body.name}") for one, body in rows)


def bodies(session: Session) -> list[str]:
    """The names of the bodies, for a greeting."""
    query = select(Organisation.name).join(Service, col(Service.organisation_id) == Organisation.id).distinct()
    return list(session.exec(query.order_by(Organisation.name)))
