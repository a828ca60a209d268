"""What may be done with a lesson or an action: asked for by a form, allowed or not, and written down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from workflow.casework import Field, Refused
from workflow.casework.verb import Given, day, needed, text, yes
from workflow.office import Act, Actor

__all__ = ["ALL", "ANSWERABLE", "Field", "Given", "Refused", "Verb", "day", "may_not", "needed", "text", "yes"]

ALL = ("handler", "manager", "leader", "administrator")
ANSWERABLE = ("manager", "leader", "administrator")
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Verb(Generic[Thing]):
    """One thing that can be done with a lesson or an action, as the desk and the command line know it."""

    name: str
    title: str
    does: str
    act: Callable[[Act, Thing, Given], object]
    fields: Callable[[Act, Thing], tuple[Field, ...]]
    may: Callable[[Act, Thing], str | None]  # why not; None when it may be done
    events: tuple[str, ...]
    roles: tuple[str, ...] = ALL
    is_draft: bool = False  # what is left empty can be filled in later, or stays as it is


def may_not(act: Act, verb: Verb[Thing], thing: Thing) -> str | None:
    """Why this person can't do this now; None when they can."""
    if act.by.role and act.by.role not in verb.roles:
        return f"Only a {' or '.join(verb.roles[:2])} can do this."
    return verb.may(act, thing)


def is_someone_else(by: Actor, staff_id: int | None) -> bool:
    """Whether this is another person; the system and the command line's own user count as another."""
    return by.staff_id is None or by.staff_id != staff_id
