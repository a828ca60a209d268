"""The state of every clock: projected, running, met, late, stopped, re-opened, promised, paused."""

import pytest

from tests.workflow.cases import (
    ASC,
    HOUSING,
    NHS,
    acknowledged,
    at,
    clock,
    day,
    extended,
    on,
    small_procedure,
    stand,
)  # fmt: skip
from workflow.clocks import Happening, evaluate
from workflow.procedure import load
from workflow.working_days import calendar_for

RECEIVED = on("complaint.received", "2025-12-18")


def test_a_chained_clock_is_projected_from_the_day_the_step_before_is_due() -> None:
    found = clock(HOUSING, "s1.respond", RECEIVED, now="2025-12-19")

    assert (found.state, found.start, found.due) == ("projected", day("2025-12-29"), day("2026-01-13"))


def test_never_acknowledging_makes_the_answer_late_too() -> None:
    found = stand(HOUSING, RECEIVED, now="2026-01-14")

    assert [found.clock(each).state for each in ("s1.acknowledge", "s1.respond")] == ["overdue", "overdue"]


def test_acknowledging_starts_the_chained_clock_afresh() -> None:
    found = clock(HOUSING, "s1.respond", RECEIVED, acknowledged("2026-01-05"), now="2026-01-06")

    assert (found.state, found.start, found.due) == ("running", day("2026-01-05"), day("2026-01-19"))


def test_answering_without_acknowledging_is_judged_by_the_projected_date() -> None:
    found = stand(HOUSING, RECEIVED, on("s1.response_sent", "2026-01-14"))

    assert (found.clock("s1.respond").state, found.clock("s1.respond").due) == ("met_late", day("2026-01-13"))
    assert found.clock("s1.acknowledge").state == "stopped"


@pytest.mark.parametrize(("sent", "state"), [("2025-12-29T23:59", "met"), ("2025-12-30T00:00", "met_late")])
def test_a_clock_is_met_until_the_last_minute_of_its_day(sent: str, state: str) -> None:
    found = clock(HOUSING, "s1.acknowledge", RECEIVED, acknowledged(sent))

    assert (found.state, found.met_at) == (state, at(sent))


def test_received_one_minute_before_midnight_counts_from_that_day() -> None:
    before = clock(HOUSING, "s1.acknowledge", on("complaint.received", "2026-06-01T23:59"))
    after = clock(HOUSING, "s1.acknowledge", on("complaint.received", "2026-06-02T00:00"))

    assert (before.due, after.due) == (day("2026-06-08"), day("2026-06-09"))


def test_an_acknowledgement_that_does_not_define_the_complaint_stops_nothing() -> None:
    found = stand(HOUSING, RECEIVED, on("s1.acknowledged", "2025-12-19", complaint_definition="damp"), now="2025-12-22")

    assert found.clock("s1.acknowledge").state == "running"
    assert found.clock("s1.respond").state == "projected"
    assert found.problems == ("Acknowledged on Friday 19 December 2025 does not count: it lacks outcomes sought",)


def test_a_letter_that_never_arrived_opens_its_clock_again() -> None:
    bounced = on("letter.not_served", "2025-12-20", undoes="s1.acknowledged")

    found = stand(HOUSING, RECEIVED, acknowledged("2025-12-19"), bounced, now="2025-12-22")
    again = stand(HOUSING, RECEIVED, acknowledged("2025-12-19"), bounced, acknowledged("2025-12-31"))

    assert (found.clock("s1.acknowledge").state, found.clock("s1.respond").state) == ("running", "projected")
    assert (again.clock("s1.acknowledge").state, again.clock("s1.respond").start) == ("met_late", day("2025-12-31"))


def test_an_answer_that_never_arrived_takes_even_a_closed_case_back_to_its_stage() -> None:
    told = [
        RECEIVED,
        acknowledged("2025-12-19"),
        on("s1.response_sent", "2025-12-22"),
        on("complaint.closed", "2025-12-22"),
    ]

    found = stand(HOUSING, *told, on("letter.not_served", "2025-12-24", undoes="s1.response_sent"), now="2025-12-24")

    assert (found.stage, found.state, found.outcome, found.answered) == ("s1", "open", None, ())
    assert found.clock("s1.respond").state == "running"


