"""Two at one case: neither evaluates it without the other's events, and nobody waits while holding many."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from storage.database import writing
from storage.tables import Case, Deadline, Message
from tests.town import Town, at, town
from workflow import delivery, projection, record, reminders
from workflow.standing import Standing

pytestmark = pytest.mark.only_on("postgresql")  # on SQLite there is one writer at a time
DEFINED = {"complaint_definition": True, "outcomes_sought": True}


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


@pytest.fixture
def damp(here: Town) -> str:
    """A complaint of 18 December whose acknowledgement is late on 30 December."""
    reference = here.mail("There is damp in my bedroom.")
    here.now = at("2025-12-30")
    assert reference
    return reference


def acknowledge(here: Town, reference: str) -> None:
    with writing(here.engine) as session:
        record.write_down(here.act(session), here.case(session, reference), "s1.acknowledged", data=DEFINED)


def test_what_a_session_held_of_a_case_does_not_undo_what_another_wrote(here: Town, damp: str) -> None:
    with writing(here.engine) as session:
        case = here.case(session, damp)
        seen = session.exec(select(Deadline).where(Deadline.case_id == case.id)).all()

        acknowledge(here, damp)
        record.bring_up_to_date(session, case, here.now)

    assert {row.state for row in seen} == {"met_late", "running"}
    assert here.clock(damp, "s1.acknowledge").state == "met_late"
    assert here.clock(damp, "s1.respond").state == "running"
    assert here.look(damp).next_clock == "s1.respond"


def test_whoever_comes_while_a_case_is_evaluated_waits_and_counts(
    here: Town, damp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Thread(target=acknowledge, args=(here, damp))
    waited: list[bool] = []

    def slowly(session: Session, case: Case, standing: Standing, now: object) -> None:
        if not waited:
            other.start()
            other.join(0.5)
            waited.append(other.is_alive())
        projection.project(session, case, standing, here.now)

    monkeypatch.setattr("workflow.record.project", slowly)
    with writing(here.engine) as session:
        act = here.act(session)
        done = [reminders.mark_late(act, id_) for id_ in reminders.passed(act)]
    other.join()

    assert (waited, done) == ([True], [True])
    assert here.clock(damp, "s1.acknowledge").state == "met_late"
    assert here.look(damp).next_clock == "s1.respond"


def test_a_tick_passes_by_a_case_that_another_has_in_hand(here: Town, damp: str) -> None:
    with writing(here.engine) as first, writing(here.engine) as second:
        record.lock(first, here.case(first, damp).id)
        act = here.act(second)

        late = [reminders.mark_late(act, id_) for id_ in reminders.passed(act)]
        sent = [reminders.send(act, id_) for id_ in reminders.due(act)]

    assert late == [False]
    assert sent
    assert not any(sent)


def claim(here: Town) -> None:
    with writing(here.engine) as session:
        assert delivery.claim_next(here.act(session), f"sender {next(here.numbers)}") is None


def test_a_sender_with_a_letter_that_is_not_safe_any_more_never_waits_for_its_case(here: Town, damp: str) -> None:
    person = here.person(damp)
    person.avoid = ["email"]
    here.change(person)
    sender = Thread(target=claim, args=(here,))

    with writing(here.engine) as session:
        case = record.lock(session, here.case(session, damp).id)
        sender.start()
        sender.join(2)
        waits = sender.is_alive()
        held = session.exec(select(Message).where(Message.case_id == case.id).with_for_update()).all()
    sender.join()

    assert held
    assert not waits
    assert not any(message.lease or message.possibly_twice for message in here.all(Message, damp))


def test_what_was_put_back_is_looked_at_again_in_a_minute(here: Town, damp: str) -> None:
    person = here.person(damp)
    person.avoid = ["email"]
    here.change(person)
    with writing(here.engine) as session:
        record.lock(session, here.case(session, damp).id)
        claim(here)

    here.now += timedelta(minutes=1)
    claim(here)

    assert all(message.given_up_at for message in here.all(Message, damp))
