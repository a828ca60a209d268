"""One truth: tables keep only what the events say, so that folding them again changes nothing."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from app import people
from storage.database import writing
from storage.tables import Case, Deadline, Event, Reminder
from tests.town import Town, at, town
from workflow.record import bring_up_to_date
from workflow.safety import CLOCK

MINA = "mina@town.example"
KEPT = ("stage", "state", "outcome", "next_due", "next_clock", "closed_at")


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


def picture(here: Town, reference: str | None) -> dict[str, Any]:
    """All that is projected of a case."""
    case = here.look(reference)
    clocks = {row.clock: row.model_dump(exclude={"id"}) for row in here.all(Deadline, reference)}
    nudges = {row.key: row.model_dump(exclude={"id"}) for row in here.all(Reminder, reference)}
    return {**{name: getattr(case, name) for name in KEPT}, **clocks, **nudges}


def replay(here: Town, reference: str | None) -> None:
    with writing(here.engine) as session:
        bring_up_to_date(session, here.case(session, reference), here.now)


def forget(here: Town, reference: str | None) -> None:
    """Lose the projection, as far as nothing has been done by it."""
    with writing(here.engine) as session:
        case = here.case(session, reference)
        case.stage, case.state, case.outcome, case.next_due, case.next_clock = "", "open", None, None, None
        case.closed_at = None
        rows: list[Any] = [
            *session.exec(select(Deadline).where(Deadline.case_id == case.id, Deadline.clock != CLOCK)),
            *session.exec(select(Reminder).where(Reminder.case_id == case.id, Reminder.clock != CLOCK)),
        ]
        for row in rows:
            session.delete(row)


def opened(_here: Town, _reference: str) -> None:
    pass


def acknowledged(here: Town, reference: str) -> None:
    here.do(reference, "acknowledge", complaint_definition="Damp", outcomes_sought="A repair",
            responsible_and_not_responsible="All", promised="2025-12-30")  # fmt: skip
    here.send()


def extended(here: Town, reference: str) -> None:
    acknowledged(here, reference)
    here.do(reference, "extend", days="10", reason="the surveyor is ill")


def answered(here: Town, reference: str) -> None:
    acknowledged(here, reference)
    here.do(reference, "decide", outcome="upheld", reasons="We waited.", remedy="£50")
    here.do(reference, "respond", outstanding_actions="none")
    here.send()


def at_stage_2(here: Town, reference: str) -> None:
    answered(here, reference)
    here.now = at("2026-01-05")
    here.do(reference, "request_stage", arrived="2025-12-29")
    here.do(reference, "accept_request")


def bounced(here: Town, reference: str) -> None:
    here.do(reference, "acknowledge", complaint_definition="Damp", outcomes_sought="A repair",
            responsible_and_not_responsible="All")  # fmt: skip
    for message in here.send():
        here.bounce(message)


def withdrawn(here: Town, reference: str) -> None:
    here.do(reference, "withdraw", still_dissatisfied="no")
    here.now = at("2026-02-01")


def corrected(here: Town, reference: str) -> None:
    here.do(reference, "correct_receipt", by=MINA, date="2025-12-10", because="the stamp")


LIVES = [opened, acknowledged, extended, answered, at_stage_2, bounced, withdrawn, corrected]


@pytest.mark.parametrize("life", LIVES)
def test_folding_the_events_again_changes_nothing(here: Town, life: Any) -> None:
    reference = here.mail("There is damp.")
    life(here, reference)
    before = picture(here, reference)

    replay(here, reference)

    assert picture(here, reference) == before


@pytest.mark.parametrize("life", LIVES)
def test_what_was_lost_is_rebuilt_exactly(here: Town, life: Any) -> None:
    reference = here.mail("There is damp.")
    life(here, reference)
    before = picture(here, reference)

    forget(here, reference)
    replay(here, reference)

    assert picture(here, reference) == before


def test_reminders_that_were_sent_are_not_owed_again_by_a_replay(here: Town) -> None:
    reference = here.mail("There is damp.")
    here.tick("2025-12-23 08:00")

    replay(here, reference)

    assert here.tick("2025-12-23 09:00") == []


def test_no_event_is_changed_by_a_replay(here: Town) -> None:
    reference = here.mail("I want to end it all.")
    before = [event.model_dump() for event in here.all(Event, reference)]

    replay(here, reference)

    assert [event.model_dump() for event in here.all(Event, reference)] == before
    assert here.clock(reference, CLOCK).state == "running"


def test_a_case_stays_on_the_procedure_it_was_opened_under(here: Town) -> None:
    reference = here.mail("There is damp.")

    with writing(here.engine) as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()

    assert case.procedure == "housing-ombudsman-code-2024"
    assert len(case.procedure_hash) == 64


@pytest.mark.requirement("R190")
def test_when_a_service_moves_to_newer_rules_its_open_cases_stay_on_those_they_began_under(here: Town) -> None:
    here.now = at("2009-03-31")
    before = here.mail("Nobody came.", to="old@town.example")
    with writing(here.engine) as session:
        people.move_service(here.act(session), "care-2006", "nhs-asc-england-2009")

    here.now = at("2009-04-01")
    after = here.mail("Nobody came.", to="old@town.example", sender="al@citizen.example")
    replay(here, before)

    assert [here.look(one).procedure for one in (before, after)] == ["asc-england-2006", "nhs-asc-england-2009"]
    assert str(here.clock(before, "s1.conclude").due) == "2009-04-16"
    assert str(here.clock(after, "s1.respond").due) == "2009-09-30"
