"""Which extensions count: who agreed, when, why, how far; one that does not leaves the date and tells a person."""

from typing import Any

import pytest

from tests.workflow.cases import ASC, HOUSING, NHS, acknowledged, day, extended, on, small_procedure, stand

ASC_RECEIVED = on("complaint.received", "2008-03-14")  # due 1 April, 15 April at most
NHS_RECEIVED = on("complaint.received", "2025-12-18")  # due 17 June 2026
HOUSING_TAKEN_UP = (on("complaint.received", "2025-12-18"), acknowledged("2025-12-22"))  # due 8 January
TWO_RULES = """[[stage.clock.extension]]
  add = { working_days = 5 }
  [[stage.clock.extension]]
  agree = ["complainant"]
  [[stage.letter]]"""
SHE_AGREED = [{"role": "complainant", "on": "2026-06-01"}]


def asc_stage_2(*more: Any) -> Any:
    return stand(ASC, ASC_RECEIVED, on("s1.outcome_sent", "2008-03-28"), on("s2.requested", "2008-04-14"), *more)


def test_a_longer_period_agreed_with_the_person_before_it_ends_counts() -> None:
    found = stand(NHS, NHS_RECEIVED, extended("2026-06-02", "s1.respond", to="2026-08-28", agreed=SHE_AGREED))

    assert (found.clock("s1.respond").due, found.problems) == (day("2026-08-28"), ())


@pytest.mark.requirement("R154")
def test_without_the_agreement_of_the_person_it_does_not_count() -> None:
    found = stand(NHS, NHS_RECEIVED, extended("2026-06-02", "s1.respond", to="2026-08-28"))

    assert found.clock("s1.respond").due == day("2026-06-17")
    assert found.problems == ("“Respond” was not extended: the complainant has not agreed",)


@pytest.mark.parametrize(
    ("agreed_on", "due"), [("2026-06-17", "2026-08-28"), ("2026-06-18", "2026-06-17"), ("2026-07-01", "2026-06-17")]
)
def test_agreement_counts_until_the_last_day_of_the_period_and_not_after(agreed_on: str, due: str) -> None:
    agreed = [{"role": "complainant", "on": agreed_on}]

    found = stand(NHS, NHS_RECEIVED, extended("2026-07-02", "s1.respond", to="2026-08-28", agreed=agreed))

    assert found.clock("s1.respond").due == day(due)


@pytest.mark.requirement("R172")
def test_at_stage_2_the_complaints_manager_agrees_not_the_complainant() -> None:
    by_person = extended("2008-05-12", "s2.report", agreed=[{"role": "complainant", "on": "2008-05-10"}])

    found = asc_stage_2(by_person)

    assert found.clock("s2.report").due == day("2008-05-20")
    assert found.problems == ("“Report and adjudication” was not extended: the complaints manager has not agreed",)


@pytest.mark.parametrize(
    ("data", "due", "problem"),
    [
        ({"reason": ""}, "2008-04-01", "it gives no reason"),
        ({"to": "2008-04-16"}, "2008-04-01", "it goes past Tuesday 15 April 2008, the latest date allowed"),
        ({"to": "2008-03-31"}, "2008-04-01", "it gives no longer than Tuesday 1 April 2008"),
        ({"days": 3}, "2008-04-04", None),
        ({"days": 11}, "2008-04-01", "it goes past Tuesday 15 April 2008"),
        ({"to": "2008-04-13"}, "2008-04-11", None),  # a Sunday: the working day before
    ],
)
def test_stage_1_is_extended_to_20_days_in_all_and_no_further(
    data: dict[str, Any], due: str, problem: str | None
) -> None:
    found = stand(ASC, ASC_RECEIVED, extended("2008-03-28", "s1.conclude", **data))

    assert found.clock("s1.conclude").due == day(due)
    assert bool(found.problems) == (problem is not None)
    assert (problem or "") in "".join(found.problems)


