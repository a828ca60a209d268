"""The page of one case: what may be done now, its dates and why, its people, what was said, its story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select
from starlette.responses import Response

from desk import messages, ombudsman, words
from desk.edges import Visit, the_case
from desk.pages import show
from desk.story import story
from learning.lesson.lessons import lessons_of
from learning.ombudsmen.ombudsman import matters_of
from learning.ombudsmen.ombudsman_verbs import OMBUDSMAN
from storage.database import reading
from storage.tables import Case, Deadline, Event, Letter, Message, Organisation, Service, Staff
from workflow import casework
from workflow.casework.situation import Situation, situation
from workflow.decisions import decisions_of, replaced
from workflow.safety import CLOCK as SAFETY
from workflow.standing import Because, ClockStanding
from workflow.subjects import severities, subjects


def case_page(visit: Visit) -> Response:
    """Everything about a case, for whoever works on it."""
    with reading(visit.door.engine) as session:
        case = the_case(visit, session)
        now_there = situation(session, case, visit.now)
        may = casework.allowed(visit.me.actor, now_there)
        said = messages.messages(session, case, visit.me)
        name = visit.request.query_params.get("done", "")
        return show(
            "case",
            visit.me,
            case=case,
            there=now_there,
            done=casework.VERBS.get(name) or OMBUDSMAN.get(name),
            service=session.get_one(Service, case.service_id).name,
            organisation=session.get_one(Organisation, case.organisation_id).name,
            handler=_name(session, case.handler_id),
            dates=dates(now_there),
            safety_by=_safety(session, case),
            actions=[casework.VERBS[name] for name, why_not in may.items() if why_not is None],
            closed_off=[(casework.VERBS[name], why_not) for name, why_not in may.items() if why_not],
            messages=said,
            writers={one.number: one for one in said if not one.is_ours},
            held=messages.held(session, case),
            story=story(session, case),
            seen_event=last_event(session, case),
            leaving=_leaving(session, now_there.letters),
            words=words,
            lessons=lessons_of(session, case),
            matters=ombudsman.shown(session, case, visit.now),
            of_ombudsman=ombudsman.possible(visit, session, matters_of(session, case)),
            about=_about(case),
            decisions=decisions_of(session, case),
            replaced=replaced,
        )


@dataclass(frozen=True)
class Dated:
    """One clock of the procedure, with the reckoning behind its date."""

    title: str
    state: str
    is_late: bool
    is_owed: bool
    due: date | None
    base_due: date | None
    promised: date | None
    met_at: datetime | None
    provisional: bool
    because: Sequence[Because]


def dates(now_there: Situation) -> list[Dated]:
    """The clocks that have begun, or are expected to, in the procedure's own order."""
    return [_dated(now_there, clock) for clock in now_there.standing.clocks if clock.state != "not_started"]


def last_event(session: Session, case: Case) -> int:
    """The number of the last event: whoever saw it has seen the case as it is."""
    return session.exec(select(func.max(Event.id)).where(Event.case_id == case.id)).one() or 0


def _dated(now_there: Situation, clock: ClockStanding) -> Dated:
    return Dated(
        now_there.procedure.clock(clock.id).title,
        words.state(clock.state),
        clock.state == "overdue",
        clock.is_owed,
        clock.due,
        clock.base_due if clock.base_due != clock.due else None,
        clock.promised,
        clock.met_at,
        clock.provisional,
        clock.because,
    )


@dataclass(frozen=True)
class Leaving:
    """A letter that can still be taken back."""

    letter: int
    kind: str
    at: datetime | None  # None: by post, when a person takes it there


def _leaving(session: Session, letters: Sequence[Letter]) -> list[Leaving]:
    waiting = [letter for letter in letters if not (letter.relayed_at or letter.recalled_at)]
    query = select(Message).where(
        col(Message.letter_id).in_([letter.id for letter in waiting]), col(Message.closed_at).is_(None)
    )
    going = {message.letter_id: message for message in session.exec(query)}
    return [
        Leaving(letter.id or 0, letter.kind, None if message.channel == "post" else message.send_after)
        for letter in waiting
        if (message := going.get(letter.id)) is not None and message.lease is None
    ]


def _name(session: Session, staff_id: int | None) -> str:
    staff = session.get(Staff, staff_id) if staff_id else None
    return staff.name if staff else ""


def _about(case: Case) -> str:
    """Its subject and severity, if a person has said them."""
    subject = subjects().get(case.subject or "", "")
    return f"{subject}. Severity {severities()[str(case.severity)]}" if subject and case.severity else subject


def _safety(session: Session, case: Case) -> datetime | None:
    """By when a person must have looked at an urgent case."""
    query = select(Deadline.due_at).where(Deadline.case_id == case.id, Deadline.clock == SAFETY)
    return session.exec(query).first()
