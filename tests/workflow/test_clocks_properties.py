"""What holds for every shipped procedure and any course of events."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.cases import ASC, DEFINED, HOUSING, NHS, at
from workflow.clocks import ClockStanding, Happening, Standing, evaluate
from workflow.definition import Procedure
from workflow.procedure import load
from workflow.working_days import calendar_for

ENGLAND = calendar_for("england-and-wales")
BEGIN = at("2025-11-03")
ROUNDS = settings(max_examples=60, deadline=None)


def data_for(procedure: Procedure, name: str, when: Any, number: int) -> dict[str, Any]:
    """Plausible words for any event: sometimes enough for it to count, sometimes not."""
    clocks = [clock.id for clock in procedure.clocks]
    agreed = [{"role": role, "on": str(when.date())} for role in ("complainant", "complaints_manager")]
    return {
        **(DEFINED if number % 4 else {}),
        "clock": clocks[number % len(clocks)],
        "reason": "because",
        "good_reason": "x" * (number % 2),
        "days": number % 30,
        "date": str(when.date() + timedelta(days=number)),
        "agreed": agreed[: number % 3],
    }


def walk(procedure: Procedure, steps: Sequence[tuple[int, int]]) -> list[Happening]:
    """A lawful course of events: at each step one of the moves allowed, some hours or days later."""
    told, when = [Happening("complaint.received", BEGIN)], BEGIN
    for choice, hours in steps:
        when += timedelta(hours=hours)
        moves = evaluate(procedure, told, ENGLAND, when).moves
        name = moves[choice % len(moves)] if moves else "clock.promised"
        told.append(Happening(name, when, data_for(procedure, name, when, choice)))
    return told


def stand(procedure: Procedure, told: Sequence[Happening]) -> Standing:
    return evaluate(procedure, told, ENGLAND, told[-1].at)


COURSES = st.tuples(
    st.sampled_from([ASC, HOUSING, NHS]).map(load),
    st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 24 * 20)), max_size=9),
)


def owed(standing: Standing) -> list[ClockStanding]:
    return [clock for clock in standing.clocks if clock.due]


@given(COURSES)
@ROUNDS
def test_no_date_is_before_its_start_and_working_day_limits_end_on_working_days(course: Any) -> None:
    procedure, steps = course

    for clock in owed(stand(procedure, walk(procedure, steps))):
        assert clock.start
        assert clock.base_due
        assert clock.due
        assert clock.start <= clock.base_due <= clock.due
        if procedure.clock(clock.id).limit.unit == "working_days":
            assert ENGLAND.is_working(clock.due, procedure.non_working)


@given(COURSES)
@ROUNDS
def test_reminders_fall_at_or_before_the_date_and_escalations_after_it(course: Any) -> None:
    procedure, steps = course

    for clock in owed(stand(procedure, walk(procedure, steps))):
        assert clock.due
        assert all(nudge.at <= clock.due for nudge in clock.reminders)
        assert all(nudge.at > clock.due for nudge in clock.escalations)


@given(COURSES)
@ROUNDS
def test_another_event_never_moves_a_clock_already_met(course: Any) -> None:
    procedure, steps = course
    told = walk(procedure, steps)

    for number in range(1, len(told)):
        before, after = stand(procedure, told[:number]), stand(procedure, told[: number + 1])
        for clock in before.clocks:
            if clock.met_at:
                assert after.clock(clock.id) == clock


@given(COURSES)
@ROUNDS
def test_the_same_events_give_the_same_standing_in_whatever_order_they_are_read(course: Any) -> None:
    procedure, steps = course
    told = walk(procedure, steps)

    assert stand(procedure, told) == evaluate(procedure, list(reversed(told)), ENGLAND, told[-1].at)


@given(COURSES)
@ROUNDS
def test_there_is_one_current_stage_and_an_open_case_always_has_a_way_on(course: Any) -> None:
    procedure, steps = course

    standing = stand(procedure, walk(procedure, steps))

    assert standing.stage in {stage.id for stage in procedure.stages}
    assert standing.moves
    assert (standing.state == "closed") <= (standing.next_due is None)


@given(COURSES)
@ROUNDS
def test_every_row_of_every_reckoning_has_a_day_words_and_a_source(course: Any) -> None:
    procedure, steps = course

    for clock in owed(stand(procedure, walk(procedure, steps))):
        assert clock.because[0].date == clock.start
        assert any(row.date == clock.due for row in clock.because)
        assert all(row.text and row.source for row in clock.because)
