"""When an ombudsman's recommendation is due: who is reminded before it and on it, and who is told when it is late."""

from collections.abc import Iterator

from sqlmodel import col, select

from learning.lesson.told import behind
from learning.nudging import Nudge, nudges, renew, write_to
from learning.numbers.figure_words import name_of
from storage.tables import Case, Event, OmbudsmanMatter, Recommendation, Reminder
from templates.dates import with_weekday
from templates.writing import write
from workflow import people, tasks, triage
from workflow.office import Act
from workflow.record import lock_if_free, note
from workflow.reminders import Kind

TASK = ABOUT = CLOCK = "recommendation"

# Our own rule, as for actions.
NUDGES: tuple[Nudge, ...] = (
    ("reminder", -10, ("handler", "complaints_manager")),
    ("reminder", 0, ("handler", "complaints_manager")),
    ("escalation", 1, ("handler", "complaints_manager")),
    ("escalation", 5, ("senior_lead",)),
)


def project(act: Act, case: Case, row: Recommendation) -> None:
    """Rewrite the reminders of a recommendation that are still to come, after each change; none once it ended."""
    act.session.flush()
    about = (ABOUT, row.id or 0)
    if row.due is None or not _is_open(row):
        renew(act, about, ())
        return
    renew(act, about, nudges(act, case.organisation_id, f"{ABOUT}:{row.id}", about, CLOCK, row.due, NUDGES))


def task_key(row: Recommendation) -> str:
    """The key of the task that asks for it to be complied with."""
    return f"{TASK}:{row.id}"


def locked(act: Act, recommendation_id: int) -> Recommendation | None:
    """The recommendation, its case locked; None at once where another has that."""
    query = select(OmbudsmanMatter.case_id).join(Recommendation).where(Recommendation.id == recommendation_id)
    case_id = act.session.exec(query).first()
    if case_id is None or lock_if_free(act.session, case_id) is None:
        return None
    return act.session.get(Recommendation, recommendation_id, populate_existing=True)


def is_owed(_act: Act, row: Recommendation, due: Reminder) -> bool:
    """Whether it is still to be complied with, by that date."""
    return _is_open(row) and row.due == due.due


def tell(act: Act, row: Recommendation, due: Reminder) -> None:
    """Write to everyone whom this reminder or escalation is for; a task says so where there is nobody."""
    matter = act.session.get_one(OmbudsmanMatter, row.matter_id)
    case = act.session.get_one(Case, matter.case_id)
    facts = {
        **triage.staff_facts(act, case),
        "body": name_of("body", matter.body),
        "text": behind(act.session, [case.id]).out_of(row.text),
        "due": with_weekday(due.due),
        "because": list(_because(act, case, row)),
    }
    written = write(f"recommendation_{due.kind}", facts)
    told = people.holding(act.session, case, due.role)
    write_to(act, told, f"recommendation_{due.kind}", f"{row.id}:{due.due}", written, case=case)
    if not told:
        words_ = f"Nobody could be told of a {due.kind} of a recommendation. Give this service a manager."
        tasks.add(act, case, "nobody_told", f"nobody_told:recommendation:{row.id}:{due.role}", words_)
    data = {"date": due.due.isoformat(), "recommendation": row.id, "role": due.role, "told": [one.id for one in told]}
    note(act, case, f"recommendation.{due.kind}", data=data)


RECOMMENDATION = Kind(locked, is_owed, tell)


def _is_open(row: Recommendation) -> bool:
    return row.complied_at is None and row.declined_at is None


def _because(act: Act, case: Case, row: Recommendation) -> Iterator[str]:
    """How the date came about: who wrote it down, who moved it since and why, and the rule of who is told when."""
    who, names = behind(act.session, [case.id]), ("recommendation.made", "recommendation.moved")
    query = select(Event).where(Event.case_id == case.id, col(Event.name).in_(names)).order_by(col(Event.id))
    for event in act.session.exec(query):
        if event.data.get("recommendation") == row.id:
            moved = f"moved the date: {who.out_of(event.because)}"
            what = moved if event.name == "recommendation.moved" else "wrote the recommendation and its date down"
            yield f"{with_weekday(event.at)}: {event.by} {what}"
    yield "Reminders go 10 working days before the date and on it; when it is late, managers, then leaders"
