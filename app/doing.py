"""Doing casework from the command line: who acts, on which case, and rebuilding projections."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlmodel import Session, col, select

from app import clock, settings
from app.case_rows import find
from app.commands.foreseen import Unknown
from app.house import House, opened
from app.people import user
from storage.database import reading, writing
from storage.migrate import check
from storage.tables import Case, Deadline, Message, Reminder
from workflow import casework
from workflow.casework import VERBS, Refused
from workflow.casework.situation import situation
from workflow.checklist import LetterIncomplete
from workflow.office import Act, Actor
from workflow.record import bring_up_to_date
from workflow.working_days import london


@contextmanager
def at_work(now: str | None, *, write: bool) -> Iterator[tuple[House, Session]]:
    """The installation and a session, at the time that was asked for."""
    with at_house(now) as house, (writing if write else reading)(house.engine) as session:
        yield house, session


@contextmanager
def at_house(now: str | None) -> Iterator[House]:
    """The installation at the time that was asked for, its tables checked."""
    try:
        at = clock.SimulatedClock(clock.parse(now)) if now else clock.now
    except ValueError as error:
        raise Unknown(str(error)) from None
    with opened(settings.load(), at) as house:
        check(house.engine)
        yield house


def staff_actor(session: Session, email: str) -> Actor:
    """The member of staff with this address, who acts. Raises Unknown."""
    who = user(session, email)
    if who.disabled_at is not None:
        raise Unknown(f"{email} is disabled")
    return Actor(who.name, who.id, who.role)


def do(house: House, session: Session, reference: str, verb: str, given: Mapping[str, str], email: str) -> str:
    """Do a verb as a member of staff; gives the line to print. Raises Refused or Unknown, saying why."""
    by = staff_actor(session, email)
    if verb not in VERBS:
        raise Unknown(f"There is no verb {verb}. There are: {', '.join(VERBS)}")
    case = find(session, reference)
    act = house.act(session, by)
    if london(act.now) < london(case.received_at):
        raise Unknown(f"{case.reference} came in on {london(case.received_at)}: nothing can be done before that day")
    _do(act, case, verb, given)
    return f"{case.reference}: {VERBS[verb].title} done.{_of_its_letters(act, case, verb)}"


def _of_its_letters(act: Act, case: Case, verb: str) -> str:
    """What becomes of the letters that it owes: told as it is, for some can't be sent."""
    kinds = VERBS[verb].letters
    owed = select(Message.channel).where(Message.case_id == case.id, col(Message.kind).in_(kinds))
    ways = set(act.session.exec(owed.where(Message.created_at == act.now))) if kinds else set()
    said = {
        "sent": f"A letter goes out in {act.office.recall_for.seconds} seconds, at the next tick.",
        "post": "A letter waits to be printed and posted.",
        "none": "Its letter can't be sent: a task on the case says why.",
    }
    told = [said["sent"]] * bool(ways - {"post"}) + [said["post"]] * ("post" in ways)
    return "".join(f" {one}" for one in told or ([said["none"]] if kinds else []))


def _do(act: Act, case: Case, verb: str, given: Mapping[str, str]) -> None:
    """Do it with the fields that it has now, no others: a slip in a name would lose what was written."""
    now_there = situation(act.session, case, act.now)
    if why_not := casework.allowed(act.by, now_there)[verb]:
        raise Refused(why_not)
    fields = [field.name for field in VERBS[verb].fields(act, now_there)]
    has = f"It has: {', '.join(fields)}" if fields else "It has none"
    if unknown := [name for name in given if name not in fields]:
        raise Unknown(f"{verb} has no field {unknown[0]}. {has}")
    try:
        casework.do(act, case, verb, given)
    except (Refused, LetterIncomplete) as refused:
        if getattr(refused, "field", verb) is None:
            raise
        raise Refused(f"{str(refused).rstrip('.')}. Fields of {verb}: {', '.join(fields) or 'none'}") from None


def replay(house: House, session: Session, reference: str | None) -> tuple[list[str], int]:
    """Rebuild projections from events; gives what differed, and how many cases were looked at."""
    query = select(Case).order_by(col(Case.id))
    cases = [find(session, reference)] if reference else session.exec(query).all()
    changed, now = [], house.clock()
    for case in cases:
        before = _projected(session, case)
        bring_up_to_date(session, case, now)
        session.flush()
        after = _projected(session, case)
        changed += [
            f"{case.reference}: {name} was {before.get(name)}, is {after.get(name)}"
            for name in sorted({*before, *after})
            if before.get(name) != after.get(name)
        ]
    return changed, len(cases)


def _projected(session: Session, case: Case) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: getattr(case, name) for name in ("stage", "state", "outcome", "next_due", "next_clock")
    }
    for row in session.exec(select(Deadline).where(Deadline.case_id == case.id)):
        # That a date has passed is the time's doing: a tick marks it, and a rebuild changes nothing by it.
        state = "owed" if row.state in ("running", "projected", "overdue") else row.state
        found[row.clock] = (state, row.start, row.base_due, row.due, row.promised, row.due_at, row.met_at)
    for reminder in session.exec(select(Reminder.key).where(Reminder.case_id == case.id)):
        found[f"reminder {reminder}"] = True
    return found
