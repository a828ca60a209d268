"""The five ways in which someone can take part in the learning: offered, agreed to one by one, withdrawn, arranged."""

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from learning.afterwards import changes
from learning.afterwards.consent import STORY
from learning.public import publishing
from learning.record import note
from storage.tables import ActionPlan, Case, Involvement, Participant, Staff, Task
from workflow import record, tasks
from workflow.office import Act

# The guide's five; what each is called stands in templates/updates.
WAYS = ("review", "training", "visit", "story", "audit")
IN_WORDS = {
    "review": "help with a review of guidance, policies or procedures",
    "training": "help to develop a training plan",
    "visit": "visit to see the changes in action",
    "story": "share their story",
    "audit": "take part in monitoring or audit",
}


def consented(session: Session, participant_id: int | None) -> list[str]:
    """The ways that someone has agreed to and not withdrawn from."""
    return [way for way in WAYS if any(one.way == way for one in open_ones(session, participant_id))]


def open_ones(session: Session, participant_id: int | None) -> Sequence[Involvement]:
    """Each consent that stands, one for each plan."""
    query = select(Involvement).where(
        Involvement.participant_id == participant_id,
        col(Involvement.consent_at).is_not(None),
        col(Involvement.withdrawn_at).is_(None),
    )
    return session.exec(query.order_by(col(Involvement.id))).all()


def choose(act: Act, participant: Participant, ways: Collection[str]) -> None:
    """Someone agrees to take part in these ways and in no others: consent is recorded, or withdrawn, one by one.

    Each new consent is a task for whoever owns the plan. Raises ValueError for a way that there is not.
    """
    if unknown := set(ways) - set(WAYS):
        raise ValueError(f"there is no such way: {', '.join(sorted(unknown))}")
    case = record.lock(act.session, participant.case_id)
    there = open_ones(act.session, participant.id)
    for row in there:
        if row.way not in ways:
            _withdraw(act, case, row)
    for plan in changes.plans_of(act.session, participant.case_id):
        for way in WAYS:
            if way in ways and not any(row.way == way and row.plan_id == plan.id for row in there):
                _consent(act, case, participant, plan, way)


def _consent(act: Act, case: Case, participant: Participant, plan: ActionPlan, way: str) -> None:
    row = Involvement(participant_id=participant.id or 0, lesson_id=plan.lesson_id, plan_id=plan.id, way=way,
                      offered_at=plan.agreed_at, consent_at=act.now)  # fmt: skip
    act.session.add(row)
    act.session.flush()
    owner = act.session.get(Staff, plan.owner_id) if plan.owner_id else None
    whose = owner.name if owner else "The owner of the plan"
    text = f"{whose}: the {participant.role} agreed to {IN_WORDS[way]}. Arrange it."
    data = {"involvement": row.id, "plan": plan.id, "staff": plan.owner_id}
    tasks.add(act, case, "involve", _key(row), text, data)
    record.note(act, case, "involvement.consented", data={"way": way, "participant": participant.id})
    note(act, plan.lesson_id, "person.involved", data={"case": case.reference, "way": way})


def _withdraw(act: Act, case: Case, row: Involvement) -> None:
    """They no longer wish it: what was not arranged yet is not; where it was, its owner must know."""
    row.withdrawn_at = act.now
    act.session.add(row)
    task = act.session.exec(select(Task).where(Task.key == _key(row))).first()
    if task is not None and task.done_at is None:
        task.done_at = act.now
        act.session.add(task)
    else:
        text = f"The person no longer wants to {IN_WORDS[row.way]}. Stop what was arranged, and use it no longer."
        tasks.add(act, case, "involve", f"{_key(row)}:withdrawn", text, {"involvement": row.id})
    if row.way == STORY:
        act.session.flush()
        publishing.withdraw_story(act, case.id)
    record.note(act, case, "involvement.withdrawn", data={"way": row.way, "participant": row.participant_id})
    if row.lesson_id is not None:
        note(act, row.lesson_id, "person.withdrew", data={"case": case.reference, "way": row.way})


def _key(row: Involvement) -> str:
    return f"involve:{row.id}"
