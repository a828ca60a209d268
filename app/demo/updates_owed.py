"""The letters on what becomes of a complaint, as the check on the time-lapse owes them: on each person's own rhythm."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.demo.ledger import Ledger
from app.demo.owed import Followed
from app.demo.plans_owed import MORNING, Lesson, Plans
from app.demo.story import Deed

UNASKED = 13  # weeks


@dataclass
class Informed:
    """How the person of a case is kept informed. `to` is the mailbox or chat that they chose."""

    weeks: int = UNASKED
    next_on: date | None = None
    has_stopped: bool = False
    to: str = ""
    told_of: set[str] = field(default_factory=set)  # the lessons whose plan they know


class Updates:
    """Everyone behind a lesson."""

    def __init__(self, ledger: Ledger, plans: Plans, cases: Mapping[str, Followed]) -> None:
        self._ledger, self._plans, self._cases = ledger, plans, cases
        self._informed: dict[str, Informed] = {}

    def let_happen(self, deed: Deed) -> None:
        """After the plans know of it."""
        if deed.does in ("agree", "link") and self._plans.lessons[deed.case].is_agreed:
            self._tell(self._plans.lessons[deed.case], deed)
        elif deed.does == "chooses_updates":
            self._choose(self._informed[deed.case], deed)
        elif deed.does == "stops_updates":
            self._informed[deed.case].has_stopped = True
        elif deed.case in self._plans.lessons and "action" in deed.given:
            for case in self._plans.lessons[deed.case].cases:
                if case in self._informed and self._plans.has_ended(case):
                    self._write(case, self._informed[case], deed.at.date())  # at once

    def look(self, today: date) -> None:
        for case, informed in self._informed.items():
            if informed.next_on and informed.next_on <= today:
                self._write(case, informed, today)

    def _tell(self, lesson: Lesson, deed: Deed) -> None:
        """What is intended, once for each plan; from then on the rhythm runs."""
        for case in lesson.cases:
            informed = self._informed.setdefault(case, Informed())
            if lesson.name not in informed.told_of and not informed.has_stopped:
                informed.told_of.add(lesson.name)
                words = [action.what for action in self._plans.behind(case)]
                self._ledger.owe_words(deed.at.date(), "intended", self._to(case), case, *words)
                informed.next_on = informed.next_on or _after(deed.at, informed.weeks)

    def _choose(self, informed: Informed, deed: Deed) -> None:
        if deed.given["channel"] == "none":
            informed.has_stopped = True
            return
        informed.weeks = int(deed.given["weeks"])
        informed.to = deed.chat if deed.given["channel"] == "chat" else deed.address
        informed.next_on = _after(deed.at, informed.weeks)

    def _write(self, case: str, informed: Informed, today: date) -> None:
        """It names everything that was promised, and says what is late; the last one says what has changed."""
        if informed.has_stopped:
            return
        is_over = self._plans.has_ended(case)
        promised = self._plans.behind(case)
        words = [action.what for action in promised]
        if any(action.is_late(today) for action in promised):
            words.append("What is late")
        self._ledger.owe_words(today, "changed" if is_over else "update", self._to(case), case, *words)
        informed.next_on = None if is_over else today + timedelta(weeks=informed.weeks)

    def _to(self, case: str) -> str:
        return self._informed[case].to or self._cases[case].reach


def _after(now: datetime, weeks: int) -> date:
    """The first morning still to come, today's or the one a rhythm later."""
    return now.date() if now.time() < MORNING else now.date() + timedelta(weeks=weeks)
