"""A quarter of complaints for tests of figures: rows as casework leaves them, made in one line each."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session, SQLModel, select

from learning.numbers.asking import Ask
from learning.quarters import parse
from learning.scopes import Scope, scope_of
from storage.database import reading, writing
from storage.tables import Action, ActionPlan, Case, Deadline, Head, Lesson, LessonCase, Organisation, Service, Staff
from tests.town import Town, at
from workflow import procedure as procedures
from workflow.working_days import late_from

RULE = "housing-ombudsman-code-2024"


@dataclass
class Quarter:
    """The housing association of the town and its leader Olu, in July to September 2026, looked at in October."""

    town: Town
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def homes(self) -> int:
        return self._id(Organisation, "homes")

    @property
    def repairs(self) -> int:
        return self._id(Service, "repairs")

    @property
    def olu(self) -> Staff:
        with reading(self.town.engine) as session:
            return session.exec(select(Staff).where(Staff.email == "olu@town.example")).one()

    def complaint(
        self,
        received: str,
        *,
        closed: str | None = None,
        service: int | None = None,
        heads: tuple[tuple[str, str | None, int | None], ...] = (),
        acknowledged: str | None = None,
        due: str | None = None,
        **columns: Any,
    ) -> Case:
        """One complaint; `heads`: decision, kind of remedy, pence. `due`: its date to acknowledge."""
        number = next(self.numbers)
        case = Case(
            reference=f"RD-TEST-{number:04}", organisation_id=self.homes, service_id=service or self.repairs,
            procedure=RULE, procedure_hash=procedures.load(RULE).hash, received_at=at(received),
            **{"channel": "email", "stage": "s1", "summary": f"complaint {number}", **columns},
        )  # fmt: skip
        if closed:
            case.state, case.closed_at, case.outcome = "closed", at(closed), columns.get("outcome", "answered")
        with writing(self.town.engine) as session:
            session.add(case)
            session.flush()
            session.add_all(_head(case, *one) for one in heads)
            if due:
                session.add(_deadline(case, date.fromisoformat(due), at(acknowledged) if acknowledged else None))
        return case

    def complaints(self, number: int, received: str, **columns: Any) -> list[Case]:
        return [self.complaint(received, **columns) for _ in range(number)]

    def action(
        self, what: str, state: str, *, cases: tuple[Case, ...] = (), systemic: bool = False, **columns: Any
    ) -> Action:
        """An action with its lesson and plan, in any state."""
        with writing(self.town.engine) as session:
            lesson = Lesson(organisation_id=self.homes, service_id=self.repairs, title=f"Lesson of: {what}",
                            what_happened="It broke.", is_systemic=systemic, written_at=at("2026-05-01"))  # fmt: skip
            session.add(lesson)
            session.flush()
            plan = ActionPlan(lesson_id=lesson.id or 0, drafted_at=at("2026-05-01"), agreed_at=at("2026-05-02"))
            session.add(plan)
            session.flush()
            session.add_all(LessonCase(lesson_id=lesson.id or 0, case_id=one.id or 0, linked_at=at("2026-05-01"))
                            for one in cases)  # fmt: skip
            row = Action(plan_id=plan.id or 0, organisation_id=self.homes, service_id=self.repairs, what=what,
                         state=state, **columns)  # fmt: skip
            session.add(row)
        return row

    def keep(self, *rows: SQLModel) -> None:
        with writing(self.town.engine) as session:
            session.add_all(rows)

    @contextmanager
    def asking(self, period: str = "2026Q2", *, who: Staff | None = None, now: datetime | None = None) -> Iterator[Ask]:
        """Figures of a period, as a leader asks for them."""
        with reading(self.town.engine) as session:
            yield Ask(session, self.scope(session, who), parse(period), now or self.town.now)

    def scope(self, session: Session, who: Staff | None = None) -> Scope:
        return scope_of(session, session.get_one(Staff, (who or self.olu).id))

    def _id(self, table: type[Organisation] | type[Service], slug: str) -> int:
        with reading(self.town.engine) as session:
            return session.exec(select(table.id).where(table.slug == slug)).one() or 0


def quarter(town: Town) -> Quarter:
    """A town whose housing association has a leader of its own, Olu."""
    found = Quarter(town)
    found.keep(Staff(organisation_id=found.homes, email="olu@town.example", name="Olu Ade", role="leader"))
    return found


def _head(case: Case, outcome: str, remedy: str | None, pence: int | None) -> Head:
    return Head(case_id=case.id or 0, text="It broke", stage="s1", outcome=outcome, remedy_kind=remedy,
                remedy_pence=pence)  # fmt: skip


def _deadline(case: Case, due: date, met_at: datetime | None) -> Deadline:
    is_late = met_at is not None and met_at >= late_from(due)
    state = "running" if met_at is None else "met_late" if is_late else "met"
    return Deadline(case_id=case.id or 0, clock="s1.acknowledge", state=state, start=due - timedelta(days=7),
                    base_due=due, due=due, due_at=None if met_at else late_from(due), met_at=met_at)  # fmt: skip
