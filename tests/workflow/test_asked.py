"""A request for the next stage: its dates run from the day they asked, accepted or not."""

from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from storage.database import reading
from storage.tables import Deadline
from tests.town import Town, at, town
from workflow.casework.situation import situation
from workflow.progress import progress_of

DEFINED: dict[str, Any] = {
    "complaint_definition": "Mould in the bedroom",
    "outcomes_sought": "To have it treated",
    "responsible_and_not_responsible": "We look after walls",
}


def answered(there: Town) -> str:
    """A housing complaint answered on 22 December 2025."""
    there.now = at("2025-12-18")
    reference = there.mail("There is mould in the bedroom.") or ""
    there.now = at("2025-12-22")
    there.do(reference, "acknowledge", **DEFINED)
    there.send()
    there.do(reference, "decide", outcome="not_upheld", reasons="We came the same day.")
    there.do(reference, "respond", remedy="None is needed.", outstanding_actions="None.")
    there.send()
    return reference


def test_a_request_has_its_date_before_anybody_accepts_it(engine: Engine) -> None:
    there = town(engine)
    reference = answered(there)
    there.now = at("2026-01-05")

    there.do(reference, "request_stage", because="Nobody looked at the wall.")

    with reading(engine) as session:
        case = there.case(session, reference)
        clock = session.exec(
            select(Deadline).where(Deadline.case_id == case.id, Deadline.clock == "s2.acknowledge")
        ).one()
        assert (clock.state, str(clock.due)) == ("projected", "2026-01-12")
        assert case.next_clock == "s2.acknowledge"
        person = situation(session, case, there.now).participants[0]
        assert "by Monday 12 January 2026" in progress_of(session, person, there.now).next_text


def test_a_request_that_nobody_decides_on_is_late_and_escalates(engine: Engine) -> None:
    there = town(engine)
    reference = answered(there)
    there.now = at("2026-01-05")
    there.do(reference, "request_stage")

    there.now = at("2026-01-13 09:00")
    there.tick()

    assert {mail.kind for mail in there.send() if mail.staff_id} == {"escalation"}


def test_what_was_no_request_after_all_leaves_no_date_behind(engine: Engine) -> None:
    there = town(engine)
    reference = answered(there)
    there.do(reference, "request_stage")
    with reading(engine) as session:
        case = there.case(session, reference)
        task = next(one for one in situation(session, case, there.now).tasks if one.kind == "stage_request")

    there.do(reference, "finish_task", task=str(task.id), because="They only wrote to thank us.")

    with reading(engine) as session:
        assert there.case(session, reference).next_due is None


def test_accepting_and_refusing_settle_the_date(engine: Engine) -> None:
    there = town(engine)
    accepted, refused = answered(there), answered(there)
    there.now = at("2026-01-05")
    for reference in (accepted, refused):
        there.do(reference, "request_stage")

    there.do(accepted, "accept_request")
    there.do(refused, "refuse_request", by="mina@town.example", reasons="It was the same matter.")

    with reading(engine) as session:
        one, other = there.case(session, accepted), there.case(session, refused)
        assert (one.stage, one.next_clock) == ("s2", "s2.acknowledge")
        assert (other.stage, other.next_due) == ("s1", None)
