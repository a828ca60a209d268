"""Improvements whose owner has left: what is still to be audited is handed on, and what has ended is not."""

import pytest
from sqlalchemy import Engine

from learning.verb import Refused
from tests.learning.academy import act_on, action, agreed
from tests.town import Town, at, town


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine, "2026-01-05")


def embedded(here: Town, **given: str) -> int:
    """An action that was done, checked, and audited with success on 5 June."""
    _, one = agreed(here)
    act_on(here, one, "start")
    act_on(here, one, "finish", evidence="The log shows it.")
    act_on(here, one, "check", by="mina", result_of="works", found="Seven lists of seven were read.")
    here.now = at("2026-06-05")
    act_on(here, one, "audit", by="mina", result_of="embedded", result="20 of 20", found="All.", given=given)
    return one


def test_what_is_still_to_be_audited_can_be_handed_over(here: Town) -> None:
    one = embedded(here, audit_on="2026-12-04")

    act_on(here, one, "hand_over", by="mina", owner="ravi@town.example", because="Hana has left.")

    assert action(here, one).owner_id == here.staff("ravi").id


def test_what_has_ended_for_good_is_handed_to_nobody(here: Town) -> None:
    one = embedded(here)

    with pytest.raises(Refused, match="It has ended"):
        act_on(here, one, "hand_over", by="mina", owner="ravi@town.example")
