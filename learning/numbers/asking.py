"""What figures are asked for: of which services, for which time, seen when and by whom."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from learning.feedback.survey_results import FLOOR
from learning.numbers.behind import rules
from learning.numbers.suppression import is_small
from learning.quarters import Period
from learning.scopes import Scope
from storage.tables import Case
from workflow.working_days import london

Found = TypeVar("Found")


@dataclass(frozen=True)
class Ask:
    """Figures of a scope and period, as they stand at `now`; surveys of fewer than `floor` people are not shown."""

    session: Session
    scope: Scope
    period: Period
    now: datetime
    floor: int = FLOOR
    leads: bool = True  # whoever does not is told nothing of grievances and whistleblowing, not even how many
    counted: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, what: Hashable, count: Callable[[], Found]) -> Found:
        """What several tables are made of is counted once."""
        if what not in self.counted:
            self.counted[what] = count()
        found: Found = self.counted[what]
        return found

    @property
    def has_months_beside(self) -> bool:
        """Whether its reader, from outside, has the months of these quarters too, with small numbers hidden in them."""
        return self.scope.is_seen_from_outside and self.scope.sees_months and self.period.is_whole_quarters

    def of(self, period: Period) -> "Ask":
        """The same question about another period."""
        return replace(self, period=period, counted={})

    def hides(self, *numbers: int) -> bool:
        """Whether one of these numbers of complaints is too small to be told to a reader from another body."""
        return self.scope.is_seen_from_outside and any(is_small(number) for number in numbers)

    @property
    def today(self) -> date:
        return london(self.now)

    @property
    def periods(self) -> tuple[Period, Period, Period]:
        """This one, the one before, and the same one a year before."""
        return self.period, self.period.before, self.period.a_year_before

    def counting(self, count: str, period: Period | None = None) -> list[ColumnElement[bool]]:
        """The conditions of the cases that a count counts, in this scope."""
        return [col(Case.service_id).in_(self.scope.services), *rules(count, period or self.period, self.now)]
