"""Which stage a case is at, what may happen next, and what may not."""

from datetime import datetime

import pytest

from tests.workflow.cases import ASC, HOUSING, NHS, acknowledged, on, stand
from workflow.clocks import Happening
from workflow.procedure import load, shipped
from workflow.stages import IllegalMove, UnknownEvent, stages_of

RECEIVED = on("complaint.received", "2026-01-05")
ANSWERED = [RECEIVED, acknowledged("2026-01-06"), on("s1.response_sent", "2026-01-12")]
FINAL = [
    *ANSWERED, on("s2.requested", "2026-01-20"), acknowledged("2026-01-21", "s2"), on("s2.response_sent", "2026-02-02"),
]  # fmt: skip
PANEL = [
    on("complaint.received", "2008-03-14"), on("s1.outcome_sent", "2008-03-20"), on("s2.requested", "2008-04-14"),
    on("s2.adjudication_sent", "2008-05-02"), on("s3.requested", "2008-05-12"), on("s3.panel_held", "2008-06-02"),
]  # fmt: skip


def test_before_anything_happens_only_a_complaint_can_come() -> None:
    found = stand(HOUSING)

    assert (found.stage, found.state, found.moves) == ("s1", "open", ("complaint.received",))


def test_an_answer_leaves_the_case_open_until_it_is_closed() -> None:
    answered = stand(HOUSING, *ANSWERED)
    closed = stand(HOUSING, *ANSWERED, on("complaint.closed", "2026-01-13"))

    assert (answered.state, answered.outcome, answered.answered) == ("open", "answered", ("s1",))
    assert (closed.state, closed.outcome) == ("closed", "answered")
    assert "s2.requested" in answered.moves
    assert "s1.response_sent" not in answered.moves


def test_the_next_stage_may_be_asked_for_even_after_the_case_was_closed() -> None:
    found = stand(HOUSING, *ANSWERED, on("complaint.closed", "2026-01-13"), on("s2.requested", "2026-03-02"))

    assert (found.stage, found.state, found.outcome, found.answered) == ("s2", "open", None, ("s1",))


@pytest.mark.requirement("R169")
def test_the_next_stage_can_not_be_asked_for_before_the_answer() -> None:
    with pytest.raises(IllegalMove, match=r"s2\.requested is not possible while the case is at s1; possible now:"):
        stand(HOUSING, RECEIVED, on("s2.requested", "2026-01-07"))


@pytest.mark.requirement("R168")
def test_time_running_out_opens_stage_2_where_the_procedure_says_so() -> None:
    received = on("complaint.received", "2008-03-14")

    found = stand(ASC, received, on("s2.requested", "2008-04-02"), now="2008-04-03")

    assert (found.stage, found.clock("s1.conclude").state) == ("s2", "stopped")
    with pytest.raises(IllegalMove):
        stand(ASC, received, on("s2.requested", "2008-04-01"))


def test_a_later_extension_does_not_make_an_earlier_request_unlawful() -> None:
    later = on("clock.extended", "2008-04-10", clock="s1.conclude", reason="late")

    found = stand(ASC, on("complaint.received", "2008-03-14"), on("s2.requested", "2008-04-02"), later)

    assert found.stage == "s2"
    assert found.problems == ("“Conclude local resolution” was not extended: the clock had stopped",)


def test_moves_offer_stage_2_from_the_day_the_time_has_run_out() -> None:
    received = on("complaint.received", "2008-03-14")

    assert "s2.requested" not in stand(ASC, received, now="2008-04-01").moves
    assert "s2.requested" in stand(ASC, received, now="2008-04-02").moves


@pytest.mark.requirement("R178")
def test_findings_without_recommendations_answer_the_panel_stage() -> None:
    found = stand(ASC, *PANEL, on("s3.findings_sent", "2008-06-05", has_recommendations=False))

    assert found.answered == ("s1", "s2", "s3")
    assert found.clock("s3.response").state == "not_started"


@pytest.mark.requirement("R178")
def test_findings_with_recommendations_leave_a_response_owed() -> None:
    findings = on("s3.findings_sent", "2008-06-05", has_recommendations=True)

    waiting = stand(ASC, *PANEL, findings, now="2008-06-06")
    done = stand(ASC, *PANEL, findings, on("s3.response_sent", "2008-06-20"))

    assert (waiting.answered, waiting.clock("s3.response").state) == (("s1", "s2"), "running")
    assert (done.answered, done.clock("s3.response").state) == (("s1", "s2", "s3"), "met")


