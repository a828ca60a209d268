"""The recommendations of ombudsmen that the check on the time-lapse watches: whom it reminds, and what digests ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from app.clock import LONDON
from app.demo.days import working_days
from app.demo.ledger import Ledger
from app.demo.owed import Followed
from app.demo.rules import HANDLER, LEADER, MANAGER
from app.demo.story import Deed

MORNING = time(8)
NUDGES = (  # working days from the date, and who is told
    ("recommendation_reminder", -10, (HANDLER, MANAGER)), ("recommendation_reminder", 0, (HANDLER, MANAGER)),
    ("recommendation_escalation", 1, (HANDLER, MANAGER)), ("recommendation_escalation", 5, (LEADER,)),
)  # fmt: skip
FINDINGS = {"service_failure": "Service failure", "maladministration": "Maladministration"}
Holding = Callable[[Followed, str], list[str]]


@dataclass
class Recommended:
    """What an ombudsman recommended, and since when it has been done."""

    text: str
    due: date
    complied_on: date | None = None
    told: set[date] = field(default_factory=set)


@dataclass
class Matter:
    """An ombudsman's work on one case."""

    finding: str = ""
    decided_on: date | None = None
    recommended: list[Recommended] = field(default_factory=list)


class Ombudsmen:
    """`holding` gives who has a role on a case."""

    def __init__(self, ledger: Ledger, cases: Mapping[str, Followed], holding: Holding) -> None:
        self._ledger, self._cases, self._holding = ledger, cases, holding
        self._matters: dict[str, Matter] = {}

    def let_happen(self, deed: Deed) -> None:
        today, given = deed.at.date(), deed.given
        if deed.does == "ombudsman_take_up":
            self._matters[deed.case] = Matter()
        elif deed.does == "ombudsman_record_finding":
            matter = self._matters[deed.case]
            matter.finding, matter.decided_on = FINDINGS[given["finding"]], today
        elif deed.does == "ombudsman_correct":  # in this story always the finding
            matter = self._matters[deed.case]
            matter.finding, matter.decided_on = "", None
        elif deed.does == "ombudsman_recommend":
            self._matters[deed.case].recommended.append(Recommended(given["text"], date.fromisoformat(given["due"])))
        elif deed.does == "ombudsman_comply":
            self._matters[deed.case].recommended[-1].complied_on = today
        self.look(deed.at)

    def look(self, now: datetime) -> None:
        """Reminders and escalations that are due by now."""
        for name, matter in self._matters.items():
            for one in matter.recommended:
                if one.complied_on is None:
                    self._nudge(self._cases[name], one, now)

    def _nudge(self, case: Followed, one: Recommended, now: datetime) -> None:
        for kind, offset, roles in NUDGES:
            day = working_days(one.due, offset) if offset else one.due
            if day in one.told or datetime.combine(day, MORNING, LONDON) > now:
                continue
            one.told.add(day)
            if kind == "recommendation_reminder" and day < now.date():
                continue  # its day had passed before it was known
            for who in sorted({who for role in roles for who in self._holding(case, role)}):
                self._ledger.owe_words(now.date(), kind, who, case.name, one.text, due=one.due)

    def found(self, services: tuple[str, ...], after: date, until: date) -> list[str]:
        """What a digest says that they found in its quarter, and how many recommendations were complied with in it."""
        mine = [matter for name, matter in self._matters.items() if self._cases[name].service in services]
        found = [one.finding for one in mine if one.decided_on and after < one.decided_on <= until]
        done = [one for matter in mine for one in matter.recommended
                if one.complied_on and after < one.complied_on <= until]  # fmt: skip
        late = sum(one.complied_on > one.due for one in done if one.complied_on)
        counted = {"Complied with in time": len(done) - late, "Complied with late": late}
        return [*found, *(f"{what}: Number {number}." for what, number in counted.items() if done)]

    def overdue(self, services: tuple[str, ...], today: date) -> dict[str, str]:
        """What a digest made today asks about: by case, which it leads to, what was recommended."""
        return {
            name: one.text
            for name, matter in self._matters.items()
            for one in matter.recommended
            if self._cases[name].service in services and one.complied_on is None and one.due < today
        }
