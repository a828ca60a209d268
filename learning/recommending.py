"""When an ombudsman's recommendation is due: who is reminded before it and on it, and who is told when it is late."""

from collections.abc import Iterator

from sqlmodel import col, select

from learning.figure_words import name_of
from storage.tables import Case, Event, OmbudsmanMatter, Recommendation, Reminder
from templates.dates import with_weekday
from templates.writing import write
from workflow import bodies, outbox, people, tasks, triage
from workflow.office import Act
from workflow.outbox import To, Words
from workflow.projection import morning
from workflow.record import lock_if_free, note
from workflow.reminders import Kind
from workflow.working_days import calendar_for, london

TASK = ABOUT = CLOCK = "recommendation"

# kind, working days from the date (before it when negative), and who is told: our own rule, as for actions
NUDGES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("reminder", -10, ("handler", "complaints_manager")),
    ("reminder", 0, ("handler", "complaints_manager")),
    ("escalation", 1, ("handler", "complaints_manager")),
    ("escalation", 5, ("senior_lead",)),
)


def project(act: Act, case: Case, row: Recommendation) -> None:
    """Rewrite the reminders of a recommendation that are still to come, after each change; none once it ended."""
    act.session.flush()
    wanted = {one.key: one for one in _reminders(act, case, row)} if _is_open(row) else {}
    query = select(Reminder).where(Reminder.about == ABOUT, Reminder.about_id == row.id)
    existing = {one.key: one for one in act.session.exec(query)}
    for key, one in existing.items():
        if one.done_at is None and key not in wanted:
            act.session.delete(one)
    today = london(act.now)
    new = (one for key, one in wanted.items() if key not in existing)
    # A reminder whose day had passed before it was known would only confuse; an escalation is still due.
    act.session.add_all(one for one in new if one.kind == "escalation" or london(one.at) >= today)


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
        "text": row.text,
        "due": with_weekday(due.due),
        "because": list(_because(act, case, row)),
    }
    written = write(f"recommendation_{due.kind}", facts)
    told = people.holding(act.session, case, due.role)
    for one in told:
        # One mail a person and day, though they hold several of the roles, or several are due after an outage.
        key = f"recommendation_{due.kind}:{row.id}:{due.due}:{london(act.now):%Y%m%d}:{one.id}"
        words = Words(written.subject, written.text, written.html)
        outbox.owe(act, key, f"recommendation_{due.kind}", To(one.email, staff_id=one.id), words, case=case)
    if not told:
        words_ = f"Nobody could be told of a {due.kind} of a recommendation. Give this service a manager."
        tasks.add(act, case, "nobody_told", f"nobody_told:recommendation:{row.id}:{due.role}", words_)
    data = {"date": due.due.isoformat(), "recommendation": row.id, "role": due.role, "told": [one.id for one in told]}
    note(act, case, f"recommendation.{due.kind}", data=data)


RECOMMENDATION = Kind(locked, is_owed, tell)


def _is_open(row: Recommendation) -> bool:
    return row.complied_at is None and row.declined_at is None


def _reminders(act: Act, case: Case, row: Recommendation) -> Iterator[Reminder]:
    calendar = calendar_for(bodies.organisation(act.session, case.organisation_id).nation)
    if row.due is None:
        return
    for kind, days, roles in NUDGES:
        on = calendar.add(row.due, days)
        for role in roles:
            yield Reminder(
                key=f"{ABOUT}:{row.id}:{kind}:{row.due}:{on}:{role}",
                about=ABOUT,
                about_id=row.id,
                clock=CLOCK,
                kind=kind,
                at=morning(on),
                due=row.due,
                role=role,
            )


def _because(act: Act, case: Case, row: Recommendation) -> Iterator[str]:
    """How the date came about: who wrote it down, who moved it since and why, and the rule of who is told when."""
    names = ("recommendation.made", "recommendation.moved")
    query = select(Event).where(Event.case_id == case.id, col(Event.name).in_(names)).order_by(col(Event.id))
    for event in act.session.exec(query):
        if event.data.get("recommendation") == row.id:
            moved = event.name == "recommendation.moved"
            what = f"moved the date: {event.because}" if moved else "wrote the recommendation and its date down"
            yield f"{with_weekday(event.at)}: {event.by} {what}"
    yield "Reminders go 10 working days before the date and on it; when it is late, managers, then leaders"
