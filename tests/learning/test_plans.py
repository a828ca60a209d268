"""The life of an action: what may follow what, and when each was reached."""

from datetime import UTC, datetime

import pytest

from learning.plan import plans
from learning.plan.plans import IllegalStep
from storage.tables import Action

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STEPS = [name for name, _, _ in plans.MOVES]


def action(state: str) -> Action:
    return Action(plan_id=1, organisation_id=1, service_id=1, state=state)


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        ("drafted", ["agree", "drop"]),
        ("agreed", ["start", "drop"]),
        ("in_progress", ["report", "finish", "drop"]),
        ("done", ["pass_check", "fail", "drop"]),
        ("checked", ["audit_again", "embed", "fail"]),
        ("embedded", ["audit_again", "fail"]),
        ("failed", ["take_up", "drop"]),
        ("dropped", []),
    ],
)
def test_what_may_be_done_with_an_action_depends_on_where_it_is(state: str, steps: list[str]) -> None:
    assert [step for step in STEPS if plans.may(state, step)] == steps


@pytest.mark.parametrize("state", plans.STATES)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_made_or_refused_and_then_nothing_changed(state: str, step: str) -> None:
    one = action(state)

    if plans.may(state, step):
        plans.move(one, step, now=NOW)
        assert one.state == next(dest or state for name, _, dest in plans.MOVES if name == step)
    else:
        with pytest.raises(IllegalStep):
            plans.move(one, step, now=NOW)
        assert one.state == state


def test_an_action_keeps_when_it_came_to_where_it_is() -> None:
    one = action("in_progress")

    plans.move(one, "finish", now=NOW)

    assert (one.state, one.done_at, one.checked_at) == ("done", NOW, None)


def test_every_state_can_be_reached() -> None:
    assert {"drafted", *(dest for _, _, dest in plans.MOVES if dest)} == set(plans.STATES)
