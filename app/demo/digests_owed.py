"""The digests that the check on the time-lapse owes to leaders, and what each of them must say."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from app.demo.days import working_days
from app.demo.decisions_owed import Decisions
from app.demo.ledger import NO_CASE, Ledger
from app.demo.ombudsmen_owed import Ombudsmen
from app.demo.owed import Followed
from app.demo.places import Town, Worker
from app.demo.plans_owed import PROVEN, Action, Plans
from app.demo.rules import LEADER

WORKING_DAY = 10  # after the quarter


class Digests:
    """One for each leader and quarter."""

    def __init__(
        self,
        ledger: Ledger,
        plans: Plans,
        cases: Mapping[str, Followed],
        towns: Iterable[Town],
        decisions: Decisions,
        ombudsmen: Ombudsmen,
    ) -> None:
        self._ledger, self._plans, self._cases = ledger, plans, cases
        self._decisions, self._ombudsmen = decisions, ombudsmen
        self._towns = sorted(towns, key=lambda town: town.begins)
        self._last: date | None = None  # the end of the quarter that was told of last

    def look(self, today: date) -> None:
        """On the tenth working day after a quarter, and not of a time before anything was received."""
        end = _quarter_end(today)
        if self._last == end or working_days(end, WORKING_DAY) > today:
            return
        self._last = end
        town = [town for town in self._towns if town.begins <= today][-1]
        for leader in (one for one in town.workers if one.role == LEADER):
            theirs = leader.services or tuple(office.slug for office in town.offices)
            if any(case.service in theirs and case.events["received"] <= end for case in self._cases.values()):
                self._owe(leader, theirs, end, today)

    def _owe(self, leader: Worker, services: tuple[str, ...], end: date, today: date) -> None:
        before = _quarter_end(end)
        overdue = self._ombudsmen.overdue(services, today)
        words = [*self._said(leader, services, before), *self._asked(services),
                 *self._ombudsmen.found(services, before, end), *overdue.values()]  # fmt: skip
        self._ledger.owe_words(today, "digest", leader.email, next(iter(overdue), NO_CASE), *words)

    def _said(self, leader: Worker, services: Iterable[str], before: date) -> Iterable[str]:
        """What changed in the quarter, and each decision that is open or was done since it began."""
        for action in self._actions(services):
            if action.state in PROVEN and any(before < day <= (self._last or day) for day in action.proven_on):
                yield action.what
        yield from self._decisions.told(leader, before)

    def _asked(self, services: Iterable[str]) -> Iterable[str]:
        """An action that did not work is put before them until they have decided on it."""
        return [action.what for action in self._actions(services) if action.state == "failed"]

    def _actions(self, services: Iterable[str]) -> list[Action]:
        lessons = (lesson for lesson in self._plans.lessons.values() if lesson.service in services)
        return [action for lesson in lessons for action in lesson.actions]


def _quarter_end(day: date) -> date:
    """The last day of the quarter before the one that this day is in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
