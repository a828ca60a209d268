"""A case with all that decides what may be done with it: standing, procedure, heads, people, letters on their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import Case, CaseRole, Contact, Head, Letter, Participant, Task
from workflow import procedure as procedures
from workflow.definition import Letter as LetterRule
from workflow.definition import Procedure, Stage
from workflow.record import standing_of
from workflow.standing import Standing

ANSWERS = ("response_sent", "outcome_sent", "adjudication_sent")


@dataclass(frozen=True)
class Situation:
    """One case at one moment."""

    case: Case
    procedure: Procedure
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
            letter.on_relayed == event and not (letter.relayed_at or letter.recalled_at) for letter in self.letters
        )

    def task(self, kind: str) -> Task | None:
        return next((task for task in self.tasks if task.kind == kind), None)


def situation(session: Session, case: Case, now: datetime) -> Situation:
    """Everything a verb may want to know of the case."""
    return Situation(
        case=case,
        procedure=procedures.load(case.procedure),
        standing=standing_of(session, case, now),
        heads=session.exec(select(Head).where(Head.case_id == case.id).order_by(col(Head.id))).all(),
        participants=session.exec(
            select(Participant).where(Participant.case_id == case.id).order_by(col(Participant.id))
        ).all(),
        letters=session.exec(select(Letter).where(Letter.case_id == case.id).order_by(col(Letter.id))).all(),
        roles=session.exec(select(CaseRole).where(CaseRole.case_id == case.id).order_by(col(CaseRole.id))).all(),
        tasks=session.exec(
            select(Task).where(Task.case_id == case.id, col(Task.done_at).is_(None)).order_by(col(Task.id))
        ).all(),
        held=session.exec(
            select(Contact)
            .where(Contact.case_id == case.id, col(Contact.held_because).is_not(None), Contact.standing == "waiting")
            .order_by(col(Contact.id))
        ).all(),
    )
