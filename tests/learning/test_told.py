"""What people read of an action names nobody of the complaints behind it: the others read it too."""

import pytest

from learning.names import whole_name_in
from learning.verb import Refused
from storage.tables import Colleague
from tests.learning.academy import act_on, action, agreed, do, drafted
from tests.learning.people import answered, sent, sweep
from tests.town import Town


@pytest.fixture
def visit(here: Town) -> str:
    """A complaint of Jo Bloggs about a visit that was missed."""
    return answered(here)


@pytest.mark.parametrize("words", ["We paid Jo Bloggs £250.", "It was Mrs Bloggs who asked.", "See {reference}."])
def test_evidence_that_names_a_person_or_their_complaint_is_refused(here: Town, visit: str, words: str) -> None:
    _, one = agreed(here, visit)
    act_on(here, one, "start")

    with pytest.raises(Refused, match="everyone whose complaint led to this reads it") as error:
        act_on(here, one, "finish", evidence=words.format(reference=visit))

    assert error.value.field == "evidence"
    assert action(here, one).state == "in_progress"


def test_so_is_a_reason_that_names_a_colleague_complained_about(here: Town, visit: str) -> None:
    _, one = agreed(here, visit)
    case_id = here.look(visit).id or 0
    here.change(Colleague(case_id=case_id, name="Kit Marlowe", email="kit@town.example", told_at=here.now))

    with pytest.raises(Refused, match="Kit Marlowe"):
        act_on(here, one, "drop", by="mina", because="Kit Marlowe has left.")


def test_a_plan_is_not_agreed_while_an_action_names_somebody(here: Town, visit: str) -> None:
    number, one = drafted(here, visit, what="The duty officer calls Jo Bloggs each evening at six")

    with pytest.raises(Refused, match=f"Leave “Jo Bloggs” out of action {one}"):
        do(here, number, "agree")

    assert sent(here, visit, "intended") == []


def test_a_word_that_is_also_somebodys_surname_may_be_written(here: Town, visit: str) -> None:
    person = here.person(visit)
    person.name = "Ann Street"
    here.change(person)
    _, one = agreed(here, visit)
    act_on(here, one, "start")

    act_on(here, one, "report", progress="Mill Street has been done.")
    sweep(here, "2026-03-19")

    assert "Mill Street has been done." in sent(here, visit)[0].text


def test_a_name_is_found_whole_or_after_a_title() -> None:
    assert whole_name_in("as JO BLOGGS said", "Jo Bloggs") == "JO BLOGGS"
    assert whole_name_in("as Mr Bloggs said", "Jo Bloggs") == "Mr Bloggs"
    assert whole_name_in("Dr Jones and Bloggs", "Jo Bloggs") == ""
