"""Filing a contact: it joins the case it belongs to, opens one, waits in a holding pen, or is kept as automatic."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

from storage import search
from storage.tables import Attachment, Case, Contact, Participant
from workflow import casework, letters, one_telling, opening, pen, receipt, tasks, triage
from workflow.belonging import case_of, take_in_order, where_of
from workflow.casework.escalating import next_request, propose
from workflow.casework.situation import situation
from workflow.contact import Reading
from workflow.matching import Held, Joins
from workflow.office import COMPLAINANT, Act
from workflow.outbox import bounced_message
from workflow.record import lock, note
from workflow.storable import clean, storable
from workflow.tokens import participant_of

ON_PAGE, IN_CHAT = "asked on their progress page", "asked in their chat"


def prepare(act: Act, readings: Mapping[int | None, Reading], contacts: Collection[Contact]) -> list[Contact]:
    """Before several contacts are filed together, or none of them: those that can be filed now, their cases locked."""
    ours = take_in_order(act, readings, contacts)
    receipt.look_up(act, {clean(readings[one.id].sender_address.lower())[:320] for one in ours})
    return ours


def file(act: Act, contact: Contact, reading: Reading) -> Case | None:
    """File one contact as it was read; gives its case, or None for automatic mail that belongs to none."""
    reading = storable(reading)
    _keep_reading(act, contact, reading)
    if contact.envelope.get("participant"):
        return _from_progress_page(act, contact, reading)
    if reading.kind.is_automatic:
        return _keep_automatic(act, contact, reading)
    if (begun := one_telling.case_so_far(act, contact)) is not None:
        return _tells_more(act, begun, contact, reading)
    where = where_of(act, contact, reading)
    if isinstance(where, Joins):
        participant = act.session.get_one(Participant, where.participant_id)
        return join(act, lock(act.session, participant.case_id), contact, reading)
    if isinstance(where, Held) and (case := case_of(act, where)):
        pen.hold(act, lock(act.session, case.id), contact, where.because)
        return case
    case = opening.open_case(act, contact, reading)
    one_telling.lead_earlier_to(act, contact, case)
    return case


def join(act: Act, case: Case, contact: Contact, reading: Reading) -> Case:
    """Add what a participant wrote to their case, and tell its handler."""
    contact.case_id, contact.standing, contact.processed_at = case.id, "filed", act.now
    note(act, case, "contact.joined", at=contact.received_at, data={"contact": contact.id})
    search.add_words(act.session, case.id or 0, f"{reading.subject} {reading.reply or reading.text}")
    triage.flag_if_at_risk(act, case, f"{reading.subject}\n{reading.reply or reading.text}")
    _propose_next_stage(act, case, contact.received_at)
    tasks.of_news(act, case, contact)
    return case


def _tells_more(act: Act, case: Case, contact: Contact, reading: Reading) -> Case:
    """The whole of a complaint of which a part was filed before, for it named harm."""
    one_telling.complete(act, case, reading.answers)
    return join(act, case, contact, reading)


def _propose_next_stage(act: Act, case: Case, at: datetime) -> None:
    """What someone writes after our answer may mean that they are not satisfied: a person decides whether."""
    now_there = situation(act.session, case, act.now)
    event = next_request(now_there)
    answered = now_there.answered_at
    # What they wrote before our answer had left can't be about it, however late we read it.
    if event is not None and answered is not None and at >= answered and not now_there.task("stage_request"):
        propose(act, case, event, at)


def _keep_reading(act: Act, contact: Contact, reading: Reading) -> None:
    contact.kind = reading.kind.value
    contact.sender_name, contact.sender_address = reading.sender_name[:200], reading.sender_address.lower()[:320]
    contact.subject, contact.message_id = reading.subject, reading.message_id
    contact.text, contact.reply = reading.text, reading.reply
    contact.reading = {
        "rules": list(reading.rules),
        "problems": list(reading.problems),
        "references": list(reading.references),
        "in_reply_to": reading.in_reply_to,
        "date": reading.date.isoformat() if reading.date else None,
        "bounce": asdict(reading.bounce) if reading.bounce else None,
        "answers": dict(reading.answers),
    }
    for one in reading.attachments:
        act.session.add(_attachment(contact, one.name, one.type, one.size, one.sha256, part=one.part))
    for one in reading.answers.get("files") or []:
        act.session.add(_attachment(contact, one["name"], one["type"], one["size"], one["sha256"], blob=one["sha256"]))


def _attachment(
    contact: Contact, name: str, kind: str, size: int, sha256: str, *, part: int | None = None, blob: str | None = None
) -> Attachment:
    return Attachment(
        contact_id=contact.id or 0, name=name, type=kind, size=size, sha256=sha256, part=part, blob_sha256=blob
    )


def _keep_automatic(act: Act, contact: Contact, reading: Reading) -> Case | None:
    """Automatic mail is kept and never answered; a bounce of a letter of ours tells us that it did not arrive."""
    contact.standing, contact.processed_at = "automatic", act.now
    message = bounced_message(act, contact.recipient)
    if message is None:
        contact.case_id = _case_id_of_reply_address(act, contact)  # seen beside the case, which knows nothing of it
        return None
    if message.case_id is not None:
        lock(act.session, message.case_id)
        act.session.refresh(message)
    contact.case_id = message.case_id
    is_for_good = reading.bounce is not None and reading.bounce.permanent
    if is_for_good and message.bounced_at is None:
        message.bounced_at = act.now
        status = reading.bounce.status if reading.bounce else None
        letters.not_served(act, message, f"the mail came back{f' ({status})' if status else ''}")
    return act.session.get(Case, message.case_id) if message.case_id else None


def _case_id_of_reply_address(act: Act, contact: Contact) -> int | None:
    participant_id = participant_of(act.office.keyring, contact.recipient)
    participant = act.session.get(Participant, participant_id) if participant_id else None
    return participant.case_id if participant else None


def _from_progress_page(act: Act, contact: Contact, reading: Reading) -> Case:
    """What came through a secret progress link, or the chat that is theirs: add, withdraw, ask for the next stage."""
    participant = act.session.get_one(Participant, contact.envelope["participant"])
    case = lock(act.session, participant.case_id)
    their_act = Act(act.session, act.office, COMPLAINANT, contact.received_at)
    answers = reading.answers
    because = IN_CHAT if contact.envelope.get("chat") else ON_PAGE
    # Their own words stay with the contact: the story of the case holds none of them.
    if answers.get("withdraw"):
        given = {"because": because, "still_dissatisfied": answers.get("still_dissatisfied")}
        return _do_or_tell(act, their_act, case, contact, reading, "withdraw", given)
    if answers.get("next_stage"):
        return _do_or_tell(act, their_act, case, contact, reading, "request_stage", {"because": because})
    return join(act, case, contact, reading)


def _do_or_tell(
    act: Act, their_act: Act, case: Case, contact: Contact, reading: Reading, verb: str, given: dict[str, object]
) -> Case:
    """Do what the person asked; where it can't be done now, a person reads what they wrote."""
    try:
        casework.do(their_act, case, verb, given)
    except casework.Refused:
        return join(act, case, contact, reading)
    contact.case_id, contact.standing, contact.processed_at = case.id, "filed", act.now
    note(act, case, "contact.joined", at=contact.received_at, data={"contact": contact.id})
    words = f"{reading.subject}\n{reading.reply or reading.text}"
    search.add_words(act.session, case.id or 0, words)
    triage.flag_if_at_risk(act, case, words)
    return case
