"""Sending surveys: an invitation, one reminder, then no more; by email, chat or post, or on the progress page."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from learning.feedback import survey_answers, survey_chat, survey_post
from learning.feedback.survey_words import as_chat, as_mail, link
from learning.feedback.surveys import OVER_AFTER, REMIND_AFTER
from storage.tables import Case, Message, Participant, SurveyInvitation
from workflow import outbox
from workflow.office import Act
from workflow.outbox import To, Words
from workflow.projection import morning
from workflow.ways import quick_way_to, way_to
from workflow.working_days import london


def due(act: Act, most: int | None = None) -> list[int]:
    """Ids of the surveys to be sent, reminded of or ended now; reads no others."""
    query = select(SurveyInvitation.id).where(*_is_due(act.now))
    found = act.session.exec(query.order_by(col(SurveyInvitation.send_at), col(SurveyInvitation.id)).limit(most))
    return [id_ for id_ in found if id_]


def send(act: Act, invitation_id: int) -> bool:
    """Send one, remind of it once, or end it. False, and nothing, if another has it or did it."""
    query = select(SurveyInvitation).where(SurveyInvitation.id == invitation_id, *_is_due(act.now))
    row = act.session.exec(query.with_for_update(skip_locked=True).execution_options(populate_existing=True)).first()
    if row is None:
        return False
    act.session.add(row)
    if _is_over(act, row):
        survey_answers.end(act, row)
        return True
    _owe(act, row)
    if row.channel == "post":
        _until_posted(act, row)
    elif row.sent_at is None:
        row.sent_at, row.send_at = act.now, morning(london(act.now + REMIND_AFTER))
    else:
        row.reminded_at, row.send_at = act.now, morning(london(act.now + OVER_AFTER))
    return True


def _is_due(now: datetime) -> tuple[Any, ...]:
    return col(SurveyInvitation.closed_at).is_(None), SurveyInvitation.send_at <= now


def _is_over(act: Act, row: SurveyInvitation) -> bool:
    """Reminded of once already; begun in a chat, which is an answer and needs no reminder; or not wanted any more."""
    is_begun = bool(survey_answers.wanted(row.grp, row.given))
    return row.reminded_at is not None or is_begun or (row.sent_at is None and not _is_to_be_asked(act, row))


def _is_to_be_asked(act: Act, row: SurveyInvitation) -> bool:
    return _is_wanted(act, row) and not (row.channel == "post" and _is_owed(act, row))


def _is_owed(act: Act, row: SurveyInvitation) -> bool:
    """A letter that nobody has posted in all this time."""
    return act.session.exec(select(Message.id).where(Message.key == _key(row))).first() is not None


def _is_wanted(act: Act, row: SurveyInvitation) -> bool:
    """A case that was opened again is asked about when it closes again."""
    return row.case_id is None or act.session.get_one(Case, row.case_id).state == "closed"


def _owe(act: Act, row: SurveyInvitation) -> None:
    """Owe the mail, message or letter, once. It stays off the case: staff who could open its link might answer it."""
    to = _to(act, row)
    if to is None:
        row.channel = "web"
        return
    row.channel = to.channel
    case = act.session.get_one(Case, row.case_id) if row.case_id else None
    message = outbox.owe(act, _key(row), "survey", to, _words(act, row), case=case)
    if message is None:
        return
    message.case_id = None
    if to.channel == "post":
        survey_post.ask_to_post(act, row, message)
    else:
        message.extra = {"stop": f"{link(act, row)}/stop"} if to.channel == "email" else survey_chat.invited(row)


def _key(row: SurveyInvitation) -> str:
    return f"survey:{row.id}:{'reminder' if row.sent_at else 'invitation'}"


def _words(act: Act, row: SurveyInvitation) -> Words:
    how = {"email": as_mail, "post": survey_post.as_letter}
    return how.get(row.channel, as_chat)(act, row)


def _until_posted(act: Act, row: SurveyInvitation) -> None:
    """It counts from when it is posted; what nobody posts for long is not sent any more."""
    row.send_at = morning(london(act.now + survey_post.MUST_LEAVE_IN))
    row.reminded_at = act.now if row.sent_at else None


def _to(act: Act, row: SurveyInvitation) -> To | None:
    """Where it goes now: what has become unsafe since they were invited is not used."""
    if row.participant_id is None:
        return To(row.email, staff_id=row.staff_id)
    person = act.session.get_one(Participant, row.participant_id)
    way = quick_way_to(person) or way_to(person)
    return To(way.address, way.channel, participant_id=row.participant_id) if way else None
