"""The desk of the small town, served on a port of its own, and ways to sit down at it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx2
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from desk import sessions
from desk.door import DeskDoor
from desk.site import routes
from mailroom.reading import part
from storage.database import writing
from storage.journal import Journal
from storage.tables import Blob, Case, Contact, Letter, Message, Organisation, Service, Staff, StaffService
from tests.servers.pages import on_a_port
from tests.town import Town, town
from web.gates import SafeHeaders
from web.reading import read
from web.statements import static
from workflow import intake

COOKIE = "redress_desk"


@dataclass
class Desk:
    """The pages at `url`, and the town behind them."""

    town: Town
    url: str = ""
    fails: bool = False  # filing fails, as when a procedure can't be read
    clients: list[httpx2.Client] = field(default_factory=list)

    @property
    def engine(self) -> Engine:
        return self.town.engine

    def browser(self) -> httpx2.Client:
        """A browser that nobody has signed in with."""
        client = httpx2.Client(base_url=self.url, follow_redirects=False, timeout=30, verify=False)  # there is no TLS
        self.clients.append(client)
        return client

    def as_(self, name: str) -> httpx2.Client:
        """A browser in which this member of staff is signed in."""
        client = self.browser()
        with writing(self.engine) as session:
            client.cookies.set(COOKIE, sessions.begin(session, self.staff(name), self.town.now), path="/desk")
        return client

    def link(self, email: str) -> str:
        """The path in the last sign-in link mailed to this address."""
        with Session(self.engine) as session:
            query = select(Message.text).where(Message.address == email, Message.kind == "sign_in")
            text = session.exec(query.order_by(col(Message.id).desc())).first()
        found = re.search(r"http://desk\.example(/desk/sign-in/\S+)", text or "")
        assert found, f"no link was mailed to {email}"
        return found[1]

    def links_sent(self) -> int:
        with Session(self.engine) as session:
            return len(session.exec(select(Message.id).where(Message.kind == "sign_in")).all())

    def later(self, **time: float) -> None:
        self.town.now += timedelta(**time)

    def file_now(self, contact_id: int) -> str | None:
        with writing(self.engine) as session:
            contact = session.get_one(Contact, contact_id)
            if self.fails:
                contact.tries += 1
                return None
            if contact.processed_at is None:
                raw = session.get_one(Blob, contact.raw_sha256).content
                intake.file(self.town.act(session), contact, read(raw))
            return session.get_one(Case, contact.case_id).reference

    def change(self, reference: str, **columns: object) -> None:
        """Set columns of a case, for what no verb does."""
        with writing(self.engine) as session:
            case = self.town.case(session, reference)
            for name, value in columns.items():
                setattr(case, name, value)

    def case(self, reference: str) -> Case:
        with Session(self.engine) as session:
            return self.town.case(session, reference)

    def staff(self, name: str) -> int:
        with Session(self.engine) as session:
            return session.exec(select(Staff.id).where(Staff.email == f"{name}@town.example")).one() or 0

    def hire(self, name: str, role: str, *services: str, organisation: str = "town") -> None:
        """One more member of staff, who works for these services only."""
        with writing(self.engine) as session:
            body = session.exec(select(Organisation).where(Organisation.slug == organisation)).one()
            one = Staff(organisation_id=body.id or 0, email=f"{name}@town.example", name=name.capitalize(), role=role)
            session.add(one)
            session.flush()
            for slug in services:
                service = session.exec(select(Service).where(Service.slug == slug)).one()
                session.add(StaffService(staff_id=one.id or 0, service_id=service.id or 0))


@contextmanager
def desk(engine: Engine, now: str = "2025-12-18") -> Iterator[Desk]:
    """Serve the desk of a town."""
    there = Desk(town(engine, now))
    # Without TLS, as in the demo: a browser would not send cookies back that are for https only.
    there.town.office = replace(there.town.office, public_url="http://desk.example")
    with Journal(engine) as journal:
        door = DeskDoor(engine, journal, lambda: there.town.now, there.town.office, there.file_now, part)
        with served(door) as url:
            there.url = url
            yield there
    for client in there.clients:
        client.close()


@contextmanager
def served(door: DeskDoor) -> Iterator[str]:
    """The desk's pages and the public's css on a port of their own."""
    app = Starlette(
        routes=[*routes(door), Route("/static/{version}/{file}", lambda request: static(None, request))],  # type: ignore[arg-type]  # it needs no site
        middleware=[Middleware(SafeHeaders)],
    )
    with on_a_port(app) as url:
        yield url


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of a page's form, as a browser would send them."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def act(client: httpx2.Client, reference: str, verb: str, **fields: str) -> httpx2.Response:
    """Open a verb's form, fill it in and send it; what a letter has to contain is filled in as suggested."""
    address = f"/desk/cases/{reference}/do/{verb}"
    page = client.get(address)
    assert page.status_code == 200, page.text
    return client.post(address, data={**fields_of(page.text), **fields})


def send_letter(client: httpx2.Client, reference: str, verb: str, **fields: str) -> httpx2.Response:
    """The same for a verb with a letter to look at: see it, then send it."""
    preview = act(client, reference, verb, **fields)
    assert preview.status_code == 200, preview.text
    address = f"/desk/cases/{reference}/do/{verb}"
    return client.post(address, data={**fields_of(preview.text), "step": "send"})


def last_letter(desk: Desk, reference: str) -> int:
    """The number of the case's last letter; a preview that was undone may have used one up."""
    return desk.town.all(Letter, reference)[-1].id or 0


ACKNOWLEDGED = {
    "complaint_definition": "The boiler has been broken for three weeks.",
    "outcomes_sought": "A repair and an apology.",
    "responsible_and_not_responsible": "We are responsible for the boiler.",
}
