"""Taking in the answers to a survey: kept without the person and without the case, once for each invitation."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from learning.feedback.survey_items import SCALE, items_for
from learning.quarters import quarter_of
from storage.tables import Message, SurveyAnswer, SurveyInvitation, Task
from workflow.office import Act
from workflow.tokens import digest
from workflow.working_days import london

LETTERS = ("invitation", "reminder")  # what we send of one survey, and how each is called in its key


def find(session: Session, secret: str) -> SurveyInvitation | None:
    """The invitation behind a survey's link, open or not; None for one that is wrong."""
    return session.exec(select(SurveyInvitation).where(SurveyInvitation.token_hash == digest(secret))).first()


def wanted(group: str, given: Mapping[str, str] | None) -> dict[str, str]:
    """Of what was given, the answers that there are to the questions of this group."""
    known = given or {}
    return {item.id: known[item.id] for item in items_for(group) if known.get(item.id) in SCALE}


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
    _close(act, row, row.sent_at or row.send_at)
    return True


def hold(act: Act, invitation_id: int, item: str, answer: str) -> SurveyInvitation:
    """One answer of several that come one by one, or "" for a question left out; nothing if it is closed.

    Until the invitation is closed it holds what was answered, so that it can be gone on with, on the web too.
    """
    row = _locked(act.session, invitation_id)
    if row.closed_at is None:
        row.given = {**(row.given or {}), item: answer}
        act.session.add(row)
    return row


def stop(act: Act, invitation_id: int) -> bool:
    """They don't wish to answer, or no more: no reminder. What was answered by then is kept; gives whether any was.

    Stopping twice, or after answering, changes nothing.
    """
    return end(act, _locked(act.session, invitation_id))


def drop(act: Act, participant_id: int, channel: str) -> None:
    """They want to hear no more by this way: a survey that went there, or is about to, is over; it is no duty."""
    query = select(SurveyInvitation.id).where(
        SurveyInvitation.participant_id == participant_id,
        SurveyInvitation.channel == channel,
        col(SurveyInvitation.sent_at).is_not(None),
        col(SurveyInvitation.closed_at).is_(None),
    )
    for id_ in act.session.exec(query).all():
        stop(act, id_ or 0)


def end(act: Act, row: SurveyInvitation) -> bool:
    """The same for an invitation whose row is locked."""
    if row.closed_at is None and wanted(row.grp, row.given):
        return answer(act, row.id or 0, row.given or {})
    if row.closed_at is None:
        _close(act, row, row.sent_at or row.send_at)
    return False


def _close(act: Act, row: SurveyInvitation, at: datetime) -> None:
    """When it was closed is not kept, or whoever reads both tables could tell whose answers are whose."""
    row.closed_at, row.given = at, None
    act.session.add(row)
    _take_back(act, row)


def _take_back(act: Act, row: SurveyInvitation) -> None:
    """Nobody is asked, or reminded, after that: what has not left yet leaves no more."""
    keys = [f"survey:{row.id}:{name}" for name in LETTERS]
    # Locked, so that no sender can lease one between our look and our commit.
    query = select(Message).where(col(Message.key).in_(keys), col(Message.closed_at).is_(None)).with_for_update()
    for message in act.session.exec(query):
        if message.lease is None:
            message.recalled_at = message.closed_at = act.now
            act.session.add(message)
            _posting_over(act, message)


def _posting_over(act: Act, message: Message) -> None:
    for task in act.session.exec(select(Task).where(Task.key == f"survey_post:{message.id}")):
        task.done_at = task.done_at or act.now
        act.session.add(task)


def _locked(session: Session, invitation_id: int) -> SurveyInvitation:
    query = select(SurveyInvitation).where(col(SurveyInvitation.id) == invitation_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()
