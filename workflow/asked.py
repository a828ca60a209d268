"""A request for the next stage that nobody has decided on yet: its dates run from the day on which the person asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import Case, Task
from workflow.clocks import evaluate
from workflow.definition import Procedure
from workflow.happenings import Happening
from workflow.stages import IllegalMove
from workflow.standing import ClockStanding, Standing
from workflow.working_days import Calendar

REQUEST = "stage_request"


def with_request(
    session: Session,
    case: Case,
    procedure: Procedure,
    told: Sequence[Happening],
    calendar: Calendar,
    standing: Standing,
    now: datetime,
) -> Standing:
    """The standing, with the next stage's clocks projected from the request that waits; as it was when none does."""
    request = _waiting(session, case) if standing.answered else None
    if request is None or request.name not in standing.moves:
        return standing
    try:
        asked = evaluate(procedure, sorted([*told, request], key=lambda one: one.at), calendar, now)
    except IllegalMove:
        return standing
    stage = request.name.partition(".")[0]
    both = zip(standing.clocks, asked.clocks, strict=True)
    return replace(standing, clocks=tuple(_expected(then) if _is_to_come(one, stage) else one for one, then in both))


def _waiting(session: Session, case: Case) -> Happening | None:
    query = select(Task).where(Task.case_id == case.id, Task.kind == REQUEST, col(Task.done_at).is_(None))
    task = session.exec(query.order_by(col(Task.id)).limit(1)).first()
    return Happening(task.data["event"], datetime.fromisoformat(task.data["at"])) if task else None


def _is_to_come(clock: ClockStanding, stage: str) -> bool:
    return clock.stage == stage and clock.state == "not_started"


def _expected(clock: ClockStanding) -> ClockStanding:
    """A clock that will run once the request is accepted; one that has passed by then is late all the same."""
    return replace(clock, state="projected") if clock.state == "running" else clock
