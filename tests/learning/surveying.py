"""Builders for surveys: what a tick does about them, whom it asked, what was sent, and answers."""

from sqlmodel import Session, col, select

from learning.feedback import survey_answers, survey_sending, surveys
from storage.database import reading, writing
from storage.tables import Message, SurveyAnswer, SurveyInvitation
from tests.town import Town, at


def sweep(here: Town, when: str = "") -> None:
    """What a tick does about surveys at this time."""
    here.now = at(when) if when else here.now
    for due, do in ((surveys.closings, surveys.invite), (surveys.quarters, surveys.ask_staff),
                    (survey_sending.due, survey_sending.send)):  # fmt: skip
        with reading(here.engine) as session:
            ids = due(here.act(session))
        for one in ids:
            with writing(here.engine) as session:
                do(here.act(session), one)


def invitations(here: Town) -> list[SurveyInvitation]:
    with Session(here.engine) as session:
        return list(session.exec(select(SurveyInvitation).order_by(SurveyInvitation.key)))


def mails(here: Town, *, to_staff: bool = False) -> list[Message]:
    with Session(here.engine) as session:
        found = session.exec(select(Message).where(Message.kind == "survey").order_by(Message.key))
        return [one for one in found if (one.staff_id is not None) == to_staff]


def answers(here: Town, number: int | None, **given: str) -> bool:
    with writing(here.engine) as session:
        return survey_answers.answer(here.act(session), number or 0, given)


def kept(here: Town) -> list[SurveyAnswer]:
    with Session(here.engine) as session:
        return list(session.exec(select(SurveyAnswer).order_by(col(SurveyAnswer.id))))
