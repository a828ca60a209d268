"""What staff read when they choose the ground of a refusal, or the role that somebody is to have."""

import pytest
from sqlalchemy import Engine

from storage.database import reading
from templates.grounds import grounds
from tests.town import Town, town
from workflow import procedure as procedures
from workflow.casework import VERBS
from workflow.casework.situation import situation


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


def options(here: Town, reference: str | None, verb: str, field: str) -> dict[str, str]:
    with reading(here.engine) as session:
        now_there = situation(session, here.case(session, reference), here.now)
        fields = {one.name: one for one in VERBS[verb].fields(here.act(session), now_there)}
    return dict(fields[field].options)


def test_every_ground_of_every_procedure_has_a_sentence() -> None:
    named = {str(one["id"]) for id_ in procedures.shipped() for one in procedures.load(id_).exclusions}

    assert named <= set(grounds())
    assert [words for words in grounds().values() if not words.endswith(".")] == []


def test_a_ground_is_offered_as_its_sentence(here: Town) -> None:
    reference = here.mail("My carer did not come.", to="care@town.example")

    assert "pension" in options(here, reference, "refuse", "ground")["superannuation"]


def test_the_roles_that_somebody_can_be_given_are_those_of_staff(here: Town) -> None:
    reference = here.mail("There is damp.")

    roles = options(here, reference, "assign", "role")

    assert next(iter(roles.items())) == ("handler", "Handler")
    assert roles["senior_lead"] == "Senior lead"
    assert not {"resident", "representative", "stage1_handler"} & set(roles)