def test_an_extension_allowed_once_is_refused_the_second_time() -> None:
    twice = [extended("2008-03-28", "s1.conclude", days=2), extended("2008-03-31", "s1.conclude", days=2)]

    found = stand(ASC, ASC_RECEIVED, *twice)

    assert (found.clock("s1.conclude").due, found.clock("s1.conclude").extensions) == (day("2008-04-03"), 1)
    assert "used as often as is allowed" in found.problems[0]


def test_a_landlord_may_not_extend_once_the_time_has_run_out() -> None:
    found = stand(HOUSING, *HOUSING_TAKEN_UP, extended("2026-01-09", "s1.respond"))

    assert found.clock("s1.respond").due == day("2026-01-08")
    assert "it came after Thursday 8 January 2026" in found.problems[0]


def test_going_past_a_soft_ceiling_needs_a_good_reason_and_is_counted_apart() -> None:
    first = extended("2026-01-07", "s1.respond")

    plain = stand(HOUSING, *HOUSING_TAKEN_UP, first, extended("2026-01-20", "s1.respond", days=5))
    good = stand(HOUSING, *HOUSING_TAKEN_UP, first, extended("2026-01-20", "s1.respond", days=5, good_reason="flood"))

    assert (plain.clock("s1.respond").due, plain.clock("s1.respond").past_ceiling) == (day("2026-01-22"), False)
    assert "without a good reason" in plain.problems[0]
    assert (good.clock("s1.respond").due, good.clock("s1.respond").past_ceiling) == (day("2026-01-29"), True)


def test_what_the_procedure_does_not_extend_stays() -> None:
    found = stand(HOUSING, on("complaint.received", "2025-12-18"), extended("2025-12-19", "s1.acknowledge", days=3))

    assert found.clock("s1.acknowledge").due == day("2025-12-29")
    assert found.problems == ("“Acknowledge stage 1” was not extended: the procedure has no rule that allows one",)


def test_what_is_recorded_counts_though_the_present_clock_is_behind_it() -> None:
    found = stand(HOUSING, *HOUSING_TAKEN_UP, extended("2026-01-07", "s1.respond"), now="2026-01-06")

    assert (found.clock("s1.respond").due, found.problems) == (day("2026-01-22"), ())


def test_an_open_ended_extension_must_say_until_when() -> None:
    found = stand(NHS, NHS_RECEIVED, extended("2026-06-02", "s1.respond", agreed=SHE_AGREED))

    assert "it does not say until when" in found.problems[0]


@pytest.mark.parametrize("agreed", ["complainant", ["complainant"], 7, None])
def test_an_agreement_that_can_not_be_read_is_none(agreed: Any) -> None:
    found = stand(NHS, NHS_RECEIVED, extended("2026-06-02", "s1.respond", to="2026-08-28", agreed=agreed))

    assert found.problems == ("“Respond” was not extended: the complainant has not agreed",)


@pytest.mark.parametrize("until", [{"days": "5"}, {"days": 2.5}, {"to": "soon"}])
def test_a_length_that_can_not_be_read_is_not_taken_for_the_whole(until: Any) -> None:
    found = stand(HOUSING, *HOUSING_TAKEN_UP, extended("2026-01-07", "s1.respond", **until))

    assert found.clock("s1.respond").due == day("2026-01-08")
    assert "it does not say until when" in found.problems[0]


def test_where_there_are_two_rules_the_first_that_allows_it_is_used() -> None:
    rules = small_procedure(("[[stage.letter]]", TWO_RULES))
    received = on("complaint.received", "2026-01-05")  # due 19 January
    with_her = extended(
        "2026-01-12", "s1.respond", to="2026-03-02", agreed=[{"role": "complainant", "on": "2026-01-12"}]
    )

    assert stand(rules, received, extended("2026-01-12", "s1.respond")).clock("s1.respond").due == day("2026-01-26")
    assert stand(rules, received, with_her).clock("s1.respond").due == day("2026-03-02")
