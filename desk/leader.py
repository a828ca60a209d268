"""The page of those who lead: the digest's figures as they stand now, what each means, and the cases behind it."""

from dataclasses import dataclass

from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from desk import rows
from desk.edges import Visit
from desk.pages import show
from learning.leading import digest
from learning.numbers.asking import Ask
from learning.numbers.behind import COUNTS, PARTS, part
from learning.numbers.figure_words import listed, name_of, word
from learning.numbers.months import may_be_shown
from learning.quarters import Period, parse, quarter_of, spoken
from learning.scopes import Scope, scope_of, whole_house
from storage.database import reading
from storage.tables import Case, Staff
from workflow.working_days import london

PAGE = 25
EARLIER = 5  # quarters that the page leads to


def now(visit: Visit) -> Response:
    """The quarter that is running."""
    return _page(visit, quarter_of(london(visit.now)))


def page(visit: Visit) -> Response:
    """One quarter or month."""
    return _page(visit, the_period(visit))


def definitions(visit: Visit) -> Response:
    """What each table counts, in full."""
    period = the_period(visit)
    return show("leader-definitions", visit.me, listed=listed(), period=period, spoken=spoken(period))


def cases(visit: Visit) -> Response:
    """The cases behind a number: those that it counted, as far as this person may see them; the newest first."""
    period, behind = the_period(visit), _behind(visit)
    before = visit.request.query_params.get("before", "")
    with reading(visit.door.engine) as session:
        ask = asking(visit, session, period)
        query = select(Case).where(*ask.counting(behind.count), part(behind.by, behind.value), *visit.me.rules())
        if before.isascii() and before.isdigit() and len(before) <= 9:
            query = query.where(col(Case.id) < int(before))
        found = session.exec(query.order_by(col(Case.id).desc()).limit(PAGE + 1)).all()
        return show("leader-cases", visit.me, rows=rows.rows(session, found[:PAGE], visit.now), title=behind.title,
                    onward=found[PAGE - 1].id if len(found) > PAGE else None, period=period, spoken=spoken(period),
                    counts=word("behind", behind.count, period=spoken(period)))  # fmt: skip


def asking(visit: Visit, session: Session, period: Period) -> Ask:
    """What this person may ask for. Raises a 404 for who leads and manages nothing, and for months not theirs."""
    floor, leads = visit.door.office.survey_floor, visit.me.role == "leader"
    ask = Ask(session, the_scope(visit, session), period, visit.now, floor, leads)
    if not may_be_shown(ask):
        raise HTTPException(404)
    return ask


def the_scope(visit: Visit, session: Session) -> Scope:
    """What this person answers for. Raises a 404 for who leads and manages nothing."""
    if not visit.me.manages or not visit.me.services:
        raise HTTPException(404)
    staff = session.get_one(Staff, visit.me.staff_id)
    if visit.me.role == "administrator":
        return whole_house(session, staff.organisation_id)
    return scope_of(session, staff)


def the_period(visit: Visit) -> Period:
    """The quarter or month in the address. Raises a 404 for anything else."""
    try:
        return parse(visit.path("period"))
    except ValueError:
        raise HTTPException(404) from None


@dataclass(frozen=True)
class _Behind:
    """Which number the cases are behind."""

    count: str
    by: str
    value: str

    @property
    def title(self) -> str:
        return word("behind", "all") if self.by == "all" else name_of(self.by, self.value)


def _behind(visit: Visit) -> _Behind:
    count, by, value = (visit.path(name) for name in ("count", "by", "value"))
    is_number = by != "severity" or value == "none" or value in ("1", "2", "3", "4", "5")
    if count not in COUNTS or by not in PARTS or not is_number:
        raise HTTPException(404)
    return _Behind(count, by, value)


def _page(visit: Visit, period: Period) -> Response:
    with reading(visit.door.engine) as session:
        told = digest.gather(asking(visit, session, period))
    return show("leader", visit.me, **digest.facts(told), periods=_around(visit, period),
                may_decide=visit.me.role == "leader")  # fmt: skip


def _around(visit: Visit, shown: Period) -> list[tuple[str, str, bool]]:
    """The running quarter and those before it, and whatever else is shown: name, words, whether it is shown."""
    found = [quarter_of(london(visit.now))]
    while len(found) < EARLIER:
        found.append(found[-1].before)
    if shown not in found:
        found.append(shown)
    return [(one.name, spoken(one), one == shown) for one in found]
