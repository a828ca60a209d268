"""Reminders for a date of ours: who is told before it, on it and after it; renewed when the date changes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlmodel import select

from storage.tables import Case, Reminder, Staff
from templates.writing import Written
from workflow import bodies, outbox
from workflow.office import Act
from workflow.outbox import To, Words
from workflow.projection import morning
from workflow.working_days import calendar_for, london

# kind, working days from the date (before it when negative), and who is told
Nudge = tuple[str, int, tuple[str, ...]]


def nudges(
    act: Act, organisation_id: int, key: str, about: tuple[str, int], clock: str, due: date, when: Sequence[Nudge]
) -> Iterator[Reminder]:
    """Every reminder and escalation of one date, in working days of the organisation; `key` begins each one's own."""
    calendar = calendar_for(bodies.organisation(act.session, organisation_id).nation)
    for kind, days, roles in when:
        on = calendar.add(due, days)
        for role in roles:
            yield Reminder(
                key=f"{key}:{kind}:{due}:{on}:{role}",
                about=about[0],
                about_id=about[1],
                clock=clock,
                kind=kind,
                at=morning(on),
                due=due,
                role=role,
            )


def renew(act: Act, about: tuple[str, int], wanted: Iterable[Reminder]) -> None:
    """Rewrite the reminders of a thing that are still to come, after each change; those that went stay as they are."""
    rows = {row.key: row for row in wanted}
    query = select(Reminder).where(Reminder.about == about[0], Reminder.about_id == about[1])
    existing = {row.key: row for row in act.session.exec(query)}
    for key, row in existing.items():
        if row.done_at is None and key not in rows:
            act.session.delete(row)
    today = london(act.now)
    act.session.add_all(row for key, row in rows.items() if key not in existing and _is_wanted(row, today))


def write_to(
    act: Act, told: Iterable[Staff], kind: str, about: str, written: Written, case: Case | None = None
) -> None:
    """Owe each of them this reminder or escalation of what it is about."""
    words = Words(written.subject, written.text, written.html)
    for one in told:
        # One mail a person and day, though they hold several of the roles, or several are due after an outage.
        key = f"{kind}:{about}:{london(act.now):%Y%m%d}:{one.id}"
        outbox.owe(act, key, kind, To(one.email, staff_id=one.id), words, case=case)


def _is_wanted(row: Reminder, today: date) -> bool:
    """A reminder whose day had passed before it was known would only confuse; an escalation is still due."""
    return row.kind == "escalation" or london(row.at) >= today
