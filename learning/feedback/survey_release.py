"""Which survey answers may be shown: sums of at least so many people's, so that none can be worked out by difference.

Every figure shown is a sum of *blocks*, each of `floor` answers or more to one item; an answer is in one block at most.
Whatever two figures are taken from each other, what is left is whole blocks again. A service's answers of a quarter are
a block where they are enough; those that are too few wait, with those of the body's other services, until together they
are, and are then shown with the whole body only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

Key = tuple[str, int, str]  # group, organisation, item


@dataclass(frozen=True)
class Tally:
    """How many said what to one item, in one quarter, of one service; service None: of no service in particular."""

    group: str
    organisation_id: int
    service_id: int | None
    quarter: str
    item: str
    agree: int = 0
    neither: int = 0
    disagree: int = 0

    @property
    def answers(self) -> int:
        return self.agree + self.neither + self.disagree


def released(tallies: Iterable[Tally], floor: int) -> list[Tally]:
    """The blocks that may be shown, dated by the quarter that made them enough. Pure.

    `tallies` must hold every quarter since the first, and only quarters that are over: one that still grows would tell
    each new answer by the difference to yesterday.
    """
    by_key: dict[Key, list[Tally]] = defaultdict(list)
    for tally in tallies:
        by_key[tally.group, tally.organisation_id, tally.item].append(tally)
    return [block for key in sorted(by_key) for block in _of_one(by_key[key], floor)]


def _of_one(tallies: list[Tally], floor: int) -> Iterator[Tally]:
    """The blocks of one item of one group of one organisation."""
    waiting: Tally | None = None
    by_quarter: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        by_quarter[tally.quarter].append(tally)
    for quarter in sorted(by_quarter):
        for tally in _by_service(by_quarter[quarter]):
            if tally.service_id is not None and tally.answers >= floor:
                yield tally
            else:
                waiting = _added(waiting, replace(tally, service_id=None))
        if waiting is not None and waiting.answers >= floor:
            yield replace(waiting, quarter=quarter)
            waiting = None


def _by_service(tallies: list[Tally]) -> Iterator[Tally]:
    """One tally a service, however many rows they came in."""
    of: dict[int | None, Tally] = {}
    for tally in tallies:
        of[tally.service_id] = _added(of.get(tally.service_id), tally)
    yield from of.values()


def _added(one: Tally | None, other: Tally) -> Tally:
    if one is None:
        return other
    return replace(
        one,
        agree=one.agree + other.agree,
        neither=one.neither + other.neither,
        disagree=one.disagree + other.disagree,
    )
