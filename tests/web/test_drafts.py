"""Complaints being written are forgotten in time; what procedures promise is read from them."""

from storage.database import writing
from storage.tables import Service
from tests.web.town import Town
from tests.web.visitor import HOME, visitor
from web import drafts
from web.promises import promises


def service(name: str, procedure: str) -> Service:
    return Service(organisation_id=1, slug=name.lower(), name=name, procedure=procedure)


def test_old_drafts_are_deleted_and_younger_ones_stay(the_town: Town) -> None:
    with visitor(the_town) as first, visitor(the_town) as second:
        first.post(f"{HOME}/what", data={"what": "old"})
        the_town.later(hours=20)
        second.post(f"{HOME}/what", data={"what": "young"})
        the_town.later(hours=5)

        with writing(the_town.engine) as session:
            drafts.forget_old(session, the_town.now)

        assert [draft.answers for draft in the_town.drafts()] == [{"what": "young"}]


def test_services_with_the_same_procedure_share_its_promises() -> None:
    code, care = "housing-ombudsman-code-2024", "nhs-asc-england-2009"

    made = promises([service("Repairs", code), service("Rents", code), service("Care", care)])

    assert [each.services for each in made] == [("Repairs", "Rents"), ("Care",)]
    first_stage = made[0].stages[0][1]
    assert [(promise.what, str(promise.limit), promise.since_acknowledged) for promise in first_stage] == [
        ("acknowledge", "5 working days", False),
        ("respond", "10 working days", True),
    ]
