"""The digests that the check on the time-lapse owes to leaders, and the decisions that each of them must bring back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.demo.days import working_days
from app.demo.ledger import NO_CASE, Ledger
from app.demo.owed import Followed
from app.demo.places import Town, Worker
from app.demo.plans_owed import PROVEN, Action, Plans
from app.demo.rules import LEADER
from app.demo.story import Deed

WORKING_DAY = 10  # after the quarter


@dataclass
class Decision:
    """What a leader decided, and what became of it."""

    words: str
    body: str
    outcome: str = ""
    done_on: date | None = None


class Digests:
    """One for each leader and quarter."""

    def __init__(self, ledger: Ledger, plans: Plans, cases: Mapping[str, Followed], towns: Iterable[Town]) -> None:
        self._ledger, self._plans, self._cases = ledger, plans, cases
        self._towns = sorted(towns, key=lambda town: town.begins)
        self._decisions: dict[tuple[str, str], Decision] = {}
        self._last: date | None = None  # the end of the quarter that was told of last

    def let_happen(self, deed: Deed) -> None:
        if deed.does == "decides":
            leader = next(one for town in self._towns for one in town.workers if one.first_name == deed.who)
            self._decisions[deed.case, deed.given["about"]] = Decision(deed.given["decision"], leader.body)
            if deed.given["owner"] != leader.email:
                due = date.fromisoformat(deed.given["due"])
                words = deed.given["decision"]
                self._ledger.owe_words(deed.at.date(), "review", deed.given["owner"], NO_CASE, words, due=due)
        elif deed.does == "reports_decision":
            decision = self._decisions[deed.case, deed.given["about"]]
            decision.outcome, decision.done_on = deed.given["outcome"], deed.at.date()

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
                words = [*self._said(leader, theirs, _quarter_end(end)), *self._asked(theirs)]
                self._ledger.owe_words(today, "digest", leader.email, NO_CASE, *words)

    def _said(self, leader: Worker, services: Iterable[str], before: date) -> Iterable[str]:
        """What changed in the quarter, and each decision that is open or was done since it began."""
        for action in self._actions(services):
            if action.state in PROVEN and any(before < day <= (self._last or day) for day in action.proven_on):
                yield action.what
        for decision in self._decisions.values():
            is_theirs = decision.body == leader.body or not leader.services
            if is_theirs and (decision.done_on is None or decision.done_on > before):
                yield from filter(None, (decision.words, decision.outcome))

    def _asked(self, services: Iterable[str]) -> Iterable[str]:
        """An action that did not work is put before them until they have decided on it."""
        return [action.what for action in self._actions(services) if action.state == "failed"]

    def _actions(self, services: Iterable[str]) -> list[Action]:
        lessons = (lesson for lesson in self._plans.lessons.values() if lesson.service in services)
        return [action for lesson in lessons for action in lesson.actions]


def _quarter_end(day: date) -> date:
    """The last day of the quarter before the one that this day is in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
