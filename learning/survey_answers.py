"""Taking in the answers to a survey: kept without the person and without the case, once for each invitation."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from learning.quarters import quarter_of
from learning.survey_items import SCALE, items_for
from storage.tables import SurveyAnswer, SurveyInvitation
from workflow.office import Act
from workflow.tokens import digest
from workflow.working_days import london


def find(session: Session, secret: str) -> SurveyInvitation | None:
    """The invitation behind a survey's link, open or not; None for one that is wrong."""
    return session.exec(select(SurveyInvitation).where(SurveyInvitation.token_hash == digest(secret))).first()


def wanted(group: str, given: Mapping[str, str]) -> dict[str, str]:
    """Of what was given, the answers that there are to the questions of this group."""
    return {item.id: given[item.id] for item in items_for(group) if given.get(item.id) in SCALE}


def answer(act: Act, invitation_id: int, given: Mapping[str, str]) -> bool:
    """Keep someone's answers, and close their invitation. False, and nothing is kept, if it was closed before.

    Raises ValueError where nothing was answered.
    """
    row = _locked(act.session, invitation_id)
    if row.closed_at is not None:
        return False
    answers = wanted(row.grp, given)
    if not answers:
        raise ValueError("no question was answered")
    act.session.add(
        SurveyAnswer(
            grp=row.grp,
            organisation_id=row.organisation_id,
            service_id=row.service_id,
            quarter=quarter_of(london(act.now)).name,
            language=row.language,
            channel=row.channel,
            answers=answers,
        )
    )
    _close(act.session, row, row.sent_at or row.send_at)
    return True


def stop(act: Act, invitation_id: int) -> None:
    """They don't wish to answer: no reminder. Stopping twice, or after answering, changes nothing."""
    row = _locked(act.session, invitation_id)
    if row.closed_at is None:
        _close(act.session, row, row.sent_at or row.send_at)


def _close(session: Session, row: SurveyInvitation, at: datetime) -> None:
    """When it was closed is not kept, or whoever reads both tables could tell whose answers are whose."""
    row.closed_at = at
    session.add(row)


def _locked(session: Session, invitation_id: int) -> SurveyInvitation:
    query = select(SurveyInvitation).where(col(SurveyInvitation.id) == invitation_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()
