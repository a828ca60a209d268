"""What each stage decided on a head of complaint stays, with its reasons, and stands in the letters of that stage."""

import pytest
from sqlalchemy import Engine

from storage.database import reading, writing
from storage.tables import Head, Message
from tests.town import Town, at, town
from tests.workflow.acts import ANSWER, MINA, acknowledged, answered
from workflow.decisions import Decision, decisions_of, replaced
from workflow.record import bring_up_to_date
from workflow.working_days import london

REASONS = "The second surveyor found that the roof leaks."


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


@pytest.fixture
def damp(here: Town) -> str:
    """Answered at stage 1, asked for again, and decided otherwise at stage 2."""
    reference = here.mail("There is damp in my bedroom.") or ""
    answered(here, reference)
    here.now = at("2026-01-05 15:00")
    here.reply(reference, "That is not good enough.")
    here.now = at("2026-01-08")
    here.do(reference, "accept_request", by=MINA)
    here.do(reference, "decide", by=MINA, outcome="partly_upheld", reasons=REASONS, remedy_kind="payment",
            remedy_pounds="120", remedy="By Friday")  # fmt: skip
    return reference


def decisions(here: Town, reference: str) -> list[Decision]:
    with reading(here.engine) as session:
        return decisions_of(session, here.case(session, reference))


def test_the_reasons_of_stage_1_are_kept_beside_those_of_stage_2(here: Town, damp: str) -> None:
    first, second = decisions(here, damp)

    assert (first.stage, first.outcome, first.reasons, first.remedy) == (
        "s1", "upheld", "We waited too long.", "£50, today",
    )  # fmt: skip
    assert (second.stage, second.outcome, second.reasons) == ("s2", "partly_upheld", REASONS)
    assert (second.remedy, second.remedy_kind, second.remedy_pence) == ("By Friday", "payment", 12_000)
    assert [london(one.decided_at).isoformat() for one in (first, second)] == ["2025-12-18", "2026-01-08"]


def test_a_head_says_what_was_decided_last_and_replaying_the_case_changes_none_of_it(here: Town, damp: str) -> None:
    before = decisions(here, damp)

    with writing(here.engine) as session:
        bring_up_to_date(session, here.case(session, damp), here.now)

    (head,) = here.all(Head, damp)
    last = {name: getattr(head, name) for name in vars(before[-1]) if name != "head"}
    assert decisions(here, damp) == before
    assert {"head": head.id, **last} == vars(before[-1])
    assert list(replaced(head, before)) == before[:1]


def test_the_answer_of_stage_2_gives_the_reasons_of_stage_2(here: Town, damp: str) -> None:
    acknowledged(here, damp)
    here.do(damp, "respond", by=MINA, **ANSWER)
    here.send()

    told = [message.text for message in here.all(Message, damp) if message.kind == "response"]

    assert ["We waited too long." in text for text in told] == [True, False]
    assert [REASONS in text for text in told] == [False, True]
