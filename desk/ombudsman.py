"""The part of a case's page about ombudsmen, and the forms that record what they did and what we did about it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session
from starlette.exceptions import HTTPException

from desk import asking
from desk.edges import Visit, the_case
from desk.learning_acting import Doing
from desk.learning_page import acting
from learning.numbers.figure_words import name_of
from learning.ombudsmen import ombudsman_verbs
from learning.ombudsmen.ombudsman import Matters, matters_of
from learning.ombudsmen.ombudsman_verbs import OMBUDSMAN
from learning.verb import Verb
from storage.tables import Case, OmbudsmanMatter, Recommendation
from workflow.working_days import london


@dataclass(frozen=True)
class Recommended:
    """One recommendation as the page shows it."""

    row: Recommendation
    is_late: bool


@dataclass(frozen=True)
class Shown:
    """One matter as the page shows it."""

    body: str
    taken_up: datetime
    decided: datetime | None
    finding: str
    recommendations: list[Recommended]


def doing(visit: Visit, session: Session) -> Doing:
    """Something that is recorded of an ombudsman's work on a case."""
    case, verb = the_case(visit, session), OMBUDSMAN.get(visit.path("verb"))
    if verb is None:
        raise HTTPException(404)
    act, there = acting(visit, session), matters_of(session, case)
    chosen = visit.request.query_params.get("recommendation", "")
    fields = [replace(one, value=chosen) if chosen in dict(one.options) else one for one in verb.fields(act, there)]

    def do(given: asking.Given, seen_version: int) -> str:
        ombudsman_verbs.do(act, case, verb.name, given, seen_version=seen_version)
        return f"{page}?done={verb.name}#ombudsman"

    page = f"/desk/cases/{case.reference}"
    why_not = ombudsman_verbs.why_not_now(act, verb, there)
    return Doing(verb.title, verb.does, page, f"Case {case.reference}", "Record it", fields, do, why_not, case.version)


def possible(visit: Visit, session: Session, there: Matters) -> list[Verb[Matters]]:
    """What this person can record now."""
    act = acting(visit, session)
    return [verb for verb in OMBUDSMAN.values() if ombudsman_verbs.why_not_now(act, verb, there) is None]


def shown(session: Session, case: Case, now: datetime) -> list[Shown]:
    """Every matter of a case with its recommendations."""
    there = matters_of(session, case)
    return [_shown(one, there, london(now)) for one in there.matters]


def _shown(matter: OmbudsmanMatter, there: Matters, today: date) -> Shown:
    open_ones = {one.id for one in there.open}
    return Shown(
        name_of("body", matter.body),
        matter.referred_at,
        matter.decided_at,
        name_of("finding", matter.finding) if matter.finding else "",
        [
            Recommended(one, one.id in open_ones and one.due is not None and one.due < today)
            for one in there.recommendations
            if one.matter_id == matter.id
        ],
    )
