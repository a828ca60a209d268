"""Every state, step and event of lessons and actions has words that staff can read."""

import pytest

from desk import words as desk_words
from learning.plan import plans
from learning.plan.dates import NUDGES
from learning.plan.reminding import DATE_OF
from learning.plan.smart import ELEMENTS
from learning.verbs import ACTION_VERBS, LESSON_VERBS
from learning.words import said

EVENTS = sorted({name for verbs in (LESSON_VERBS, ACTION_VERBS) for verb in verbs.values() for name in verb.events})
BESIDE = ("lesson.written", "plan.closed", "plan.reopened", "action.reminder", "action.escalation")


@pytest.mark.parametrize("name", [*EVENTS, *BESIDE])
def test_every_event_is_told_in_words(name: str) -> None:
    assert name in desk_words.said()["event"]


def test_every_state_and_step_has_its_word() -> None:
    steps = {*DATE_OF, "reopen"}

    assert set(said()["state"]) == set(plans.STATES)
    assert set(said()["step"]) == steps == set(said()["to_do"])
    assert set(said()["why_told"]) == {role for _, _, roles in NUDGES for role in roles}


def test_every_element_says_what_to_do_when_it_is_missing() -> None:
    assert set(ELEMENTS) - {"owner"} <= set(said()["smart"])
    assert set(ELEMENTS.values()) == set(range(1, 10))
