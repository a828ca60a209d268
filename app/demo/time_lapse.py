"""Half a year in two minutes: the story is played on a simulated clock through the code that runs in earnest."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from app.case_rows import case as case_row
from app.clock import LONDON, SimulatedClock
from app.demo import places
from app.demo.citizens import Citizens
from app.demo.expected import MORNING, REVIEW
from app.demo.learners import LEARNING
from app.demo.mailbox import slow_to_take
from app.demo.ombudsmen import OF_OMBUDSMEN
from app.demo.ordinary import ordinary
from app.demo.places import Town
from app.demo.staff import StaffAtWork
from app.demo.stage import Stage, stage
from app.demo.story import BY_CITIZENS, END, OPENS, Deed, in_order, played_days, told
from app.doing import replay
from storage.database import reading, writing
from storage.tables import Task
from workflow.casework import VERBS

TOWNS: tuple[Town, ...] = (places.RIVERBANK, places.RIVERSIDE)
LEAVES = timedelta(seconds=61)  # a letter can be recalled for a minute
AGAIN = timedelta(minutes=5)  # by then a mail that was turned away once has been tried again


class Unplayable(Exception):
    """A line of the story that could not be played; the text holds the line, and why."""


@dataclass
class Played:
    """What came of it: every case as `redress case show` has it, by its name in the story."""

    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed_by_replay: list[str] = field(default_factory=list)
    verbs: set[str] = field(default_factory=set)
    unfinished: int = 0  # chats begun and never sent that staff are shown
    actions: dict[tuple[str, int], str] = field(default_factory=dict)  # by lesson and number, how they stand
    learnt: dict[str, int] = field(default_factory=dict)  # how many lessons, answers to surveys, decisions
    seconds: float = 0.0


def the_story() -> list[Deed]:
    """The tales, and the many complaints that go as they should."""
    return in_order(chain(told(), ordinary()))


async def play(folder: Path, deeds: Sequence[Deed], tell: Callable[[int, int], None], database_url: str = "") -> Played:
    """Play the story; `tell(done, of)` hears how far it is. The mails are in `folder/mails` afterwards."""
    began = time.monotonic()
    clock = SimulatedClock(deeds[0].at)
    async with stage(folder, clock, slow_to_take(list(deeds)), database_url) as there:
        towns = Towns(there)
        company = Company(there, deeds)
        moments = list(_moments(deeds))
        for number, (at, deed) in enumerate(moments):
            clock.at = at
            towns.open(at.date())
            if deed is not None:
                await asyncio.to_thread(company.do, deed)
            if deed is None and at.astimezone(LONDON).time() == MORNING:
                await there.morning()
            elif deed is None or deed.does not in (
                *VERBS,
                *LEARNING,
                *OF_OMBUDSMEN,
            ):  # what these owe leaves a minute later
                await there.tick()
            tell(number + 1, len(moments))
        played = await asyncio.to_thread(company.told)
        await asyncio.to_thread(there.messenger.chats.write_down, folder / "chats")
    played.seconds = round(time.monotonic() - began, 1)
    return played


class Towns:
    """The bodies of the story, each from the day on which it begins; then those before it have ended."""

    def __init__(self, there: Stage) -> None:
        self._house, self._to_come, self._open = there.house, list(TOWNS), list[Town]()

    def open(self, today: date) -> None:
        while self._to_come and self._to_come[0].begins <= today:
            for town in self._open:
                places.leave(self._house, town)
            self._open = [self._to_come.pop(0)]
            places.settle(self._house, self._open[0])


class Company:
    """Everyone in the story: citizens outside, staff inside."""

    def __init__(self, there: Stage, deeds: Sequence[Deed]) -> None:
        self._house, self._deeds = there.house, deeds
        self._citizens = Citizens(there.smtp, there.web, there.mailboxes, there.messenger.chats)
        self._staff = StaffAtWork(there.house, TOWNS, self._citizens.reference)
        self._about = {deed.case: deed.given["about"] for deed in deeds if deed.does in OPENS}

    def do(self, deed: Deed) -> None:
        """One line of the story. What can't be done is an error with that line in it."""
        try:
            if deed.does in BY_CITIZENS or deed.does == "mail_bounces":
                self._citizens.do(deed)
            else:
                self._staff.do(deed, self._about.get(deed.case, ""))
        except Exception as error:
            raise Unplayable(f"this line of the story could not be played: {deed}: {error}") from error

    def told(self) -> Played:
        """How every case stands at the end, and whether replaying its events changes anything."""
        played = Played(verbs={deed.does for deed in self._deeds})
        with reading(self._house.engine) as session:
            for name in self._about:
                reference = self._citizens.reference(name)
                played.cases[name] = case_row(session, self._house.clock(), reference)
            left = select(func.count(col(Task.id))).where(Task.kind == "unfinished", col(Task.done_at).is_(None))
            played.unfinished = session.exec(left).one()
        played.actions, played.learnt = self._staff.learners.told()
        with writing(self._house.engine) as session:
            played.changed_by_replay, _ = replay(self._house, session, None)
        return played


def _moments(deeds: Sequence[Deed]) -> Iterator[tuple[datetime, Deed | None]]:
    """Each deed, the moments after it at which something may be due, each morning, and the end."""
    ticks = {END, *(datetime.combine(day, MORNING, LONDON) for day in played_days())}
    slow = {deed.case for deed in deeds if "greylists" in deed.given}
    for deed in deeds:
        ticks |= {deed.at + LEAVES}
        ticks |= {deed.at + AGAIN} if deed.case in slow else set()
        ticks |= {deed.at + REVIEW} if "danger" in deed.given else set()
    everything: list[tuple[datetime, Deed | None]] = [*((at, None) for at in ticks), *((one.at, one) for one in deeds)]
    yield from sorted((one for one in everything if deeds[0].at <= one[0] <= END), key=lambda one: one[0])
