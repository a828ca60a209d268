"""Cases as JSON, for staff's own tools: the same sight, the same order, no word more than the pages show."""

from typing import Any

from sqlmodel import Session, select
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from desk import rows, worklist
from desk.case_page import dates
from desk.edges import Visit, the_case
from desk.story import story
from storage.database import reading
from storage.tables import Case, Service
from workflow import casework
from workflow.casework.situation import situation


def cases(visit: Visit) -> Response:
    """Open cases in the order of the worklist; `next` is what to ask for as `after`."""
    asked = visit.request.query_params
    which = asked.get("show", "services")
    if which not in worklist.WHICH:
        return JSONResponse({"error": f"show must be one of {', '.join(worklist.WHICH)}"}, 400)
    with reading(visit.door.engine) as session:
        page = worklist.page(session, visit.me, which, worklist.place(asked.get("after", "")), most=100)
        listed = rows.rows(session, page.cases, visit.now)
    every = [_brief(row) for row in listed]
    return JSONResponse({"cases": every, "next": str(page.onward) if page.onward else None})


def case(visit: Visit) -> Response:
    """One case: where it stands, its dates, its story, and what may be done now."""
    with reading(visit.door.engine) as session:
        try:
            found = the_case(visit, session)
        except HTTPException:
            return JSONResponse({"error": "there is no such case"}, 404)
        return JSONResponse(_whole(visit, session, found))


def _brief(row: rows.Row) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "service": row.service,
        "stage": row.stage,
        "handler": row.handler or None,
        "received": row.received.isoformat(),
        "due": row.due.isoformat() if row.due else None,
        "due_for": row.due_for or None,
        "late": row.is_late,
        "urgent": row.is_urgent,
    }


def _whole(visit: Visit, session: Session, case: Case) -> dict[str, Any]:
    now_there = situation(session, case, visit.now)
    may = casework.allowed(visit.me.actor, now_there)
    service = session.exec(select(Service.slug).where(Service.id == case.service_id)).one()
    return {
        "reference": case.reference,
        "procedure": case.procedure,
        "service": service,
        "channel": case.channel,
        "received_at": case.received_at.isoformat(),
        "stage": now_there.stage.id,
        "state": now_there.standing.state,
        "outcome": now_there.standing.outcome,
        "urgent": case.urgent_at is not None,
        "definition": case.definition,
        "outcomes_sought": case.outcomes_sought,
        "dates": [
            {"title": one.title, "state": one.state, "due": one.due.isoformat() if one.due else None}
            for one in dates(now_there)
        ],
        "story": [
            {"at": told.when.isoformat(), "by": told.by, "what": told.what, "because": told.because}
            for told in story(session, case)
        ],
        "may": [name for name, why_not in may.items() if why_not is None],
        "may_not": {name: why_not for name, why_not in may.items() if why_not},
        "version": case.version,
    }
