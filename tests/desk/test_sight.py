"""Who sees what: services, roles, and never a complaint about oneself, on every page that could betray it."""

import pytest
from sqlmodel import Session, select

from storage.database import writing
from storage.tables import Contact, Organisation, Service
from tests.desk.office import Desk, act

DAMP = "There is mouldy dampness in the nursery."


def pages_with(the_desk: Desk, name: str, reference: str) -> list[str]:
    """The pages on which this person finds the case."""
    client = the_desk.as_(name)
    found = [page for page in ("/desk", "/desk?show=unassigned", "/desk/tasks", "/desk/held", "/desk/api/cases")
             if reference in client.get(page).text]  # fmt: skip
    if reference in client.post("/desk/search", data={"words": "dampness"}).text:
        found.append("search")
    if client.post("/desk/search", data={"words": reference}).status_code == 303:
        found.append("search by reference")
    found += [page for page in (f"/desk/cases/{reference}", f"/desk/cases/{reference}/do/converse")
              if client.get(page).status_code == 200]  # fmt: skip
    return found


def test_a_handler_sees_the_cases_of_their_services_only(the_desk: Desk) -> None:
    reference = the_desk.town.mail(DAMP)
    the_desk.hire("olu", "handler", "care")
    the_desk.hire("kim", "handler", "repairs")

    assert pages_with(the_desk, "olu", reference or "") == []
    assert pages_with(the_desk, "kim", reference or "") == [
        "/desk",
        "/desk?show=unassigned",
        "/desk/api/cases",
        "search",
        "search by reference",
        f"/desk/cases/{reference}",
        f"/desk/cases/{reference}/do/converse",
    ]


def test_nobody_sees_a_complaint_about_themselves_whatever_their_role(the_desk: Desk) -> None:
    reference = the_desk.town.mail(DAMP) or ""
    the_desk.town.mail(f"More about {reference}", subject=f"Re: {reference}", sender="else@citizen.example")
    before = pages_with(the_desk, "ada", reference)

    the_desk.change(reference, about_staff_id=the_desk.staff("ada"))

    assert "/desk/held" in before
    assert "/desk/tasks" in before
    assert pages_with(the_desk, "ada", reference) == []
    assert "/desk" in pages_with(the_desk, "mina", reference)


def test_who_a_case_is_about_cannot_act_on_it_read_its_files_nor_print_its_letters(the_desk: Desk) -> None:
    reference = the_desk.town.mail(DAMP) or ""
    the_desk.change(reference, about_staff_id=the_desk.staff("hana"))
    client = the_desk.as_("hana")

    answers = [
        client.post(f"/desk/cases/{reference}/do/converse", data={"said": "x", "seen_version": "1"}).status_code,
        client.get(f"/desk/cases/{reference}/contacts/1/original").status_code,
        client.get(f"/desk/cases/{reference}/files/1").status_code,
        client.get(f"/desk/api/cases/{reference}").status_code,
    ]

    assert answers == [404, 404, 404, 404]
    assert the_desk.case(reference).version == 1


def test_a_case_out_of_sight_answers_as_one_that_does_not_exist(the_desk: Desk) -> None:
    reference = the_desk.town.mail(DAMP)
    the_desk.hire("olu", "handler", "care")
    client = the_desk.as_("olu")

    hidden, absent = client.get(f"/desk/cases/{reference}"), client.get("/desk/cases/RD-2222-2222")

    assert (hidden.status_code, hidden.text) == (absent.status_code, absent.text)


def test_a_leader_sees_their_organisation_and_those_below_it(the_desk: Desk) -> None:
    reference = the_desk.town.mail(DAMP)
    with writing(the_desk.engine) as session:
        department = Organisation(slug="department", name="Department", kind="department")
        session.add(department)
        session.flush()
        homes = session.exec(select(Organisation).where(Organisation.slug == "homes")).one()
        homes.parent_id = department.id
    the_desk.hire("dee", "leader", organisation="department")
    the_desk.hire("cy", "leader", organisation="town")

    assert the_desk.as_("dee").get(f"/desk/cases/{reference}").status_code == 200
    assert the_desk.as_("cy").get(f"/desk/cases/{reference}").status_code == 404


def test_a_manager_sees_their_services_and_an_administrator_every_one(the_desk: Desk) -> None:
    reference = the_desk.town.mail(DAMP)
    the_desk.hire("max", "manager", "care")
    the_desk.hire("ann", "administrator")

    assert the_desk.as_("max").get(f"/desk/cases/{reference}").status_code == 404
    assert the_desk.as_("ann").get(f"/desk/cases/{reference}").status_code == 200


def test_a_case_moved_to_another_service_leaves_the_handlers_sight(the_desk: Desk) -> None:
    reference = the_desk.town.mail(DAMP) or ""
    the_desk.hire("kim", "handler", "repairs")
    client = the_desk.as_("kim")

    answer = act(client, reference, "move", service="care", because="It is about a care home.")

    assert answer.headers["location"] == "/desk?done=move"
    assert client.get(f"/desk/cases/{reference}").status_code == 404


@pytest.mark.parametrize(("name", "sees"), [("kim", True), ("olu", False), ("ann", True)])
def test_quarantine_shows_what_came_to_ones_own_services(the_desk: Desk, name: str, sees: bool) -> None:
    the_desk.town.mail(DAMP)
    the_desk.hire("olu", "handler", "care")
    the_desk.hire("kim", "handler", "repairs")
    the_desk.hire("ann", "administrator")
    with writing(the_desk.engine) as session:
        contact = session.exec(select(Contact)).one()
        contact.standing, contact.case_id, contact.error = "quarantined", None, "ValueError"
    client = the_desk.as_(name)

    listed = "Contact 1" in client.get("/desk/quarantine").text
    opened = client.get("/desk/quarantine/1").status_code == 200

    assert (listed, opened) == (sees, sees)


def test_someone_without_a_service_sees_empty_lists(the_desk: Desk) -> None:
    the_desk.town.mail(DAMP)
    the_desk.hire("new", "handler")
    client = the_desk.as_("new")

    pages = [client.get(page) for page in ("/desk", "/desk?show=mine", "/desk/tasks", "/desk/held", "/desk/new")]

    assert [page.status_code for page in pages] == [200] * 5
    assert "There are no open cases here." in pages[0].text
    with Session(the_desk.engine) as session:
        assert len(session.exec(select(Service.id)).all()) == 3
