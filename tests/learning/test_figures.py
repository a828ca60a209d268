"""Figures count what they say they count, for the time and the services they are asked for."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from learning.numbers import figures, figures_beyond, figures_cases, figures_expectations, figures_time
from learning.numbers.figure_table import HIDDEN, Table
from learning.numbers.figure_view import sheet
from learning.numbers.suppression import Counts, recoverable
from storage.tables import (
    Deadline,
    EqualityAnswer,
    Insight,
    OmbudsmanMatter,
    Organisation,
    Recommendation,
    Service,
    Staff,
    StaffService,
    SurveyAnswer,
)
from tests.learning.quarter import RULE, Quarter, quarter
from tests.town import at, town


@pytest.fixture
def homes(engine: Engine) -> Quarter:
    """The housing association on 14 October 2026."""
    return quarter(town(engine, "2026-10-14"))


def lines(table: Table) -> dict[str, tuple[Any, ...]]:
    return {line.key: line.values for line in table.lines if any(line.values)}


@pytest.mark.requirement("R046")
def test_complaints_are_counted_in_the_quarter_they_were_received_in_london(homes: Quarter) -> None:
    homes.complaint("2026-06-30 23:59")  # 22:59 in UTC
    homes.complaint("2026-07-01 00:30")  # still June in UTC
    homes.complaint("2026-09-30 23:59")
    homes.complaint("2026-10-01 00:00")

    with homes.asking() as ask:
        table = figures_cases.received_by_service(ask)

    assert lines(table) == {"repairs": (2, 1, 0)}
    assert table.total is not None
    assert table.total.values == (2, 1, 0)


def test_they_stand_beside_the_quarter_before_and_the_same_one_last_year(homes: Quarter) -> None:
    homes.complaints(3, "2026-08-03", channel="web")
    homes.complaints(2, "2026-05-04", channel="post")
    homes.complaint("2025-08-04", channel="web")

    with homes.asking() as ask:
        table = figures_cases.received_by_channel(ask)

    assert lines(table) == {"web": (3, 0, 1), "post": (0, 2, 0)}


def test_what_was_refiled_as_something_else_is_no_complaint(homes: Quarter) -> None:
    homes.complaint("2026-08-03", kind="compliment")
    homes.complaint("2026-08-03", subject="delay", severity=4)

    with homes.asking() as ask:
        by_subject, by_severity = figures_cases.received_by_subject(ask), figures_cases.received_by_severity(ask)

    assert (lines(by_subject), lines(by_severity)) == ({"delay": (1, 0, 0)}, {"4": (1, 0, 0)})


def test_a_subject_nobody_chose_is_counted_last_as_not_said(homes: Quarter) -> None:
    homes.complaints(2, "2026-08-03")
    homes.complaint("2026-08-03", subject="conduct")

    with homes.asking() as ask:
        table = figures_cases.received_by_subject(ask)

    assert [line.name for line in table.lines] == ["How staff behaved", "No subject chosen yet"]


@pytest.mark.requirement("R062")
def test_dates_are_kept_by_the_rule_as_extended_and_as_promised(homes: Quarter) -> None:
    case = homes.complaint("2026-08-03", due="2026-08-10", acknowledged="2026-08-10 23:30")  # 22:30 in UTC
    homes.complaint("2026-08-03", due="2026-08-10", acknowledged="2026-08-11 00:30")  # 10 August in UTC
    homes.complaint("2026-08-03", due="2026-08-10")
    homes.complaint("2026-09-28", due="2026-10-20")
    homes.keep(Deadline(case_id=case.id or 0, clock="s1.respond", state="met", base_due=date(2026, 8, 24),
                        due=date(2026, 9, 7), promised=date(2026, 8, 31), met_at=at("2026-09-01")))  # fmt: skip

    with homes.asking() as ask:
        table = figures_time.in_time(ask)

    assert lines(table) == {
        "acknowledged-base": (4, 1, 1, 1, 1, pytest.approx(1 / 3)),
        "acknowledged-due": (4, 1, 1, 1, 1, pytest.approx(1 / 3)),
        "answered-base": (1, 0, 1, 0, 0, 0.0),
        "answered-due": (1, 1, 0, 0, 0, 1.0),
        "answered-promised": (1, 0, 1, 0, 0, 0.0),
    }


def test_a_duty_that_ended_otherwise_was_neither_kept_nor_missed(homes: Quarter) -> None:
    case = homes.complaint("2026-08-03", closed="2026-08-04", outcome="withdrawn")
    homes.keep(Deadline(case_id=case.id or 0, clock="s1.acknowledge", state="stopped", base_due=date(2026, 8, 10),
                        due=date(2026, 8, 10)))  # fmt: skip

    with homes.asking() as ask:
        assert lines(figures_time.in_time(ask)) == {}


@pytest.mark.requirement("R057", "R058", "R059", "R060")
def test_early_resolution_and_closer_look_are_counted_with_their_average_times(homes: Quarter) -> None:
    homes.complaint("2026-06-26", closed="2026-07-06")  # 10 days, 6 of them working days
    homes.complaint("2026-07-06", closed="2026-07-10")  # 4 days, 4
    homes.complaint("2026-06-01", closed="2026-07-31", stage="s2")
    homes.complaint("2026-07-06", closed="2026-07-10", outcome="withdrawn")

    with homes.asking() as ask:
        table = figures_time.ways(ask)

    assert table.counts == "closed"
    assert lines(table) == {"early": (2, 7.0, 5.0), "closer": (1, 60.0, 44.0)}


def test_a_procedure_with_one_stage_has_no_early_resolution() -> None:
    assert figures_time.way_of("nhs-asc-england-2009", "s1") == "closer"


def test_decisions_and_money_are_of_complaints_that_were_closed_in_the_quarter(homes: Quarter) -> None:
    upheld = ("upheld", "payment", 25_000)
    homes.complaint("2026-05-04", closed="2026-07-06", heads=(upheld, ("not_upheld", None, None)))
    homes.complaint("2026-07-06", closed="2026-10-02", heads=(upheld,))

    with homes.asking() as ask:
        decided, remedies = figures_cases.decisions(ask), figures_cases.remedies(ask)

    assert lines(decided) == {"upheld": (1, 0, 0), "not_upheld": (1, 0, 0)}
    assert lines(remedies) == {"payment": (1, 25_000)}


@pytest.mark.requirement("R199")
def test_what_went_to_an_ombudsman_and_what_was_decided_are_two_counts(homes: Quarter) -> None:
    case = homes.complaint("2026-02-02")
    matter = OmbudsmanMatter(case_id=case.id or 0, organisation_id=homes.homes, body="housing-ombudsman",
                             referred_at=at("2026-05-04"), decided_at=at("2026-08-03"),
                             finding="maladministration")  # fmt: skip
    homes.keep(matter)
    for due, complied_at in (("2026-09-01", None), ("2026-08-20", "2026-08-20 23:30"), ("2026-08-19", "2026-08-20")):
        homes.keep(Recommendation(matter_id=matter.id or 0, text="Apologise", due=date.fromisoformat(due),
                                  complied_at=at(complied_at) if complied_at else None))  # fmt: skip

    with homes.asking() as ask:
        matters, recommended = figures_beyond.ombudsman(ask), figures_beyond.recommendations(ask)

    assert lines(matters) == {"referred": (0, 1, 0), "maladministration": (1, 0, 0)}
    assert lines(recommended) == {"overdue": (1,), "complied": (1,), "complied_late": (1,)}


def test_actions_are_counted_by_state_with_those_that_are_late(homes: Quarter) -> None:
    homes.action("Train", "in_progress", next_due=datetime(2026, 9, 1, tzinfo=UTC))
    homes.action("Write", "in_progress", next_due=datetime(2026, 12, 1, tzinfo=UTC))
    homes.action("Book", "embedded")

    with homes.asking() as ask:
        table = figures_beyond.plans(ask)

    assert lines(table) == {"in_progress": (2, 1), "embedded": (1, 0)}


def test_other_insight_stands_beside_complaints_and_hides_who_is_few(homes: Quarter) -> None:
    for kind, many in (("compliment", 30), ("grievance", 2)):
        homes.keep(Insight(kind=kind, on_day=date(2026, 8, 3), organisation_id=homes.homes, how_many=many,
                           entered_at=at("2026-08-03")))  # fmt: skip

    with homes.asking() as ask:
        table = next(one for one in figures.gather(ask) if one.id == "other_insight")

    assert lines(table) == {"compliment": (30, 0, 0), "grievance": (HIDDEN, 0, 0)}


@pytest.mark.requirement("R141")
def test_equality_answers_never_show_fewer_than_eight_people_nor_let_them_be_worked_out(homes: Quarter) -> None:
    answers = ["16-24"] * 3 + ["25-44"] * 20 + ["65-79"] * 9
    homes.keep(*(EqualityAnswer(organisation_id=homes.homes, service_id=homes.repairs, month=date(2026, 8, 1),
                                answers={"age": one}) for one in answers))  # fmt: skip

    with homes.asking() as ask:
        table = next(one for one in figures.gather(ask) if one.id == "equality_age")

    shown = dict(zip([line.key for line in table.lines], table.values("number"), strict=True))
    hidden = {(row, 0) for row, line in enumerate(table.lines) if line.values[0] == HIDDEN}
    true = [[answers.count(line.key)] for line in table.lines]
    assert (shown["16-24"], shown["25-44"], shown["under-16"]) == (HIDDEN, 20, 0)
    assert recoverable(Counts(true, row_totals=False), hidden) == []


@pytest.mark.requirement("R310")
def test_what_people_say_of_us_is_shown_once_enough_have_said_it(homes: Quarter) -> None:
    for said in ["agree"] * 9 + ["disagree"] * 3:
        homes.keep(SurveyAnswer(grp="complainant", organisation_id=homes.homes, service_id=homes.repairs,
                                quarter="2026Q2", answers={"easy": said}))  # fmt: skip

    with homes.asking() as ask:
        table = figures_beyond.feedback(ask)

    assert lines(table) == {"complainant-handling": (12, 0.75)}


@pytest.mark.requirement("R020")
def test_what_people_say_is_shown_against_each_expectation_of_the_standards(homes: Quarter) -> None:
    for said in ["agree"] * 9 + ["disagree"] * 3:
        homes.keep(SurveyAnswer(grp="complainant", organisation_id=homes.homes, service_id=homes.repairs,
                                quarter="2026Q2", answers={"easy": said, "open": said, "remedy": "agree"}))  # fmt: skip

    with homes.asking() as ask:
        table = figures_expectations.expectations(ask)

    assert lines(table) == {
        "complainant-received_openly-handling": (24, 0.75),
        "complainant-put_right-outcome": (12, 1.0),
    }
    assert table.lines[0].name == "People who complained: Complaints are welcomed, and it is easy to complain"


def test_a_leader_entered_for_a_service_is_told_of_that_one_alone(homes: Quarter) -> None:
    other = Service(organisation_id=homes.homes, slug="lettings", name="Lettings", procedure=RULE)
    sam = Staff(organisation_id=homes.homes, email="sam@town.example", name="Sam", role="leader")
    homes.keep(other, sam)
    homes.keep(StaffService(staff_id=sam.id or 0, service_id=other.id or 0))
    homes.complaints(2, "2026-08-03")
    homes.complaint("2026-08-03", service=other.id)

    with homes.asking(who=sam) as ask:
        table = figures_cases.received_by_service(ask)

    assert (lines(table), ask.scope.name) == ({"lettings": (1, 0, 0)}, "Town Homes: Lettings")


def test_a_department_is_told_of_the_bodies_it_oversees_and_small_numbers_are_hidden_from_it(homes: Quarter) -> None:
    department = Organisation(slug="ministry", name="Ministry", kind="department")
    homes.keep(department)
    dee = Staff(organisation_id=department.id or 0, email="dee@town.example", name="Dee", role="leader")
    homes.keep(dee)
    with homes.asking() as ask:
        body = ask.session.get_one(Organisation, homes.homes)
        body.parent_id = department.id
    homes.keep(body)
    homes.complaints(12, "2026-08-03", channel="email")
    homes.complaints(2, "2026-08-03", channel="post")

    with homes.asking(who=dee) as ask:
        table = next(one for one in figures.gather(ask) if one.id == "received_by_channel")

    assert table.values("now") == [HIDDEN, HIDDEN]
    assert table.total is not None
    assert table.total.values[0] == 14


def test_every_table_has_its_title_its_definition_and_says_what_it_counts(homes: Quarter) -> None:
    homes.complaint("2026-08-03")
    with homes.asking() as ask:
        sheets = [sheet(table, ask.period) for table in figures.gather(ask)]

    assert all(one.title and one.definition and one.counts for one in sheets)
    assert len({one.id for one in sheets}) == len(sheets)


@pytest.mark.parametrize("by", ["service", "subject", "channel"])
def test_figures_by_something_count_the_same_complaints(homes: Quarter, by: str) -> None:
    homes.complaints(3, "2026-08-03", subject="delay", due="2026-08-10", acknowledged="2026-08-05")

    with homes.asking() as ask:
        table = figures.by(ask, by)

    assert [line.values for line in table.lines if line.values[0]] == [(3, 1.0, None)]
