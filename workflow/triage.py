"""Flagging a case as urgent at once, telling the duty manager, and starting a clock of its own."""

from sqlmodel import col, select

from storage.tables import Case, Deadline, Reminder
from templates.dates import with_time
from templates.places import Link
from templates.writing import phrases, write
from workflow import bodies, outbox, people
from workflow.office import Act
from workflow.outbox import To, Words
from workflow.record import note
from workflow.safety import CLOCK, REVIEW_WITHIN
from workflow.working_days import london


def flag_if_at_risk(act: Act, case: Case, words: str) -> None:
    """Look for words of immediate risk; a person decides what they mean."""
    kinds = act.office.risk_words.found_in(words)
    if kinds:
        flag(act, case, kinds)


def flag(act: Act, case: Case, kinds: tuple[str, ...]) -> None:
    """Flag the case, mail the duty manager, and start the safety clock if it is not running."""
    event = note(act, case, "safety.flagged", data={"kinds": list(kinds)})
    act.session.flush()
    case.urgent_at = case.urgent_at or act.now
    case.urgent_because = ", ".join(in_words(kind) for kind in kinds)
    by = act.now + REVIEW_WITHIN
    clock = _clock(act, case)
    if clock.met_at is not None or clock.due_at is None:
        clock.state, clock.start, clock.due, clock.due_at, clock.met_at = (
            "running",
            london(act.now),
            london(by),
            by,
            None,
        )
        act.session.add(clock)
        act.session.add(
            Reminder(
                key=f"{case.id}:{CLOCK}:alarm:{event.id}",
                case_id=case.id or 0,
                clock=CLOCK,
                kind="alarm",
                at=by,
                due=london(by),
                role="senior_lead",
            )
        )
    facts = {**staff_facts(act, case), "kinds": case.urgent_because, "by": with_time(by)}
    written = write("urgent", facts)
    for manager in people.duty_managers(act.session, case):
        to = To(manager.email, staff_id=manager.id)
        outbox.owe(
            act,
            f"urgent:{event.id}:{manager.id}",
            "urgent",
            to,
            Words(written.subject, written.text, written.html),
            case=case,
        )


def calm(act: Act, case: Case, *, still_urgent: bool) -> None:
    """A person has looked: the safety clock is met, and the flag goes unless they say it stays."""
    clock = _clock(act, case)
    clock.state, clock.met_at, clock.due_at = "met", act.now, None
    act.session.add(clock)
    waiting = select(Reminder).where(
        Reminder.case_id == case.id, Reminder.clock == CLOCK, col(Reminder.done_at).is_(None)
    )
    for reminder in act.session.exec(waiting).all():
        reminder.done_at = act.now
    if not still_urgent:
        case.urgent_at = case.urgent_because = None


def in_words(kind: str) -> str:
    return phrases()["risks"].get(kind, kind.replace("-", " "))


def staff_facts(act: Act, case: Case) -> dict[str, object]:
    """What every mail to staff about a case says: reference, link and whose case, and nothing of the complaint."""
    return {
        "reference": case.reference,
        "link": Link(act.office.link(f"/desk/cases/{case.reference}")),
        "organisation": bodies.organisation(act.session, case.organisation_id).name,
    }


def _clock(act: Act, case: Case) -> Deadline:
    query = select(Deadline).where(Deadline.case_id == case.id, Deadline.clock == CLOCK)
    return act.session.exec(query).first() or Deadline(case_id=case.id or 0, clock=CLOCK, state="running")
