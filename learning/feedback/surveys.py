"""Whom we ask how it was: the people of a complaint that was closed, colleagues it was about, and complaints staff."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from learning.afterwards import colleagues
from learning.feedback import survey_answers
from learning.quarters import last_ended
from storage.tables import Case, Colleague, Event, Mark, Participant, Service, Staff, StaffService, SurveyInvitation
from workflow.office import Act
from workflow.projection import morning
from workflow.tokens import Keyring, digest
from workflow.ways import quick_way_to
from workflow.working_days import london

AFTER_CLOSING = timedelta(days=7)  # our own defaults, all three: nothing published sets them
REMIND_AFTER = timedelta(days=10)
OVER_AFTER = timedelta(days=20)  # from the reminder
CLOSINGS = ("complaint.closed", "complaint.withdrawn", "complaint.refused", "complaint.signposted")
SETTLED = timedelta(minutes=5)  # by then every transaction with an earlier event has ended
SEEN, STAFF_ASKED = "surveys_seen", "surveys_of_staff"  # marks: the last event looked at, the last quarter asked about


def closings(act: Act) -> list[int]:
    """Ids of the events that closed a case, of those that are new: inviting again invites nobody twice."""
    query = select(Event.id).where(col(Event.id) > _seen(act.session), col(Event.name).in_(CLOSINGS))
    return [id_ for id_ in act.session.exec(query.order_by(col(Event.id))) if id_]


def invite(act: Act, event_id: int) -> bool:
    """Invite everyone on a case that was closed, some days later; those asked before on it are not asked again."""
    event = act.session.get_one(Event, event_id)
    case = act.session.get_one(Case, event.case_id)
    send_at = morning(london(event.at + AFTER_CLOSING))
    if case.kind == "complaint" and case.state == "closed":
        for participant in act.session.exec(select(Participant).where(Participant.case_id == case.id)).all():
            _invite_participant(act, case, participant, event_id, send_at)
        colleagues.tell_closed(act, case)
        for colleague in act.session.exec(select(Colleague).where(Colleague.case_id == case.id)).all():
            key = f"closing:{event_id}:colleague:{colleague.id}"
            if not _were_asked(act, case, event_id, col(SurveyInvitation.email) == colleague.email):
                _add(act, case, key, "colleague", send_at, email=colleague.email)
    _move_on(act, event_id)
    return True


def quarters(act: Act) -> list[int]:
    """The quarter that has ended and that those who deal with complaints were not asked about, if there is one."""
    mark = act.session.get(Mark, STAFF_ASKED)
    ended = last_ended(london(act.now)).name
    return [] if mark is not None and mark.value >= ended else [int(ended.replace("Q", ""))]


def ask_staff(act: Act, quarter: int) -> bool:
    """Ask everyone who deals with complaints about a quarter (20261 is 2026Q1); not about one before we began."""
    name = f"{quarter // 10}Q{quarter % 10}"
    mark = act.session.get(Mark, STAFF_ASKED, with_for_update=True)
    if mark is None:
        with suppress(IntegrityError), act.session.begin_nested():  # another worker begins at this very moment
            act.session.add(Mark(name=STAFF_ASKED, value=name, at=act.now))
        return False
    if mark.value >= name:
        return False  # another worker has asked them, or the clock was put back
    mark.value, mark.at = name, act.now
    for staff in _complaints_staff(act.session):
        _invite_staff(act, staff, name)
    return True


def secret_of(keyring: Keyring, invitation: SurveyInvitation) -> str:
    """The secret in the link of a survey, whichever key made it; after that key is gone, one that opens nothing."""
    made = keyring.signatures("survey", invitation.key)
    return next((one for one in made if digest(one) == invitation.token_hash), made[0])


def open_for(session: Session, participant_id: int) -> SurveyInvitation | None:
    """A survey that someone was asked to fill in and has not, for their progress page."""
    query = select(SurveyInvitation).where(
        SurveyInvitation.participant_id == participant_id,
        col(SurveyInvitation.sent_at).is_not(None),
        col(SurveyInvitation.closed_at).is_(None),
    )
    return session.exec(query.order_by(col(SurveyInvitation.id).desc())).first()


def _seen(session: Session) -> int:
    mark = session.get(Mark, SEEN)
    return int(mark.value) if mark else 0


def _move_on(act: Act, event_id: int) -> None:
    """What was settled a while ago need not be looked at again; what is newer may still have neighbours on the way."""
    since = _seen(act.session)
    query = select(func.max(Event.id)).where(
        col(Event.id) > since, col(Event.id) <= event_id, Event.recorded_at < act.now - SETTLED
    )
    if newest := act.session.exec(query).one():
        act.session.merge(Mark(name=SEEN, value=str(newest), at=act.now))


def _invite_participant(act: Act, case: Case, participant: Participant, event_id: int, send_at: datetime) -> None:
    if _were_asked(act, case, event_id, col(SurveyInvitation.participant_id) == participant.id):
        return
    group = "complainant" if participant.role == "complainant" else "supporter"
    way = quick_way_to(participant)
    channel = way.channel if way else "web"  # on their progress page alone
    key = f"closing:{event_id}:{participant.id}"
    _add(act, case, key, group, send_at, participant_id=participant.id, channel=channel)


def _were_asked(act: Act, case: Case, event_id: int, who: ColumnElement[bool]) -> bool:
    """Whether someone was asked about this case. If not, what waits since it was closed before is not sent any more."""
    rows = act.session.exec(select(SurveyInvitation).where(SurveyInvitation.case_id == case.id, who)).all()
    for row in rows:
        if row.sent_at is None and _closing_of(row) < event_id:
            survey_answers.end(act, row)
    return any(row.sent_at is not None for row in rows)


def _closing_of(row: SurveyInvitation) -> int:
    """The event that closed the case."""
    return int(row.key.split(":")[1])


def _add(
    act: Act, case: Case, key: str, group: str, send_at: datetime, *,
    participant_id: int | None = None, email: str = "", channel: str = "email",
) -> None:  # fmt: skip
    if act.session.exec(select(SurveyInvitation.id).where(SurveyInvitation.key == key)).first() is not None:
        return
    act.session.add(
        SurveyInvitation(
            key=key,
            grp=group,
            organisation_id=case.organisation_id,
            service_id=case.service_id,
            case_id=case.id,
            participant_id=participant_id,
            email=email,
            channel=channel,
            language="en" if group == "colleague" else case.language,
            token_hash=digest(act.office.keyring.sign("survey", key)),
            send_at=send_at,
        )
    )


def _complaints_staff(session: Session) -> Sequence[Staff]:
    query = select(Staff).where(col(Staff.role).in_(("handler", "manager")), col(Staff.disabled_at).is_(None))
    return session.exec(query.order_by(col(Staff.id))).all()


def _invite_staff(act: Act, staff: Staff, quarter: str) -> None:
    """Of their one service, or of none in particular; answers count for the organisation either way."""
    own = (
        select(Service.id)
        .join(StaffService)
        .where(StaffService.staff_id == staff.id, Service.organisation_id == staff.organisation_id)
    )
    services = act.session.exec(own).all()
    key = f"staff:{staff.id}:{quarter}"
    invitation = SurveyInvitation(
        key=key,
        grp="complaints_staff",
        organisation_id=staff.organisation_id,
        service_id=services[0] if len(services) == 1 else None,
        staff_id=staff.id,
        email=staff.email,
        token_hash=digest(act.office.keyring.sign("survey", key)),
        send_at=act.now,
    )
    act.session.add(invitation)