def test_a_bounced_acknowledgement_does_not_move_the_answer_that_was_given_in_time() -> None:
    told = [RECEIVED, acknowledged("2026-01-05"), on("s1.response_sent", "2026-01-19")]

    found = stand(HOUSING, *told, on("letter.not_served", "2026-01-21", undoes="s1.acknowledged"))

    assert (found.clock("s1.respond").state, found.clock("s1.respond").due) == ("met", day("2026-01-19"))


@pytest.mark.parametrize("undoes", ["s1.response_sent", "complaint.received", ""])
def test_a_bounce_that_undoes_no_letter_is_a_problem_for_a_person(undoes: str) -> None:
    found = stand(HOUSING, RECEIVED, on("letter.not_served", "2025-12-20", undoes=undoes))

    assert found.problems[0].startswith("letter.not_served undoes nothing")


def test_a_corrected_day_of_receipt_moves_every_date() -> None:
    found = stand(NHS, RECEIVED, on("received.corrected", "2025-12-22", date="2025-12-15"), now="2025-12-22")

    assert (found.clock("s1.acknowledge").due, found.clock("s1.acknowledge").state) == (day("2025-12-18"), "overdue")
    assert found.clock("s1.respond").due == day("2026-06-14")
    assert "corrected to 15 December 2025" in found.clock("s1.respond").because[0].text


def test_a_correction_without_a_date_is_a_problem() -> None:
    assert stand(NHS, RECEIVED, on("received.corrected", "2025-12-22")).problems == (
        "received.corrected does not count: it lacks date",
    )


@pytest.mark.requirement("R061")
def test_what_the_person_was_told_is_kept_apart_from_the_limit() -> None:
    told = on("clock.promised", "2025-12-22", clock="s1.respond", date="2026-02-13")

    found = clock(NHS, "s1.respond", RECEIVED, told, now="2025-12-23")

    assert (found.promised, found.due, found.state) == (day("2026-02-13"), day("2026-06-17"), "running")


@pytest.mark.parametrize("date", ["2026-02-13", day("2026-02-13"), at("2026-02-13T09:00")])
def test_a_date_may_come_as_text_as_a_day_or_as_an_instant(date: object) -> None:
    promised = on("clock.promised", "2025-12-22", clock="s1.respond", date=date)

    assert clock(NHS, "s1.respond", RECEIVED, promised).promised == day("2026-02-13")


def test_a_clock_the_procedure_does_not_have_is_not_found() -> None:
    with pytest.raises(KeyError):
        stand(NHS, RECEIVED).clock("s2.respond")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"clock": "s9.respond"}, "clock.promised does not count: it names no clock of this procedure (s9.respond)"),
        ({"clock": "s1.respond", "date": "soon"}, "clock.promised for s1.respond does not count: it lacks date"),
    ],
)
def test_a_promise_that_can_not_be_read_is_a_problem(data: dict[str, str], problem: str) -> None:
    assert stand(NHS, RECEIVED, on("clock.promised", "2025-12-22", **data)).problems == (problem,)


def test_a_promise_made_after_the_answer_changes_nothing() -> None:
    late = on("clock.promised", "2026-01-05", clock="s1.respond", date="2026-02-13")

    assert clock(NHS, "s1.respond", RECEIVED, on("s1.response_sent", "2026-01-02"), late).promised is None


def test_the_next_date_is_that_of_the_unmet_clock_that_comes_first() -> None:
    found = stand(NHS, RECEIVED, now="2025-12-19")
    after = stand(NHS, RECEIVED, on("s1.acknowledged", "2025-12-19"), now="2025-12-20")

    assert (found.next_due and found.next_due.id, after.next_due and after.next_due.id) == (
        "s1.acknowledge", "s1.respond",
    )  # fmt: skip


def test_reminders_and_escalations_name_whom_to_tell() -> None:
    found = clock(ASC, "s1.conclude", on("complaint.received", "2008-03-14"))

    assert [(str(each.at), each.to) for each in found.reminders] == [
        ("2008-03-27", ("handler",)), ("2008-04-01", ("handler", "complaints_manager")),
    ]  # fmt: skip
    assert [(str(each.at), each.to) for each in found.escalations] == [
        ("2008-04-02", ("complaints_manager",)), ("2008-04-08", ("senior_officer",)),
    ]  # fmt: skip


