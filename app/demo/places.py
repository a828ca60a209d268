"""The example town: who receives complaints, at which addresses, and who works there. All of it is invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from app import people
from app.house import House
from storage.database import writing
from storage.tables import Organisation

CARE, HOUSING, HISTORIC = "nhs-asc-england-2009", "housing-ombudsman-code-2024", "asc-england-2006"


@dataclass(frozen=True)
class Body:
    """A public body, below its parent."""

    slug: str
    name: str
    kind: str
    parent: str | None = None
    telephone: str = ""
    postal_address: str = ""


@dataclass(frozen=True)
class Office:
    """A service of a body, with its mailboxes; the first is its own."""

    slug: str
    name: str
    body: str
    procedure: str
    mailboxes: tuple[str, ...]


@dataclass(frozen=True)
class Worker:
    """A member of staff. `on_duty`: told of urgent cases. `cover`: who gets their reminders too."""

    name: str
    email: str
    role: str
    body: str
    services: tuple[str, ...]
    on_duty: bool = False
    cover: str | None = None

    @property
    def first_name(self) -> str:
        return self.name.split()[0].lower()


@dataclass(frozen=True)
class Town:
    """Bodies, services and staff, each after what it refers to."""

    bodies: tuple[Body, ...]
    offices: tuple[Office, ...]
    workers: tuple[Worker, ...]
    general: tuple[tuple[str, str], ...] = ()  # mailboxes of a body, of no service
    begins: date = date.min  # in the time-lapse, which has one town after the other


RIVERSIDE = Town(
    bodies=(
        Body("department", "Department for Examples", "department"),
        Body("riverside", "Riverside Council", "council", "department", "01632 960 100", "Town Hall\nRS1 1AA"),
        Body("homes", "Riverside Homes", "housing-association", "department", "01632 960 200", "2 Quay St\nRS1 2AB"),
    ),
    offices=(
        Office("care", "Adult social care", "riverside", CARE, ("care@riverside.example",)),
        Office("housing", "Council housing", "riverside", HOUSING, ("housing@riverside.example",)),
        Office("repairs", "Homes and repairs", "homes", HOUSING, ("repairs@homes.example",)),
    ),
    begins=date(2026, 4, 1),
    general=(("complaints@riverside.example", "riverside"), ("complaints@homes.example", "homes")),
    workers=(
        Worker("Hugo Hall", "hugo@riverside.example", "handler", "riverside", ("care",)),
        Worker("Hana Hill", "hana@riverside.example", "handler", "riverside", ("care",)),
        Worker("Mina Moss", "mina@riverside.example", "manager", "riverside", ("care",), on_duty=True),
        Worker("Ravi Reed", "ravi@riverside.example", "handler", "riverside", ("housing",)),
        Worker("Rosa Rowe", "rosa@riverside.example", "handler", "riverside", ("housing",)),
        Worker("Marc Mead", "marc@riverside.example", "manager", "riverside", ("housing",), on_duty=True),
        Worker("Lena Lake", "lena@riverside.example", "leader", "riverside", ("care", "housing")),
        Worker("Ada Ashby", "ada@riverside.example", "administrator", "riverside", ("care", "housing")),
        Worker("Dina Dale", "dina@department.example", "leader", "department", ()),
        Worker("Sofia Shaw", "sofia@homes.example", "handler", "homes", ("repairs",)),
        Worker("Sam Stone", "sam@homes.example", "handler", "homes", ("repairs",), cover="sofia@homes.example"),
        Worker("Maya Mill", "maya@homes.example", "manager", "homes", ("repairs",), on_duty=True),
        Worker("Lars Lowe", "lars@homes.example", "leader", "homes", ("repairs",)),
    ),
)  # fmt: skip

# The body before 2009, on the rules of its time: only in the time-lapse, whose first tale is of 2008.
RIVERBANK = Town(
    bodies=(Body("riverbank", "Riverbank County Council (until 2009)", "council", None, "01632 960 300"),),
    offices=(Office("care-2006", "Adult social care before 2009", "riverbank", HISTORIC, ("care@riverbank.example",)),),
    workers=(
        Worker("Olga Orme", "olga@riverbank.example", "handler", "riverbank", ("care-2006",)),
        Worker("Ivan Innes", "ivan@riverbank.example", "handler", "riverbank", ("care-2006",)),
        Worker("Mona Marsh", "mona@riverbank.example", "manager", "riverbank", ("care-2006",), on_duty=True),
        Worker("Lois Lund", "lois@riverbank.example", "leader", "riverbank", ("care-2006",)),
    ),
)  # fmt: skip


def settle(house: House, town: Town) -> bool:
    """Enter the town, once; False when it is there already."""
    with writing(house.engine) as session:
        act = house.act(session)
        if session.exec(select(Organisation).where(Organisation.slug == town.bodies[0].slug)).first() is not None:
            return False
        for body in town.bodies:
            people.add_organisation(
                act, body.slug, body.name, body.kind, body.parent, "england-and-wales", body.telephone,
                body.postal_address,
            )  # fmt: skip
        for office in town.offices:
            people.add_service(act, office.slug, office.name, office.body, office.procedure, None)
            for mailbox in office.mailboxes:
                people.add_address(act, mailbox, office.body, office.slug)
        for mailbox, body_slug in town.general:
            people.add_address(act, mailbox, body_slug, None)
        for one in town.workers:
            people.add_user(act, one.email, one.name, one.body, one.role, list(one.services), one.cover)
        for office in town.offices:
            _put_on_duty(session, office, town.workers)
    return True


def leave(house: House, town: Town) -> None:
    """Everyone of a town that is no more has left."""
    with writing(house.engine) as session:
        for one in town.workers:
            people.disable_user(house.act(session), one.email)


def _put_on_duty(session: Session, office: Office, workers: Sequence[Worker]) -> None:
    for one in workers:
        if one.on_duty and office.slug in one.services:
            people.service(session, office.slug).duty_manager_id = people.user(session, one.email).id
