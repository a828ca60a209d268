"""What a person sees of their own case: where it is, what comes next and when, and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.tables import Attachment, Case, Contact, Letter, Message, Organisation, Participant, Service
from templates.dates import with_weekday
from templates.languages import LANGUAGES
from templates.words import titled
from templates.writing import phrases
from workflow.casework.escalating import next_request
from workflow.casework.situation import Situation, situation
from workflow.office import Act
from workflow.record import lock, note
from workflow.tokens import digest
from workflow.working_days import london


@dataclass(frozen=True)
class Told:
    """One thing that was said, by them or by us."""

    when: datetime
    who: str  # "you" or "us"
    title: str
    text: str
    files: tuple[str, ...] = ()
    language: str = ""  # of a letter of ours; we can't know in which they wrote


@dataclass(frozen=True)
class Progress:
    """A case as its person may see it."""

    reference: str
    participant_id: int
    case_id: int
    organisation_name: str
    service_name: str
    stage_title: str
    state: str
    next_date: date | None
    next_text: str
    story: Sequence[Told]
    may_add: bool
    may_withdraw: bool
    may_ask_next_stage: bool
    next_stage_title: str
    language: str  # of what is said here
    letters_language: str  # of the letters that we send


def find(session: Session, secret: str, now: datetime, language: str = "") -> Progress | None:
    """The case behind a progress link, told in this language or the case's; None for one that is wrong or stopped."""
    query = select(Participant).where(Participant.progress_hash == digest(secret))
    participant = session.exec(query).first()
    if participant is None or participant.progress_revoked_at is not None:
        return None
    return progress_of(session, participant, now, language)


def revoke(act: Act, case_id: int, participant_id: int) -> None:
    """Stop a participant's link, since they ask for it; those who deal with the case can see that they did."""
    case = lock(act.session, case_id)
    participant = act.session.get_one(Participant, participant_id)
    participant.progress_revoked_at = act.now
    act.session.add(participant)
    note(act, case, "link.stopped", because="on their progress page", data={"participant": participant_id})


def write_in(act: Act, case_id: int, language: str) -> None:
    """From now on the people of this case are written to in this language; nothing changes for one we don't have."""
    case = lock(act.session, case_id)
    if language in LANGUAGES and language != case.language:
        case.language = language
        note(act, case, "contact.changed", data={"changed": ["language"]})


def progress_of(session: Session, participant: Participant, now: datetime, language: str = "") -> Progress:
    """A person's own case, in this language or else in the one that we write to them in."""
    case = session.get_one(Case, participant.case_id)
    language = language or case.language
    now_there = situation(session, case, now)
    event = next_request(now_there)
    upcoming = now_there.standing.next_due
    return Progress(
        reference=case.reference,
        participant_id=participant.id or 0,
        case_id=case.id or 0,
        organisation_name=session.get_one(Organisation, case.organisation_id).name,
        service_name=session.get_one(Service, case.service_id).name,
        stage_title=titled(now_there.stage.title, language),
        state=case.state,
        next_date=upcoming.keep_by if upcoming else None,
        next_text=_next_text(now_there, now, language),
        story=_story(session, case, participant, language),
        may_add=True,
        may_withdraw=now_there.may_move("complaint.withdrawn"),
        may_ask_next_stage=event is not None and now_there.task("stage_request") is None,
        next_stage_title=titled(now_there.procedure.stage(event.partition(".")[0]).title, language) if event else "",
        language=language,
        letters_language=case.language,
    )


def _next_text(now_there: Situation, now: datetime, language: str) -> str:
    upcoming = now_there.standing.next_due
    if upcoming is None or upcoming.due is None:
        return phrases(language)["progress_done"]["nothing_due"]
    keep_by = upcoming.keep_by or upcoming.due
    is_late = upcoming.state == "overdue" or london(now) > keep_by
    words = phrases(language)["progress_late" if is_late else "progress"]
    sentence = words.get(_clock_name(now_there, upcoming.id), words["other"])
    return sentence.format(day=with_weekday(keep_by, language))


def _clock_name(now_there: Situation, clock: str) -> str:
    """By its own name; a next stage's acknowledgement is told as what it is until somebody has opened that stage."""
    stage, _, name = clock.rpartition(".")
    return "asked_for_next_stage" if name == "acknowledge" and stage != now_there.stage.id else name


def _story(session: Session, case: Case, participant: Participant, language: str) -> list[Told]:
    titles = phrases(language)["told"]
    contacts = session.exec(
        select(Contact).where(
            Contact.case_id == case.id, Contact.standing == "filed", col(Contact.held_because).is_(None)
        )
    ).all()
    # Only what this person wrote themselves: another's words on the case are not theirs to read.
    theirs = [_from_them(session, one, titles["you"]) for one in contacts if _wrote(one, participant)]
    messages = session.exec(
        select(Message, Letter)
        .join(Letter, col(Message.letter_id) == Letter.id)
        .where(Message.participant_id == participant.id, col(Message.sent_at).is_not(None))
    ).all()
    ours = [
        Told(message.sent_at, "us", titles.get(letter.kind, titles["letter"]), message.text, language=letter.language)
        for message, letter in messages
        if message.sent_at
    ]
    return sorted([*theirs, *ours], key=lambda told: told.when)


def _wrote(contact: Contact, participant: Participant) -> bool:
    if contact.kind not in ("person", "unreadable"):
        return False
    through_page = contact.envelope.get("participant") == participant.id
    return (
        through_page
        or (bool(participant.email) and contact.sender_address == participant.email)
        or not contact.sender_address
    )


def _from_them(session: Session, contact: Contact, title: str) -> Told:
    files = session.exec(
        select(Attachment.name).where(Attachment.contact_id == contact.id).order_by(col(Attachment.id))
    )
    return Told(contact.received_at, "you", title, contact.reply or contact.text, tuple(files))
