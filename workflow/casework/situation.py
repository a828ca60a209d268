"""A case with all that decides what may be done with it: standing, procedure, heads, people, letters on their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.tables import Case, CaseRole, Contact, Head, Letter, Organisation, Participant, Task
from workflow import bodies
from workflow import procedure as procedures
from workflow.definition import Letter as LetterRule
from workflow.definition import Procedure, Stage
from workflow.happenings import Happening
from workflow.projection import morning
from workflow.record import happenings, standing_by
from workflow.standing import Standing
from workflow.working_days import london

ANSWERS = ("response_sent", "outcome_sent", "adjudication_sent")


@dataclass(frozen=True)
class Situation:
    """One case at one moment."""

    case: Case
    organisation: Organisation
    procedure: Procedure
    told: Sequence[Happening]  # the events that its procedure counts by, in order
    standing: Standing
    heads: Sequence[Head]
    participants: Sequence[Participant]
    letters: Sequence[Letter]
    roles: Sequence[CaseRole]
    tasks: Sequence[Task]
    held: Sequence[Contact]

    @property
    def stage(self) -> Stage:
        return self.procedure.stage(self.standing.stage)

    @property
    def is_open(self) -> bool:
        return self.standing.state == "open"

    def may_move(self, event: str) -> bool:
        return event in self.standing.moves

    def letter_on(self, *steps: str) -> LetterRule | None:
        """The present stage's letter for one of these steps, such as acknowledged."""
        wanted = {f"{self.stage.id}.{step}" for step in steps}
        return next((letter for letter in self.stage.letters if letter.on in wanted), None)

    def on_its_way(self, event: str) -> bool:
        """A letter that will write this event has been approved and has not left yet."""
        return any(
            letter.on_relayed == event and not (letter.relayed_at or letter.recalled_at or letter.not_served_at)
            for letter in self.letters
        )

    def has_left(self, event: str) -> bool:
        """A letter that wrote this event has left, and has not come back."""
        return any(
            letter.on_relayed == event and letter.relayed_at and not letter.not_served_at for letter in self.letters
        )

    def on_day(self, day: date | None, now: datetime) -> datetime:
        """When what is written down now for a day counts: that morning, but after what else was done that day."""
        if day is None or day >= london(now):
            return now
        return max([morning(day), *(happening.at for happening in self.told if london(happening.at) == day)])

    @property
    def answered_at(self) -> datetime | None:
        """When the present stage's answer left, if it has."""
        names = {f"{self.stage.id}.{step}" for step in (*ANSWERS, "findings_sent")}
        if self.stage.id not in self.standing.answered:
            return None
        return max((happening.at for happening in self.told if happening.name in names), default=None)

    @property
    def handler_roles(self) -> tuple[str, ...]:
        """What whoever deals with the present stage is called from the next one on."""
        own = (f"{self.stage.id}.handler", f"{self.stage.id}.{self.stage.handler.get('role', 'handler')}")
        return tuple(dict.fromkeys(own))

    def earlier_part(self, staff_id: int | None) -> str | None:
        """The role, such as s1.handler, that bars this person from considering the complaint at the present stage."""
        barred = self.stage.handler.get("independent_of", ())
        held = (each.role for each in self.roles if staff_id is not None and each.staff_id == staff_id)
        return next((role for role in held if role in barred), None)

    def task(self, kind: str) -> Task | None:
        return next((task for task in self.tasks if task.kind == kind), None)


def roles_of(session: Session, case: Case) -> Sequence[CaseRole]:
    """Who holds, or held, which role on a case, in the order in which they took it."""
    return session.exec(select(CaseRole).where(CaseRole.case_id == case.id).order_by(col(CaseRole.id))).all()


def situation(session: Session, case: Case, now: datetime) -> Situation:
    """Everything a verb may want to know of the case."""
    procedure = procedures.load(case.procedure)
    told = happenings(session, case, procedure)
    return Situation(
        case=case,
        organisation=bodies.organisation(session, case.organisation_id),
        procedure=procedure,
        told=told,
        standing=standing_by(session, case, procedure, told, now),
        heads=session.exec(select(Head).where(Head.case_id == case.id).order_by(col(Head.id))).all(),
        participants=session.exec(
            select(Participant).where(Participant.case_id == case.id).order_by(col(Participant.id))
        ).all(),
        letters=session.exec(select(Letter).where(Letter.case_id == case.id).order_by(col(Letter.id))).all(),
        roles=roles_of(session, case),
        tasks=session.exec(
            select(Task).where(Task.case_id == case.id, col(Task.done_at).is_(None)).order_by(col(Task.id))
        ).all(),
        held=session.exec(
            select(Contact)
            .where(Contact.case_id == case.id, col(Contact.held_because).is_not(None), Contact.standing == "waiting")
            .order_by(col(Contact.id))
        ).all(),
    )
