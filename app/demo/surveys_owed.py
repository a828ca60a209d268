"""The surveys that a story owes, to people whose case was closed and to staff: the rules a second time, by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from app.demo.ledger import NO_CASE, Ledger
from app.demo.owed import Followed
from app.demo.places import Town
from app.demo.rules import HANDLER, MANAGER

AFTER_CLOSING, REMIND_AFTER = timedelta(days=7), timedelta(days=10)


@dataclass
class Survey:
    """One that is on its way: when its next mail goes, and to whom; without a mailbox, to the person of the case."""

    on: date
    mailbox: str = ""
    case: Followed | None = None
    is_reminder: bool = False

    @property
    def to(self) -> str:
        return self.mailbox or (self.case.reach if self.case else "")

    @property
    def is_wanted(self) -> bool:
        return bool(self.to) and (self.is_reminder or self.case is None or self.case.state == "closed")


class Surveys:
    """All of them, morning by morning."""

    def __init__(self, ledger: Ledger, towns: Iterable[Town], first: date) -> None:
        self._ledger = ledger
        self._towns = sorted(towns, key=lambda town: town.begins)
        self._waiting: list[Survey] = []
        self._asked_in = _quarter(first)  # staff are not asked about a quarter before we began

    def closed(self, case: Followed, on: date) -> None:
        """A week later those of the case are asked, and those of its colleagues whom it was about."""
        self._waiting.append(Survey(on + AFTER_CLOSING, case=case))
        self._waiting += [Survey(on + AFTER_CLOSING, email, case) for email in case.colleagues]

    def answered(self, to: str) -> None:
        """Who has answered is not reminded."""
        self._waiting = [survey for survey in self._waiting if not (survey.to == to and survey.is_reminder)]

    def look(self, today: date) -> None:
        if _quarter(today) != self._asked_in:
            self._asked_in = _quarter(today)
            self._waiting += [Survey(today, mailbox) for mailbox in self._staff(today)]
        due = [survey for survey in self._waiting if survey.on <= today]
        self._waiting = [survey for survey in self._waiting if survey.on > today]
        for survey in due:
            self._send(survey, today)

    def _send(self, survey: Survey, today: date) -> None:
        """Asked once, reminded once."""
        if survey.is_wanted:
            self._ledger.owe_on(today, "survey_reminder" if survey.is_reminder else "survey", survey.to, NO_CASE)
            if not survey.is_reminder:
                self._waiting.append(Survey(today + REMIND_AFTER, survey.mailbox, survey.case, is_reminder=True))

    def _staff(self, today: date) -> list[str]:
        """Those who deal with complaints in the town that there is now."""
        there = [town for town in self._towns if town.begins <= today][-1]
        return [one.email for one in there.workers if one.role in (HANDLER, MANAGER)]


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3
