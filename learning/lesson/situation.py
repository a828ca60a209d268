"""A lesson, or one of its actions, with all that decides what may be done with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from learning.plan import smart
from learning.plan.smart import Missing, Owner
from storage.tables import Action, ActionPlan, Case, Lesson, LessonCase, LessonLearner, Staff

Sees = Callable[[str], Case | None]  # the case with this reference, if whoever acts may know of it


def sees_none(_reference: str) -> None:
    """For acts that link no case."""


@dataclass(frozen=True)
class LessonNow:
    """One lesson at one moment."""

    lesson: Lesson
    plan: ActionPlan | None
    actions: Sequence[Action]
    learners: Sequence[LessonLearner]
    cases: Sequence[tuple[LessonCase, Case]]
    owners: Mapping[int, Owner]  # by number of the staff
    today: date
    sees: Sees = field(default=sees_none)

    @property
    def id(self) -> int:
        assert self.lesson.id is not None
        return self.lesson.id

    def owner_of(self, staff_id: int | None) -> Owner | None:
        return self.owners.get(staff_id) if staff_id else None

    def lacks(self, action: Action) -> list[Missing]:
        """What an action lacks before the plan can be agreed; nothing once it was agreed."""
        owner = self.owner_of(action.owner_id)
        return smart.of_action(action, owner, self.today) if action.state == "drafted" else []

    @property
    def plan_lacks(self) -> list[Missing]:
        """What the plan lacks beside its actions."""
        alive = [action for action in self.actions if action.state != "dropped"]
        return smart.of_plan(self.plan, alive, self.owner_of(self.plan.owner_id if self.plan else None))


@dataclass(frozen=True)
class ActionNow:
    """One action at one moment."""

    action: Action
    plan: ActionPlan
    lesson: Lesson
    today: date


def lesson_now(session: Session, lesson: Lesson, today: date, sees: Sees = sees_none) -> LessonNow:
    """Everything that may matter about a lesson."""
    plan = session.exec(select(ActionPlan).where(ActionPlan.lesson_id == lesson.id)).first()
    actions = session.exec(_actions(plan)).all() if plan else []
    learners = select(LessonLearner).where(LessonLearner.lesson_id == lesson.id).order_by(col(LessonLearner.id))
    linked = select(LessonCase, Case).join(Case, col(LessonCase.case_id) == Case.id)
    linked = linked.where(LessonCase.lesson_id == lesson.id).order_by(col(LessonCase.id))
    ids = {plan.owner_id if plan else None, *(action.owner_id for action in actions)} - {None}
    return LessonNow(
        lesson=lesson,
        plan=plan,
        actions=actions,
        learners=session.exec(learners).all(),
        cases=session.exec(linked).all(),
        owners=owners(session, {id_ for id_ in ids if id_}),
        today=today,
        sees=sees,
    )


def action_now(session: Session, action: Action, today: date) -> ActionNow:
    """Everything that may matter about an action."""
    plan = session.get_one(ActionPlan, action.plan_id)
    return ActionNow(action, plan, session.get_one(Lesson, plan.lesson_id), today)


def owners(session: Session, ids: set[int]) -> dict[int, Owner]:
    """The names of these members of staff, and whether they are still here."""
    found = session.exec(select(Staff).where(col(Staff.id).in_(ids))) if ids else ()
    return {staff.id or 0: Owner(staff.name, staff.disabled_at is None) for staff in found}


def _actions(plan: ActionPlan) -> SelectOfScalar[Action]:
    return select(Action).where(Action.plan_id == plan.id).order_by(col(Action.id))