@pytest.mark.parametrize("ending", ["withdrawn", "refused", "refiled"])
def test_a_case_may_end_early_and_be_reopened_where_it_was(ending: str) -> None:
    ended = [RECEIVED, on(f"complaint.{ending}", "2026-01-07")]

    over = stand(HOUSING, *ended)
    again = stand(HOUSING, *ended, on("complaint.reopened", "2026-01-08"), now="2026-01-09")

    assert (over.stage, over.state, over.outcome) == ("s1", "closed", ending)
    assert {each.state for each in over.clocks} == {"stopped", "not_started"}
    assert over.next_due is None
    assert (again.stage, again.state, again.outcome) == ("s1", "open", None)
    assert again.clock("s1.acknowledge").start == RECEIVED.at.date()


def test_a_closed_case_reopened_is_answered_still() -> None:
    found = stand(HOUSING, *ANSWERED, on("complaint.closed", "2026-01-13"), on("complaint.reopened", "2026-01-14"))

    assert (found.state, found.outcome, found.answered) == ("open", "answered", ("s1",))


def test_after_the_final_answer_a_person_is_signposted_to_the_ombudsman() -> None:
    found = stand(HOUSING, *FINAL, on("complaint.signposted", "2026-02-10"))

    assert (found.stage, found.state, found.outcome) == ("ombudsman", "closed", "signposted")


def test_a_case_the_ombudsman_sends_back_is_reopened_as_answered() -> None:
    signposted = [*FINAL, on("complaint.signposted", "2026-02-10"), on("complaint.reopened", "2026-03-02")]

    assert (stand(HOUSING, *signposted).stage, stand(HOUSING, *signposted).outcome) == ("s2", "answered")


def test_being_told_of_the_ombudsman_because_we_are_late_ends_no_duty() -> None:
    found = stand(HOUSING, RECEIVED, on("complaint.signposted", "2026-01-20"))

    assert (found.stage, found.state) == ("s1", "open")
    assert found.clock("s1.acknowledge").state == "overdue"


def test_a_person_may_be_told_of_the_ombudsman_as_often_as_they_ask() -> None:
    asks = [on("complaint.signposted", f"2026-03-{number:02}") for number in range(1, 31)]

    found = stand(HOUSING, RECEIVED, *asks)  # each looks back at the clocks: this must not multiply

    assert found.state == "open"


def test_nobody_is_signposted_from_the_middle_of_a_stage_that_is_in_time() -> None:
    with pytest.raises(IllegalMove):
        stand(HOUSING, RECEIVED, on("complaint.signposted", "2026-01-06"))


def test_a_refusal_or_a_refused_request_opens_the_way_to_the_ombudsman() -> None:
    refused = stand(HOUSING, RECEIVED, on("complaint.refused", "2026-01-06"), on("complaint.signposted", "2026-01-06"))
    no_stage_2 = [*ANSWERED, on("request.refused", "2026-01-20")]

    assert refused.outcome == "signposted"
    assert stand(HOUSING, *no_stage_2, on("complaint.signposted", "2026-01-21")).outcome == "signposted"
    with pytest.raises(IllegalMove):
        stand(HOUSING, *ANSWERED, on("complaint.signposted", "2026-01-21"))


@pytest.mark.requirement("R186")
def test_going_straight_to_the_ombudsman_needs_a_reason() -> None:
    received = on("complaint.received", "2008-03-14")

    found = stand(ASC, received, on("complaint.signposted", "2008-03-17", reason="same matter is with them"))

    assert (found.stage, found.outcome) == ("ombudsman", "signposted")
    with pytest.raises(IllegalMove):
        stand(ASC, received, on("complaint.signposted", "2008-03-17"))


def test_a_name_the_procedure_does_not_know_is_refused_in_words() -> None:
    with pytest.raises(
        UnknownEvent, match=r"nhs-asc-england-2009 has no event 's2.requested'; known are .*s1.acknowledged"
    ):
        stand(NHS, RECEIVED, on("s2.requested", "2026-01-06"))


def test_the_same_answer_can_not_be_sent_twice() -> None:
    with pytest.raises(IllegalMove, match=r"s1 \(answered\)"):
        stand(HOUSING, *ANSWERED, on("s1.response_sent", "2026-01-13"))


@pytest.mark.parametrize("procedure_id", shipped())
def test_every_end_of_a_shipped_procedure_tells_of_an_ombudsman_or_a_next_stage(procedure_id: str) -> None:
    procedure = load(procedure_id)
    edges = stages_of(procedure).edges

    for stage in procedure.worked_stages:
        names = {edge.event for edge in edges[f"{stage.id}:answered"]}
        assert "complaint.signposted" in names or any(name.endswith(".requested") for name in names)


def test_one_machine_serves_every_case_of_a_procedure_and_keeps_none() -> None:
    stand(HOUSING, *FINAL)

    assert stages_of(load(HOUSING)) is stages_of(load(HOUSING))
    assert stages_of(load(HOUSING)).machine.models == []


def test_an_event_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        Happening("complaint.received", datetime(2026, 1, 5))
