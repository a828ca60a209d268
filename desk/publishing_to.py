"""Whom we tell what we publish, and whose publications we follow: stakeholders and feeds at the desk."""

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk import asking
from desk.edges import Visit
from desk.learning_acting import Doing
from desk.learning_page import acting
from desk.outside_story import histories
from desk.pages import go, show
from learning.beyond.insight_words import said
from learning.public import feeds, stakeholders
from storage.database import reading, writing
from storage.tables import Feed, Organisation, Service
from workflow import outside


def stakeholder_list(visit: Visit) -> Response:
    """Who gets what is published, by organisation."""
    with reading(visit.door.engine) as session:
        bodies = {one.id or 0: one for one in organisations(visit, session)}
        rows = [(one, bodies[one.organisation_id].name) for one in stakeholders.listed(session, list(bodies))]
        story = histories(session, outside.STAKEHOLDER, [one.id for one, _ in rows])
        return show("stakeholders", visit.me, rows=rows, kinds=said()["stakeholder_kinds"], story=story)


def new_stakeholder(visit: Visit, session: Session) -> Doing:
    """Someone to be put on a list."""
    _managers_only(visit)
    bodies = organisations(visit, session)

    def do(given: asking.Given, _seen_version: int) -> str:
        stakeholders.add(acting(visit, session), given, bodies)
        return "/desk/stakeholders"

    lead = "They get an email each time a lesson is published, and can stop that with one click."
    return Doing("Add a stakeholder", lead, "/desk/stakeholders", "Stakeholders", "Add", stakeholders.fields(bodies),
                 do)  # fmt: skip


def feed_list(visit: Visit) -> Response:
    """The feeds of others that we follow, and how they fare."""
    with reading(visit.door.engine) as session:
        rows = feeds.listed(session)
        story = histories(session, outside.FEED, [one.id for one in rows])
        return show("feeds", visit.me, rows=rows, library=feeds.library(session), story=story)


def new_feed(visit: Visit, session: Session) -> Doing:
    """A feed to be followed."""
    _managers_only(visit)

    def do(given: asking.Given, _seen_version: int) -> str:
        feeds.add(acting(visit, session), given)
        return "/desk/feeds"

    lead = "What they publish on subjects of ours stands in the digest as learning from others."
    return Doing("Follow a feed", lead, "/desk/feeds", "Learning from others", "Follow", feeds.fields(), do)


def stop_feed(visit: Visit) -> Response:
    """Follow a feed no more."""
    _managers_only(visit)
    with writing(visit.door.engine) as session:
        feed = session.get(Feed, visit.number("feed"))
        if feed is None:
            raise HTTPException(404)
        feeds.stop(acting(visit, session), feed)
    return go("/desk/feeds")


def organisations(visit: Visit, session: Session) -> list[Organisation]:
    """The organisations whose services this person sees."""
    ours = select(Service.organisation_id).where(col(Service.id).in_(visit.me.services))
    query = select(Organisation).where(col(Organisation.id).in_(ours)).order_by(Organisation.name)
    return list(session.exec(query))


def _managers_only(visit: Visit) -> None:
    if not visit.me.manages:
        raise HTTPException(403)
