"""Every date explains itself: rule, source, start, each day skipped and why, and every change."""

from tests.workflow.cases import ASC, HOUSING, NHS, acknowledged, clock, extended, on, small_procedure, stand


def test_the_reckoning_names_the_rule_the_start_and_each_day_that_did_not_count() -> None:
    found = clock(HOUSING, "s1.acknowledge", on("complaint.received", "2025-12-18"))

    assert [(str(row.date), row.text) for row in found.because] == [
        ("2025-12-18", "Complaint received: the clock starts and the day after is day 1; the limit is 5 working days"),
        ("2025-12-20", "Saturday: not a working day"),
        ("2025-12-21", "Sunday: not a working day"),
        ("2025-12-25", "Christmas Day: not a working day"),
        ("2025-12-26", "Boxing Day: not a working day"),
        ("2025-12-27", "Saturday: not a working day"),
        ("2025-12-28", "Sunday: not a working day"),
        ("2025-12-29", "Due by the rule: 5 working days from 18 December 2025"),
    ]
    assert found.because[0].source.endswith("Complaint Handling Code 6.2: within 5 working days of receipt")
    assert "bank holidays for England and Wales" in found.because[3].source
    assert all(row.source for row in found.because)


def test_good_friday_is_called_by_its_name() -> None:
    found = clock(ASC, "s1.conclude", on("complaint.received", "2008-03-14"))

    assert {str(row.date): row.text for row in found.because}["2008-03-21"] == "Good Friday: not a working day"


def test_an_extension_tells_who_agreed_and_why_and_what_it_moved() -> None:
    agreed = [{"role": "complaints_manager", "on": "2008-05-10"}]
    case = [
        on("complaint.received", "2008-03-14"),
        on("s1.outcome_sent", "2008-03-28"),
        on("s2.requested", "2008-04-14"),
    ]

    found = clock(
        ASC, "s2.report", *case, extended("2008-05-12", "s2.report", agreed=agreed, reason="three interviews")
    )

    texts = [row.text for row in found.because]
    assert "Extended: three interviews; agreed by complaints manager" in texts
    assert texts[-1] == "Due instead of 20 May 2008"
    assert "Spring bank holiday: not a working day" in texts


def test_a_good_reason_is_part_of_the_reckoning() -> None:
    case = [on("complaint.received", "2025-12-18"), acknowledged("2025-12-22"), extended("2026-01-07", "s1.respond")]

    found = clock(HOUSING, "s1.respond", *case, extended("2026-01-20", "s1.respond", days=5, good_reason="flood"))

    assert "Good reason for going past the ceiling: flood" in [row.text for row in found.because]


def test_a_projected_date_says_what_it_takes_for_granted() -> None:
    found = clock(HOUSING, "s1.respond", on("complaint.received", "2025-12-18"), now="2025-12-19")

    assert found.because[0].text.startswith("Acknowledged: not yet, and taken as done on the day it is due")


def test_months_say_that_the_day_of_receipt_is_the_first() -> None:
    found = clock(NHS, "s1.respond", on("complaint.received", "2025-12-18"))

    assert [row.text for row in found.because] == [
        "Complaint received: the clock starts and this day is the first; the limit is 6 months",
        "Due by the rule: 6 months from 18 December 2025",
    ]


def test_a_date_that_rolled_shows_the_days_it_rolled_over() -> None:
    rules = small_procedure(("limit = { working_days = 10 }", 'limit = { months = 1 }\n  roll = "next_working_day"'))

    found = clock(rules, "s1.respond", on("complaint.received", "2025-11-25"))

    assert [(str(row.date), row.text) for row in found.because[1:]] == [
        ("2025-12-25", "Christmas Day: not a working day, so the next working day"),
        ("2025-12-26", "Boxing Day: not a working day, so the next working day"),
        ("2025-12-27", "Saturday: not a working day, so the next working day"),
        ("2025-12-28", "Sunday: not a working day, so the next working day"),
        ("2025-12-29", "Due by the rule: 1 month from 25 November 2025"),
    ]


def test_a_pause_is_part_of_the_reckoning() -> None:
    rules = small_procedure(("stop = [", 'pause = ["police"]\n  stop = ['))
    paused = on("clock.paused", "2026-01-07", clock="s1.respond", reason="police")

    found = clock(
        rules, "s1.respond", on("complaint.received", "2026-01-05"), paused,
        on("clock.resumed", "2026-01-14", clock="s1.respond"),
    )  # fmt: skip

    assert "Stopped for a while: police" in [row.text for row in found.because]
    assert found.because[-1].text == "Due instead of 19 January 2026"


def test_a_clock_that_has_not_started_has_nothing_to_explain() -> None:
    assert clock(HOUSING, "s2.respond", on("complaint.received", "2025-12-18")).because == ()


def test_two_standings_are_equal_whatever_carries_their_reckonings() -> None:
    found = stand(HOUSING, on("complaint.received", "2025-12-18"))

    assert found == stand(HOUSING, on("complaint.received", "2025-12-18"))
