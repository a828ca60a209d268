"""Who stands behind a procedure's role: never someone disabled, never the person complained about."""

from typing import Any

import pytest
from sqlalchemy import Engine

from storage.database import reading, writing
from storage.tables import CaseRole, Organisation, Staff
from tests.town import Town, town
from workflow import people


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


@pytest.fixture
def damp(here: Town) -> str:
    reference = here.mail("There is damp.", to="care@town.example")
    assert reference
    return reference


def told(here: Town, reference: str, role: str) -> list[str]:
    with reading(here.engine) as session:
        return [one.name for one in people.holding(session, here.case(session, reference), role)]


def changed(here: Town, name: str, **columns: Any) -> None:
    one = here.staff(name)
    for column, value in columns.items():
        setattr(one, column, value)
    here.change(one)


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("handler", ["Hana"]),
        ("stage1_handler", ["Hana"]),
        ("complaints_manager", ["Mina"]),
        ("complaints_officer", ["Mina"]),
        ("senior_lead", ["Lena"]),
        ("chief_executive", ["Lena"]),
    ],
)
def test_each_role_of_a_procedure_has_someone_behind_it(here: Town, damp: str, role: str, names: list[str]) -> None:
    here.do(damp, "assign", to="hana@town.example")

    assert told(here, damp, role) == names


def test_someone_named_for_a_role_comes_before_the_handler(here: Town, damp: str) -> None:
    here.do(damp, "assign", to="hana@town.example")
    here.do(damp, "assign", to="ravi@town.example", role="adjudicating_officer")

    assert told(here, damp, "adjudicating_officer") == ["Ravi"]


def test_a_role_that_has_ended_tells_nobody(here: Town, damp: str) -> None:
    with writing(here.engine) as session:
        case_id = here.case(session, damp).id or 0
        gone = CaseRole(case_id=case_id, role="investigator", staff_id=here.staff("ravi").id, since=here.now)
        gone.until = here.now
        session.add(gone)

    assert told(here, damp, "investigator") == ["Mina"]


def test_without_a_manager_the_leader_is_told(here: Town, damp: str) -> None:
    changed(here, "mina", disabled_at=here.now)

    assert told(here, damp, "handler") == ["Lena"]


def test_the_body_above_is_told_where_the_leader_is_complained_about(here: Town, damp: str) -> None:
    with writing(here.engine) as session:
        department = Organisation(slug="department", name="Department")
        session.add(department)
        session.flush()
        session.add(Staff(organisation_id=department.id or 0, email="dora@gov.example", name="Dora", role="leader"))
        here_now = session.get_one(Organisation, here.staff("lena").organisation_id)
        here_now.parent_id = department.id
    here.do(damp, "name_staff", by="mina@town.example", who="lena@town.example")

    assert told(here, damp, "senior_lead") == ["Dora"]


def test_two_bodies_that_oversee_each_other_end_the_search(here: Town, damp: str) -> None:
    with writing(here.engine) as session:
        body = session.get_one(Organisation, here.staff("lena").organisation_id)
        body.parent_id = body.id
    changed(here, "lena", disabled_at=here.now)

    assert told(here, damp, "senior_lead") == []