PAUSABLE = small_procedure(("stop = [", 'pause = ["police_asked_us_to_wait"]\n  stop = ['))
NEW_YEAR = on("complaint.received", "2026-01-05")  # 10 working days: 19 January
PAUSED = on("clock.paused", "2026-01-07", clock="s1.respond", reason="police_asked_us_to_wait")


def test_a_pause_adds_its_working_days() -> None:
    resumed = on("clock.resumed", "2026-01-14", clock="s1.respond")

    found = clock(PAUSABLE, "s1.respond", NEW_YEAR, PAUSED, resumed, now="2026-01-15")

    assert (found.state, found.base_due, found.due) == ("running", day("2026-01-19"), day("2026-01-26"))


def test_a_paused_clock_is_not_overdue_and_moves_on_with_each_day() -> None:
    found = clock(PAUSABLE, "s1.respond", NEW_YEAR, PAUSED, now="2026-03-02")

    assert (found.state, found.due) == ("paused", day("2026-03-12"))


def test_an_event_of_the_procedure_may_itself_pause_and_resume_a_clock_of_calendar_days() -> None:
    rules = small_procedure(
        ("{ working_days = 10 }", "{ weeks = 2 }"),
        ("  stop = [", '  pause = ["s1.panel_held"]\n  resume = ["s1.findings_sent"]\n  stop = ['),
    )

    found = clock(
        rules, "s1.respond", NEW_YEAR, on("s1.panel_held", "2026-01-09"), on("s1.findings_sent", "2026-01-13")
    )

    assert (found.base_due, found.due) == (day("2026-01-19"), day("2026-01-23"))


@pytest.mark.parametrize(
    ("happening", "problem"),
    [
        (
            on("clock.paused", "2026-01-07", clock="s1.respond", reason="waiting for a colleague"),
            "is not among the reasons",
        ),
        (on("clock.paused", "2026-01-20", clock="s1.respond", reason="police_asked_us_to_wait"), "it was already late"),
        (on("clock.resumed", "2026-01-07", clock="s1.respond"), "it was not paused"),
    ],
)
def test_a_pause_the_procedure_does_not_allow_stops_nothing(happening: Happening, problem: str) -> None:
    found = stand(PAUSABLE, NEW_YEAR, happening, now="2026-01-21")

    assert problem in found.problems[0]
    assert found.clock("s1.respond").due == day("2026-01-19")


def test_no_shipped_procedure_lets_a_clock_be_paused() -> None:
    assert "clock.paused" not in stand(HOUSING, RECEIVED, now="2025-12-19").moves


def test_after_the_cutoff_a_contact_counts_from_the_next_working_day() -> None:
    rules = small_procedure(('binding = "local"', 'binding = "local"\nreceipt_cutoff = "17:00"'))

    before = clock(rules, "s1.respond", on("complaint.received", "2026-01-09T16:59"))
    after = clock(rules, "s1.respond", on("complaint.received", "2026-01-09T17:00"))

    assert (before.start, after.start) == (day("2026-01-09"), day("2026-01-12"))


BY_BODY = small_procedure(
    (
        "limit = { working_days = 10 }",
        "limit_by = { nhs-body = { working_days = 25 }, primary-care = { working_days = 10 } }",
    )
)


def test_a_limit_may_depend_on_the_kind_of_body() -> None:
    found = clock(BY_BODY, "s1.respond", on("complaint.received", "2026-01-05", body_kind="nhs-body"))

    assert found.due == day("2026-02-09")


def test_without_a_kind_of_body_the_shortest_limit_is_used_and_said() -> None:
    found = stand(BY_BODY, on("complaint.received", "2026-01-05"))

    assert found.clock("s1.respond").due == day("2026-01-19")
    assert "names no body_kind (nhs-body, primary-care)" in found.problems[0]


def test_a_date_past_the_bank_holiday_table_is_provisional_and_says_so() -> None:
    found = clock(NHS, "s1.respond", on("complaint.received", "2028-09-01"))

    assert found.provisional
    assert found.because[-1].text == "Provisional: no bank holidays are known for 2029"


def test_part_of_a_case_can_be_counted_when_asked_so() -> None:
    only = [on("s2.requested", "2008-04-14"), extended("2008-04-20", "s2.report")]

    found = evaluate(load(ASC), only, calendar_for("england-and-wales"), at("2008-05-01"), strict=False)

    assert found.clock("s2.report").due == day("2008-05-20")
    assert any("s2.requested is not possible" in problem for problem in found.problems)
