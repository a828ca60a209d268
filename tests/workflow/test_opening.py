"""Opening a case: which service and procedure a complaint gets from where it came to."""

import pytest
from sqlalchemy import Engine

from storage.tables import Address
from tests.town import Town, town
from workflow import procedure as procedures


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


def test_a_mailbox_of_an_organisation_with_many_services_asks_a_person_which_it_is(here: Town) -> None:
    here.change(Address(address="council@town.example", organisation_id=here.staff("hana").organisation_id))

    reference = here.mail("Nobody comes any more.", to="council@town.example")

    assert here.look(reference).procedure == "nhs-asc-england-2009"
    assert here.tasks(reference) == ["triage"]
    here.do(reference, "move", service="care-2006", because="it is about 2008")
    assert here.tasks(reference) == []


def test_complaints_to_an_address_with_a_procedure_of_its_own_follow_that_one(here: Town) -> None:
    care = here.look(here.mail("Nobody came.", to="care@town.example"))
    address = Address(address="past@town.example", organisation_id=care.organisation_id, service_id=care.service_id)
    address.procedure = "asc-england-2006"
    here.change(address)

    past = here.look(here.mail("Nobody came in 2008.", sender="sam@citizen.example", to="Past@town.example"))

    assert (care.procedure, past.procedure) == ("nhs-asc-england-2009", "asc-england-2006")
    assert past.service_id == care.service_id
    assert past.procedure_hash == procedures.load("asc-england-2006").hash


def test_a_form_that_names_no_service_asks_a_person_only_where_there_are_several(here: Town) -> None:
    one_service = here.form(to="homes", email="jo@citizen.example")
    several = here.form(to="town", email="sam@citizen.example")

    assert (here.tasks(one_service), here.tasks(several)) == ([], ["triage"])
