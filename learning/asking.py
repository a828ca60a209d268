"""What figures are asked for: of which services, for which time, seen when and by whom."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col

from learning.behind import rules
from learning.quarters import Period
from learning.scopes import Scope
from learning.survey_results import FLOOR
from storage.tables import Case
from workflow.working_days import london


@dataclass(frozen=True)
class Ask:
    """Figures of a scope and period, as they stand at `now`; surveys of fewer than `floor` people are not shown."""

    session: Session
    scope: Scope
    period: Period
    now: datetime
    floor: int = FLOOR

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
