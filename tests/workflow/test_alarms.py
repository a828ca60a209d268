"""Alarms about the installation: what nobody has decided on for a day."""

import pytest
from sqlalchemy import Engine

from storage.database import writing
from storage.tables import Contact
from tests.town import Town, at, town
from workflow import alarms


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


@pytest.fixture
def damp(here: Town) -> str:
    """A case of 18 December at nine, beside which something is held."""
    reference = here.mail("There is damp in my bedroom.")
    here.mail("What is happening?", sender="sam@other.example", subject=f"Re: {reference}")
    assert reference
    return reference


def raised(here: Town, when: str) -> list[str]:
    here.now = at(when)
    with writing(here.engine) as session:
        alarms.raise_due(here.act(session))
        return [task.kind for task in alarms.open_alarms(here.act(session))]


def test_what_is_held_for_more_than_a_day_raises_one_alarm(here: Town, damp: str) -> None:
    days = ("2025-12-19 09:00", "2025-12-19 09:01", "2025-12-20 09:01")

    assert [raised(here, day) for day in days] == [[], ["held_long"], ["held_long"]]


def test_what_was_decided_on_in_time_raises_none(here: Town, damp: str) -> None:
    here.do(damp, "set_aside", contact=here.all(Contact, damp)[-1].id, because="advertising")

    assert raised(here, "2025-12-20") == []
