"""Work costs what is due, not what exists."""

import pytest

from tests.figures.tick_rows import steps_of_an_idle_tick


@pytest.mark.only_on("sqlite")
def test_a_tick_with_nothing_due_looks_at_no_more_when_there_are_more_cases() -> None:
    assert steps_of_an_idle_tick(100) == steps_of_an_idle_tick(3_000)
