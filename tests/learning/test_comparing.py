"""Figures stand beside each other: services of one body, bodies that provide for others, all complaints together."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from learning.leading import digest
from learning.numbers import figures, figures_cases, figures_time
from learning.numbers.asking import Ask
from learning.numbers.figure_table import Table
from learning.quarters import parse
from learning.scopes import scope_of_organisation, whole_house
from storage.database import reading
from storage.tables import Deadline, Organisation, Service, Staff, StaffService
from tests.learning.quarter import RULE, Quarter, quarter
from tests.town import at, town


@pytest.fixture
def homes(engine: Engine) -> Quarter:
    """The housing association on 14 October 2026."""
    return quarter(town(engine, "2026-10-14"))


def service_of(homes: Quarter, organisation: int, slug: str) -> int:
    """One more service that complaints come about."""
    row = Service(organisation_id=organisation, slug=slug, name=slug.capitalize(), procedure=RULE)
    homes.keep(row)
    return row.id or 0


def provider(homes: Quarter, slug: str) -> tuple[int, int]:
    """An agency that works for the housing association; gives the agency and its service."""
    body = Organisation(slug=slug, name=slug.capitalize(), parent_id=homes.homes)
    homes.keep(body)
    return body.id or 0, service_of(homes, body.id or 0, f"{slug}-visits")


def answered(homes: Quarter, service: int, met: str) -> None:
    """A complaint that was acknowledged in time and answered on this day; its date was 24 August."""
    case = homes.complaint("2026-08-03", service=service, due="2026-08-10", acknowledged="2026-08-05")
    homes.keep(Deadline(case_id=case.id or 0, clock="s1.respond", state="met", base_due=date(2026, 8, 24),
                        due=date(2026, 8, 24), met_at=at(met)))  # fmt: skip


def lines(table: Table) -> dict[str, tuple[Any, ...]]:
    return {line.key: line.values for line in table.lines if any(line.values)}


def table(homes: Quarter, organisation: int, id_: str) -> dict[str, tuple[Any, ...]]:
    """A table of one organisation alone, as `redress figures --organisation` tells it."""
    with reading(homes.town.engine) as session:
        ask = Ask(session, scope_of_organisation(session, organisation), parse("2026Q2"), homes.town.now)
        return lines(next(one for one in figures.gather(ask) if one.id == id_))


@pytest.mark.requirement("R047")
def test_complaints_received_are_counted_for_each_service(homes: Quarter) -> None:
    lettings = service_of(homes, homes.homes, "lettings")
    homes.complaints(3, "2026-08-03")
    homes.complaints(2, "2026-08-03", service=lettings)

    with homes.asking() as ask:
        received = figures_cases.received_by_service(ask)

    assert lines(received) == {"repairs": (3, 0, 0), "lettings": (2, 0, 0)}
    assert received.total is not None
    assert received.total.values == (5, 0, 0)


@pytest.mark.requirement("R316", "R387")
def test_teams_that_keep_their_dates_stand_beside_those_that_do_not(homes: Quarter) -> None:
    lettings = service_of(homes, homes.homes, "lettings")
    for met in ("2026-08-20", "2026-08-24 23:30"):
        answered(homes, homes.repairs, met)
    for met in ("2026-08-20", "2026-08-25", "2026-08-26", "2026-09-01"):
        answered(homes, lettings, met)

    with homes.asking() as ask:
        beside = figures_time.in_time_by(ask, "service")

    assert lines(beside) == {"repairs": (2, 1.0, 1.0), "lettings": (4, 1.0, 0.25)}


@pytest.mark.requirement("R080")
def test_a_commissioner_is_told_of_services_that_other_bodies_provide_for_them(homes: Quarter) -> None:
    with reading(homes.town.engine) as session:
        council = session.get_one(Staff, homes.town.staff("lena").id).organisation_id
    cora = Staff(organisation_id=council, email="cora@town.example", name="Cora", role="leader")
    homes.keep(cora)
    homes.keep(StaffService(staff_id=cora.id or 0, service_id=homes.repairs))
    for met in ["2026-08-20"] * 12 + ["2026-09-01"] * 12:
        answered(homes, homes.repairs, met)

    with homes.asking(who=cora) as ask:
        found = digest.gather(ask)

    assert found.scope == "Town Council: Repairs"
    assert lines(found.table("received_by_service")) == {"repairs": (24, 0, 0)}
    assert lines(found.table("in_time_by_service")) == {"repairs": (24, 1.0, 0.5)}
    assert [one.key for one in found.first.questions] == ["late-repairs"]


@pytest.mark.requirement("R314")
def test_complaints_about_each_provider_are_told_by_number_type_severity_and_outcome(homes: Quarter) -> None:
    (agency, visits), (nurses, calls) = provider(homes, "agency"), provider(homes, "nurses")
    told = {"received": "2026-08-03", "closed": "2026-08-20"}
    for _ in range(9):
        homes.complaint(**told, service=visits, subject="quality", severity=4, heads=(("upheld", None, None),))
    homes.complaint(**told, service=calls, subject="delay", severity=2, heads=(("not_upheld", None, None),))

    by_number = [table(homes, body, "received_by_service") for body in (agency, nurses)]
    by_type = [table(homes, body, "received_by_subject") for body in (agency, nurses)]
    by_severity = [table(homes, body, "received_by_severity") for body in (agency, nurses)]
    by_outcome = [table(homes, body, "decisions") for body in (agency, nurses)]

    assert by_number == [{"agency-visits": (9, 0, 0)}, {"nurses-visits": (1, 0, 0)}]
    assert by_type == [{"quality": (9, 0, 0)}, {"delay": (1, 0, 0)}]
    assert by_severity == [{"4": (9, 0, 0)}, {"2": (1, 0, 0)}]
    assert by_outcome == [{"upheld": (9, 0, 0)}, {"not_upheld": (1, 0, 0)}]


@pytest.mark.requirement("R278")
def test_what_complaints_are_about_is_counted_over_all_services_and_bodies(homes: Quarter) -> None:
    _, visits = provider(homes, "agency")
    with reading(homes.town.engine) as session:
        care = session.exec(select(Service.id).where(Service.slug == "care")).one()  # of the council
    homes.complaints(4, "2026-05-04", subject="delay")
    homes.complaints(3, "2026-08-03", subject="delay")
    homes.complaints(2, "2026-08-03", subject="delay", service=visits)
    homes.complaints(2, "2026-08-03", subject="delay", service=care)
    homes.complaint("2026-08-03", subject="conduct", service=care)

    with reading(homes.town.engine) as session:
        ask = Ask(session, whole_house(session, homes.homes), parse("2026Q2"), homes.town.now)
        found = digest.gather(ask)

    assert lines(found.table("received_by_subject")) == {"delay": (7, 4, 0), "conduct": (1, 0, 0)}
    assert found.risen == [("delay", 7, 4, 0)]


@pytest.mark.requirement("R223", "R353")
def test_however_a_complaint_comes_it_is_counted_with_what_staff_said_it_is_about(homes: Quarter) -> None:
    here = homes.town
    here.now = at("2026-08-03")
    references = [here.mail("The lift is broken."), here.form("Nobody rang.", email="jo@citizen.example")]
    for reference, subject in zip(references, ("property", "communication"), strict=True):
        here.do(reference, "code", subject=subject, severity="3")
    here.mail("The gate is broken.", sender="al@citizen.example")
    here.now = at("2026-10-14")

    with homes.asking() as ask:
        found = digest.gather(ask)

    assert lines(found.table("received_by_channel")) == {"email": (2, 0, 0), "web": (1, 0, 0)}
    assert lines(found.table("received_by_severity")) == {"3": (2, 0, 0), "none": (1, 0, 0)}
    assert lines(found.table("received_by_subject")) == {
        "property": (1, 0, 0), "communication": (1, 0, 0), "none": (1, 0, 0),
    }  # fmt: skip
