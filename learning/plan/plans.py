"""The life of an action: drafted, agreed, in progress, done, checked, embedded; or failed, or dropped."""

from functools import cache
from typing import Any

from transitions import EventData, Machine

from storage.tables import Action

STATES = ("drafted", "agreed", "in_progress", "done", "checked", "embedded", "failed", "dropped")
ENDED = ("embedded", "dropped")

# what happens, from which states, to which (None: it stays where it is)
MOVES: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
    ("agree", ("drafted",), "agreed"),
    ("start", ("agreed",), "in_progress"),
    ("report", ("in_progress",), None),
    ("finish", ("in_progress",), "done"),
    ("pass_check", ("done",), "checked"),
    ("audit_again", ("checked", "embedded"), None),
    ("embed", ("checked",), "embedded"),
    ("fail", ("done", "checked", "embedded"), "failed"),
    ("take_up", ("failed",), "in_progress"),
    ("drop", ("drafted", "agreed", "in_progress", "done", "failed"), "dropped"),
)
STAMPS = {"in_progress": "started_at", "done": "done_at", "checked": "checked_at", "embedded": "embedded_at",
          "failed": "failed_at", "dropped": "dropped_at"}  # fmt: skip


class IllegalStep(ValueError):
    """An action can't do this where it is now."""


def move(action: Action, step: str, **facts: Any) -> None:
    """Let an action make this step; `now` among the facts is when. Raises IllegalStep where it may not."""
    if not may(action.state, step):
        raise IllegalStep(f"{step} is not possible for an action that is {action.state.replace('_', ' ')}")
    _machine().events[step].trigger(action, **facts)


def may(state: str, step: str) -> bool:
    """Whether an action in this state may make this step."""
    return any(name == step and state in sources for name, sources, _ in MOVES)


@cache
def _machine() -> Machine:
    """One Machine for all actions; it keeps nothing of any of them."""
    machine = Machine(None, states=list(STATES), initial="drafted", send_event=True, auto_transitions=False,
                      after_state_change=_stamp)  # fmt: skip
    for name, sources, dest in MOVES:
        machine.add_transition(name, list(sources), dest)
    return machine


def _stamp(event: EventData) -> None:
    """Keep when the action came to where it is."""
    assert event.transition is not None
    stamp = STAMPS.get(event.transition.dest or "")
    if stamp:
        setattr(event.model, stamp, event.kwargs["now"])
