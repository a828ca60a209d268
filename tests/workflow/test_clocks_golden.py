"""The dates that were worked out by hand for the shipped procedures: all of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.workflow.cases import ASC, HOUSING, NHS, acknowledged, clock, day, extended, on, stand
from workflow.clocks import Happening
from workflow.definition import Clock, Span
from workflow.limits import last_day
from workflow.procedure import load
from workflow.working_days import USUAL, calendar_for


def reach_stage_2(requested: str) -> list[Happening]:
    """An adult social care case of 2008 whose person asked for stage 2."""
    return [on("complaint.received", "2008-03-14"), on("s1.outcome_sent", "2008-03-28"), on("s2.requested", requested)]


def reach_panel(requested: str) -> list[Happening]:
    return [*reach_stage_2("2008-04-14"), on("s2.adjudication_sent", "2008-05-20"), on("s3.requested", requested)]


@pytest.mark.requirement("R166")
def test_adult_social_care_stage_1_is_concluded_in_10_working_days_over_easter() -> None:
    found = clock(ASC, "s1.conclude", on("complaint.received", "2008-03-14"), now="2008-03-20")

    assert found.due == day("2008-04-01")
    assert found.reminders[0].at == day("2008-03-27")
    assert found.escalations[0].at == day("2008-04-02")


@pytest.mark.requirement("R167")
def test_adult_social_care_stage_1_is_extended_to_20_working_days_in_all() -> None:
    found = clock(ASC, "s1.conclude", on("complaint.received", "2008-03-14"), extended("2008-03-28", "s1.conclude"))

    assert (found.base_due, found.due) == (day("2008-04-01"), day("2008-04-15"))


@pytest.mark.requirement("R171")
def test_adult_social_care_stage_2_takes_25_working_days() -> None:
    assert clock(ASC, "s2.report", *reach_stage_2("2008-04-14")).due == day("2008-05-20")


@pytest.mark.requirement("R172")
def test_adult_social_care_stage_2_is_extended_to_65_when_the_complaints_manager_agrees() -> None:
    agreed = [{"role": "complaints_manager", "on": "2008-05-10"}]

    found = clock(ASC, "s2.report", *reach_stage_2("2008-04-14"), extended("2008-05-12", "s2.report", agreed=agreed))

    assert found.due == day("2008-07-16")


@pytest.mark.requirement("R176")
def test_the_panel_is_held_within_30_working_days_of_the_request() -> None:
    assert clock(ASC, "s3.panel_held", *reach_panel("2008-07-21")).due == day("2008-09-02")


@pytest.mark.requirement("R177")
def test_the_findings_follow_within_5_working_days_of_the_panel() -> None:
    held = [*reach_panel("2008-07-21"), on("s3.panel_held", "2008-08-28")]

    assert clock(ASC, "s3.findings", *held).due == day("2008-09-04")


@pytest.mark.requirement("R178")
def test_the_response_follows_within_15_working_days_of_the_findings() -> None:
    sent = [on("s3.panel_held", "2008-08-28"), on("s3.findings_sent", "2008-09-03", has_recommendations=True)]

    assert clock(ASC, "s3.response", *reach_panel("2008-07-21"), *sent).due == day("2008-09-24")


@pytest.mark.parametrize(("received", "due"), [("2025-12-18", "2025-12-29"), ("2025-12-20", "2025-12-30")])
def test_a_landlord_acknowledges_in_5_working_days(received: str, due: str) -> None:
    assert clock(HOUSING, "s1.acknowledge", on("complaint.received", received)).due == day(due)


def test_a_landlord_responds_10_working_days_after_acknowledging_and_may_extend_by_10() -> None:
    told = [on("complaint.received", "2025-12-18"), acknowledged("2025-12-22")]

    plain = clock(HOUSING, "s1.respond", *told)
    longer = clock(HOUSING, "s1.respond", *told, extended("2026-01-07", "s1.respond"))

    assert plain.due == day("2026-01-08")
    assert (longer.base_due, longer.due) == (day("2026-01-08"), day("2026-01-22"))


def test_a_landlord_acknowledges_stage_2_in_5_working_days_and_responds_20_after() -> None:
    answered = [
        on("complaint.received", "2026-03-02"),
        acknowledged("2026-03-03"),
        on("s1.response_sent", "2026-03-10"),
    ]
    asked = [*answered, on("s2.requested", "2026-03-25")]
    taken_up = [*asked, acknowledged("2026-03-31", "s2")]

    assert clock(HOUSING, "s2.acknowledge", *asked).due == day("2026-04-01")
    assert clock(HOUSING, "s2.respond", *taken_up).due == day("2026-04-30")
    assert clock(HOUSING, "s2.respond", *taken_up, extended("2026-04-28", "s2.respond")).due == day("2026-06-01")


def test_the_2009_regulations_give_3_working_days_to_acknowledge() -> None:
    assert clock(NHS, "s1.acknowledge", on("complaint.received", "2025-12-18")).due == day("2025-12-23")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2025-12-18", "2026-06-17"),
        ("2026-01-01", "2026-06-30"),
        ("2026-03-01", "2026-08-31"),
        ("2025-08-28", "2026-02-27"),
        ("2025-08-31", "2026-02-28"),
        ("2023-08-31", "2024-02-29"),
    ],
)
def test_the_2009_regulations_give_6_months_commencing_on_the_day_of_receipt(received: str, due: str) -> None:
    found = clock(NHS, "s1.respond", on("complaint.received", received))

    assert found.due == day(due)
    assert found.state == "overdue"


def test_a_month_that_ends_on_christmas_day_rolls_to_the_next_working_day() -> None:
    clock_rule = _calendar_rule(roll="next_working_day")

    found = last_day(calendar_for("england-and-wales"), USUAL, clock_rule, Span("months", 1), day("2025-11-25"))

    assert found == day("2025-12-29")


@pytest.mark.parametrize(
    ("count", "roll", "due"),
    [
        ("commencing", "none", "2026-07-18"),
        ("after", "none", "2026-07-19"),
        ("after", "next_working_day", "2026-07-20"),
    ],
)
def test_30_days_may_begin_with_the_day_itself_or_the_day_after(count: str, roll: str, due: str) -> None:
    clock_rule = _calendar_rule(count=count, roll=roll)

    found = last_day(calendar_for("england-and-wales"), USUAL, clock_rule, Span("calendar_days", 30), day("2026-06-19"))

    assert found == day(due)


def test_every_golden_case_is_late_from_the_day_after() -> None:
    due = day("2008-04-01")

    on_the_day = stand(ASC, on("complaint.received", "2008-03-14"), now=f"{due}T23:59")
    next_day = stand(ASC, on("complaint.received", "2008-03-14"), now=f"{due + timedelta(days=1)}T00:00")

    assert on_the_day.clock("s1.conclude").state == "running"
    assert next_day.clock("s1.conclude").state == "overdue"


def _calendar_rule(**changes: Any) -> Clock:
    return replace(load(NHS).clock("s1.respond"), **{"count": "after", **changes})
