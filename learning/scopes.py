"""What a leader answers for: services of their organisation, and of those that it oversees or that they commission."""

from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from storage.tables import Organisation, Service, Staff, StaffService


@dataclass(frozen=True)
class Scope:
    """Some services, the organisations they belong to, and how figures name all of it."""

    name: str
    home: int  # the organisation whose leader reads it
    organisations: tuple[int, ...]
    services: tuple[int, ...]
    nation: str
    is_whole: bool  # every service of every one of these organisations
    is_seen_from_outside: bool  # a service of another body than the reader's is among them
    sees_months: bool = False  # its leaders get the figures of each month, beside those of quarters


def scope_of(session: Session, staff: Staff) -> Scope:
    """What this leader answers for: the services they are entered for, wherever these are; else all of their body's.

    A commissioner is entered for the services they commission. Whoever oversees other bodies, as a parent department
    does, is entered for no service and answers for all of them.
    """
    entered = select(StaffService.service_id).where(StaffService.staff_id == staff.id)
    return _scope(session, staff.organisation_id, set(session.exec(entered)))


def scope_of_organisation(session: Session, organisation_id: int) -> Scope:
    """An organisation with all those below it."""
    return _scope(session, organisation_id, set())


def whole_house(session: Session, home: int) -> Scope:
    """Every organisation of this installation, for those who run it: to them nothing is outside."""
    everything = {id_ for id_ in session.exec(select(Service.id)) if id_ is not None}
    return replace(_scope(session, home, everything), is_seen_from_outside=False)


def below(session: Session, organisation_id: int) -> set[int]:
    """An organisation and every one that it oversees, however far down."""
    parents = session.exec(select(Organisation.id, Organisation.parent_id)).all()
    found, grown = {organisation_id}, True
    while grown:
        under = {id_ for id_, parent in parents if id_ is not None and parent in found}
        grown = not under <= found
        found |= under
    return found


def _scope(session: Session, home: int, entered: set[int]) -> Scope:
    bodies = below(session, home)
    query = select(Service.id, Service.organisation_id, Service.name).order_by(col(Service.id))
    each = session.exec(query).all()
    chosen = [row for row in each if (row[0] in entered if entered else row[1] in bodies)]
    theirs = {row[1] for row in chosen} or bodies
    mine = session.get_one(Organisation, home)
    return Scope(
        name=_name(mine, [row[2] for row in chosen] if entered else []),
        home=home,
        organisations=tuple(sorted(theirs)),
        services=tuple(row[0] for row in chosen if row[0] is not None),
        nation=mine.nation,
        is_whole=len(chosen) == sum(row[1] in theirs for row in each),
        is_seen_from_outside=theirs != {home},
        sees_months=mine.digest_every == "month",
    )


def _name(organisation: Organisation, services: list[str]) -> str:
    """The organisation, with the services where there are few enough to name."""
    if not services or len(services) > 3:
        return organisation.name
    return f"{organisation.name}: {', '.join(services)}"
