"""The worklist: urgent first, then by the date that comes first; filters; pages that neither skip nor repeat."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlmodel import select

from storage.database import writing
from storage.tables import Case, Service
from tests.desk.office import Desk, act, send_letter

REFERENCE = re.compile(r"/desk/cases/(RD-[A-Z0-9]{4}-[A-Z0-9]{4})")


def listed(page: str) -> list[str]:
    """The references in the list of cases, in order."""
    return list(dict.fromkeys(REFERENCE.findall(page.partition('id="cases"')[2])))


def many(the_desk: Desk, number: int) -> None:
    """Cases of two services, some with the same date, some without any, some urgent."""
    now = the_desk.town.now
    with writing(the_desk.engine) as session:
        services = session.exec(select(Service).where(Service.slug != "care-2006").order_by(Service.slug)).all()
        for index in range(number):
            service = services[index % 2]
            session.add(
                Case(
                    reference=f"RD-2222-{2222 + index:04d}".translate(str.maketrans("01", "BC")),
                    organisation_id=service.organisation_id,
                    service_id=service.id or 0,
                    procedure=service.procedure,
                    procedure_hash="",
                    channel="email",
                    received_at=now,
                    stage="s1",
                    next_due=None if index % 7 == 3 else datetime(2026, 1, 1 + index % 5, tzinfo=UTC),
                    next_clock=None if index % 7 == 3 else "s1.acknowledge",
                    urgent_at=now if index % 11 == 5 else None,
                )
            )


def test_urgent_cases_come_first_then_the_earliest_date(the_desk: Desk) -> None:
    late = the_desk.town.mail("The gate is broken.")
    the_desk.later(days=14)  # it was to be acknowledged by 29 December
    calm = the_desk.town.mail("The lift is broken.", sender="al@citizen.example")
    urgent = the_desk.town.mail("I want to kill myself.", sender="bo@citizen.example")

    page = the_desk.as_("hana").get("/desk").text

    assert listed(page) == [urgent, late, calm]
    assert "Urgent" in page
    assert "Late by 3 days" in page


def test_pages_show_every_case_once_and_in_order(the_desk: Desk) -> None:
    many(the_desk, 90)
    client = the_desk.as_("hana")

    seen, address = [], "/desk"
    while address:
        page = client.get(address).text
        seen += listed(page)
        onward = re.search(r'href="(/desk\?show=services&amp;after=[^"]+)"', page)
        address = onward[1].replace("&amp;", "&") if onward else ""

    with writing(the_desk.engine) as session:
        cases = {case.reference: case for case in session.exec(select(Case))}
    last = datetime(2099, 1, 1, tzinfo=UTC)
    order = [(cases[one].urgent_at is None, cases[one].next_due or last) for one in seen]
    calm = [place for place in order if place[0]]
    assert len(seen) == len(set(seen)) == 90
    assert [place[0] for place in order] == sorted(place[0] for place in order)
    assert calm == sorted(calm)


def test_my_cases_and_nobodys(the_desk: Desk) -> None:
    mine = the_desk.town.mail("The boiler is broken.") or ""
    nobodys = the_desk.town.mail("The lift is broken.", sender="al@citizen.example")
    client = the_desk.as_("hana")
    act(client, mine, "assign", to="hana@town.example", role="handler")

    assert listed(client.get("/desk?show=mine").text) == [mine]
    assert listed(client.get("/desk?show=unassigned").text) == [nobodys]


def test_closed_cases_are_not_on_the_worklist(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The boiler is broken.") or ""
    client = the_desk.as_("hana")
    send_letter(client, reference, "withdraw", still_dissatisfied="no")

    assert listed(client.get("/desk").text) == []


def test_open_tasks_stand_beside_the_cases(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The boiler is broken.") or ""
    the_desk.town.mail("Still broken", subject=f"Re: {reference}", sender="else@citizen.example")

    page = the_desk.as_("hana").get("/desk").text

    assert "Something is held for this case." in page.partition('id="cases"')[0]


@pytest.mark.parametrize("after", ["x", "dated_x_1", "dated_0_3", "urgent__", "undated_1_99999999999999", "dated_٣_1"])
def test_a_place_that_is_none_begins_at_the_beginning(the_desk: Desk, after: str) -> None:
    reference = the_desk.town.mail("The boiler is broken.")

    page = the_desk.as_("hana").get("/desk", params={"after": after})

    assert listed(page.text) == [reference]


def test_no_page_reads_more_rows_than_it_shows_of_each_service(the_desk: Desk) -> None:
    many(the_desk, 300)
    client = the_desk.as_("hana")
    statements: list[str] = []

    def remember(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(the_desk.engine, "before_cursor_execute", remember)
    client.get("/desk")
    event.remove(the_desk.engine, "before_cursor_execute", remember)

    of_cases = [one for one in statements if one.lstrip().startswith("SELECT cases.")]
    assert of_cases
    assert all("LIMIT" in one for one in of_cases)
    assert not [one for one in of_cases if " OFFSET " in one and "LIMIT ? OFFSET ?" not in one]
    assert not [one for one in statements if "count(" in one]
