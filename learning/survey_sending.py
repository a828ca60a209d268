"""Sending surveys: an invitation, one reminder, then no more; by email or chat, or on the progress page alone."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from learning.survey_items import SCALE, items_for, said
from learning.surveys import OVER_AFTER, REMIND_AFTER, secret_of
from storage.tables import Case, Colleague, Organisation, Participant, Staff, SurveyInvitation
from templates.writing import Link, write
from workflow import outbox
from workflow.office import Act
from workflow.outbox import To, Words
from workflow.projection import morning
from workflow.ways import quick_way_to
from workflow.working_days import london

FIRST = "handling"  # the question that the mail itself asks


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
    if row.reminded_at is not None or (row.sent_at is None and not _is_wanted(act, row)):
        row.closed_at = act.now
        return True
    _owe(act, row)
    if row.sent_at is None:
        row.sent_at, row.send_at = act.now, morning(london(act.now + REMIND_AFTER))
    else:
        row.reminded_at, row.send_at = act.now, morning(london(act.now + OVER_AFTER))
    return True


def _is_due(now: datetime) -> tuple[Any, ...]:
    return col(SurveyInvitation.closed_at).is_(None), SurveyInvitation.send_at <= now


def _is_wanted(act: Act, row: SurveyInvitation) -> bool:
    """A case that was opened again is asked about when it closes again."""
    return row.case_id is None or act.session.get_one(Case, row.case_id).state == "closed"


def _owe(act: Act, row: SurveyInvitation) -> None:
    """Owe the mail or chat message, once. It stays off the case: staff who could open its link might answer it."""
    to = _to(act, row)
    if to is None:
        row.channel = "web"
        return
    row.channel = to.channel
    words = _as_mail(act, row) if to.channel == "email" else _as_chat(act, row)
    case = act.session.get_one(Case, row.case_id) if row.case_id else None
    key = f"survey:{row.id}:{'reminder' if row.sent_at else 'invitation'}"
    message = outbox.owe(act, key, "survey", to, words, case=case)
    if message is not None:
        message.case_id = None
        message.extra = {"stop": f"{_link(act, row)}/stop"} if to.channel == "email" else None


def _to(act: Act, row: SurveyInvitation) -> To | None:
    """Where it goes now: what has become unsafe since they were invited is not used."""
    if row.participant_id is None:
        return To(row.email, staff_id=row.staff_id)
    way = quick_way_to(act.session.get_one(Participant, row.participant_id))
    return To(way.address, way.channel, participant_id=row.participant_id) if way else None


def _as_mail(act: Act, row: SurveyInvitation) -> Words:
    link, words = _link(act, row), said(row.language)
    facts = {
        "name": _name(act, row),
        "group": row.grp,
        "is_reminder": row.sent_at is not None,
        "question": words["items"][row.grp][FIRST],
        "answers": [{"text": words["scale"][one], "link": Link(f"{link}?{FIRST}={one}")} for one in SCALE[:5]],
        "survey_link": link,
        "stop_link": Link(f"{link}/stop"),
        "to_staff": row.participant_id is None,
        "private": words["page"]["private_staff" if row.participant_id is None else "private"].format(
            floor=act.office.survey_floor
        ),
        "count": len(items_for(row.grp)),
        "organisation": act.session.get_one(Organisation, row.organisation_id).name,
    }
    written = write("survey", facts, row.language)
    return Words(written.subject, written.text, written.html)


def _as_chat(act: Act, row: SurveyInvitation) -> Words:
    text = said(row.language)["chat"]["remind" if row.sent_at else "invite"]
    return Words(said(row.language)["page"]["title"], text.format(link=_link(act, row)))


def _link(act: Act, row: SurveyInvitation) -> Link:
    return Link(act.office.link(f"/survey/{secret_of(act.office.keyring, row)}"))


def _name(act: Act, row: SurveyInvitation) -> str:
    """What they are called."""
    if row.participant_id is not None:
        return act.session.get_one(Participant, row.participant_id).name
    if row.staff_id is not None:
        return act.session.get_one(Staff, row.staff_id).name
    query = select(Colleague.name).where(Colleague.case_id == row.case_id, Colleague.email == row.email)
    return act.session.exec(query).first() or ""
