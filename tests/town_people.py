"""Who is in the tests' town: a council with adult social care, a housing association, and their staff."""

from sqlmodel import Session

from storage.tables import Address, Organisation, Service, Staff, StaffService


def settle(session: Session) -> None:
    """Enter them all; Hana and Ravi handle, Mina manages, Lena leads, Ada administers."""
    council = Organisation(slug="town", name="Town Council", telephone="01632 960000", postal_address="1 High Street")
    homes = Organisation(slug="homes", name="Town Homes", kind="housing-association", telephone="01632 960001")
    session.add_all([council, homes])
    session.flush()
    care = Service(
        organisation_id=council.id or 0, slug="care", name="Adult social care", procedure="nhs-asc-england-2009"
    )
    old = Service(
        organisation_id=council.id or 0,
        slug="care-2006",
        name="Adult social care before 2009",
        procedure="asc-england-2006",
    )
    repairs = Service(
        organisation_id=homes.id or 0, slug="repairs", name="Repairs", procedure="housing-ombudsman-code-2024"
    )
    session.add_all([care, old, repairs])
    session.flush()
    for name, service in (("care", care), ("old", old), ("housing", repairs)):
        session.add(
            Address(address=f"{name}@town.example", organisation_id=service.organisation_id, service_id=service.id)
        )
    for name, role in (
        ("hana", "handler"),
        ("ravi", "handler"),
        ("mina", "manager"),
        ("lena", "leader"),
        ("ada", "administrator"),
    ):
        one = Staff(organisation_id=council.id or 0, email=f"{name}@town.example", name=name.capitalize(), role=role)
        session.add(one)
        session.flush()
        session.add_all(
            StaffService(staff_id=one.id or 0, service_id=service.id or 0) for service in (care, old, repairs)
        )
