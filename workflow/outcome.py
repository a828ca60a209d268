"""What the decisions on the heads of a complaint amount to: all, some or none of it upheld."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

Overall = Literal["upheld", "partly_upheld", "not_upheld"]


def overall(outcomes: Sequence[str | None], known: Sequence[Mapping[str, Any]]) -> Overall | None:
    """The outcome of a complaint from those of its heads; None while a head is undecided, or there is none.

    `known` are the procedure's outcomes. A head counts as well founded where its outcome says so, or where it is
    upheld in whole or part; `partly_upheld` on one head alone makes the whole partly upheld. A head that was
    withdrawn is left out: all heads withdrawn leave nothing to count.
    """
    if not outcomes or any(outcome is None for outcome in outcomes):
        return None
    counted = [outcome for outcome in outcomes if outcome != "withdrawn"]
    founded = [outcome for outcome in counted if outcome and is_well_founded(outcome, known)]
    if not counted:
        return None
    if not founded:
        return "not_upheld"
    return "upheld" if len(founded) == len(counted) and "partly_upheld" not in founded else "partly_upheld"


def is_well_founded(outcome: str, known: Sequence[Mapping[str, Any]]) -> bool:
    """Whether this outcome means that something was found to have gone wrong, by the procedure or by its name."""
    for one in known:
        if one["id"] == outcome and "well_founded" in one:
            return bool(one["well_founded"])
    return outcome in ("upheld", "partly_upheld")
