"""Other insight at the desk: what compliments, claims, surveys and others tell, beside complaints; and entering it."""

from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select
from starlette.responses import Response

from desk import asking
from desk.edges import Visit
from desk.learning_acting import Doing
from desk.learning_page import acting
from desk.outside_story import histories
from desk.pages import show
from learning.beyond import insight, insight_rows
from learning.beyond.insight import KINDS, RESTRICTED, Seen
from learning.beyond.insight_words import said, word
from learning.verb import Field, Refused
from storage.database import reading
from storage.tables import Case, Organisation, Service
from workflow import outside
from workflow.projection import morning
from workflow.subjects import subjects
from workflow.working_days import london

PAGE = 50
A_YEAR = timedelta(days=364)  # and today: 365 days


def listed(visit: Visit) -> Response:
    """The sums of a year beside the number of complaints, and what was told, latest first."""
    asked = visit.request.query_params
    kind = asked.get("kind", "") if asked.get("kind") in kinds(visit) else ""
    before = int(asked["before"]) if asked.get("before", "").isascii() and asked.get("before", "").isdigit() else 0
    end = london(visit.now)
    with reading(visit.door.engine) as session:
        mine = seen(visit, session)
        found = insight.listed(session, mine, kind=kind, before=min(before, 2**31 - 1), most=PAGE + 1)
        rows = found[:PAGE]
        return show(
            "insight",
            visit.me,
            sums=insight.summed(session, mine, end - A_YEAR, end),
            complaints=_complaints(session, visit, end - A_YEAR),
            since=end - A_YEAR,
            rows=[(row, _place(session, row.organisation_id, row.service_id)) for row in rows],
            story=histories(session, outside.INSIGHT, [row.id for row in rows]),
            onward=rows[-1].id if len(found) > PAGE else None,
            kind=kind,
            kinds=kinds(visit),
            words=said()["kinds"],
            subjects=subjects(),
            done=asked.get("done") == "yes",
        )


def new(visit: Visit, session: Session) -> Doing:
    """One piece of insight to be entered."""

    def do(given: asking.Given, _seen_version: int) -> str:
        told, problems = insight_rows.told(_row(given), insight_rows.known(session, london(visit.now)))
        for column, problem in problems.items():
            raise Refused(problem, "where" if column in ("organisation", "service") else column)
        assert told is not None
        insight.enter(acting(visit, session), told)
        return "/desk/insight?done=yes"

    lead = "What people and staff tell us other than by complaining. It stands beside complaints in the digest."
    return Doing("Enter other insight", lead, "/desk/insight", "Other insight", "Save", fields(visit, session), do)


def fields(visit: Visit, session: Session) -> tuple[Field, ...]:
    """What the form asks for; places and kinds are those that this person may see."""
    ours = {one: word("kinds", one) for one in kinds(visit)}
    return (
        Field("kind", word("form", "kind"), "choice", options=tuple(ours.items())),
        Field("date", word("form", "date"), "date", value=london(visit.now).isoformat()),
        Field("where", word("form", "where"), "choice", options=_places(visit, session)),
        Field("subject", word("form", "subject"), "choice", required=False, options=tuple(subjects().items())),
        Field("text", word("form", "text"), "long_text", required=False, hint=word("form", "text_hint")),
        Field("how_many", word("form", "how_many"), required=False, hint=word("form", "how_many_hint"), value="1"),
        Field("pounds", word("form", "pounds"), required=False),
        Field("source", word("form", "source"), required=False),
    )


def seen(visit: Visit, session: Session) -> Seen:
    """What this person may see: of their services and the bodies of these; grievances and the like if they lead."""
    bodies = session.exec(select(Service.organisation_id).where(col(Service.id).in_(visit.me.services))).all()
    return Seen(set(bodies), visit.me.services, leads=_leads(visit))


def kinds(visit: Visit) -> list[str]:
    """The kinds that this person may enter and see."""
    return [kind for kind in KINDS if _leads(visit) or kind not in RESTRICTED]


def _leads(visit: Visit) -> bool:
    return visit.me.role == "leader"


def _row(given: asking.Given) -> dict[str, str]:
    """The form as a row of a file would say it; what is entered by hand twice is two things."""
    kind, _, slug = given["where"].partition(":")
    return {**given, kind: slug, "id": ""}


def _places(visit: Visit, session: Session) -> tuple[tuple[str, str], ...]:
    query = select(Service, Organisation).join(Organisation, col(Service.organisation_id) == Organisation.id)
    mine = query.where(col(Service.id).in_(visit.me.services)).order_by(Organisation.name, Service.name)
    rows = session.exec(mine).all()
    bodies = {f"organisation:{body.slug}": f"All of {body.name}" for _, body in rows}
    return (*((f"service:{service.slug}", f"{body.name}: {service.name}") for service, body in rows), *bodies.items())


def _place(session: Session, organisation_id: int, service_id: int | None) -> str:
    body = session.get_one(Organisation, organisation_id).name
    return f"{body}: {session.get_one(Service, service_id).name}" if service_id else body


def _complaints(session: Session, visit: Visit, since: date) -> int:
    query = select(func.count(col(Case.id))).where(*visit.me.rules())
    return session.exec(query.where(Case.kind == "complaint", Case.received_at >= morning(since))).one()
