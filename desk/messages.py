"""What was said on a case, by the person and by us: messages in and letters out, in the order of time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from desk import words
from desk.sight import Sight
from storage.tables import Attachment, Case, Contact, Message, Participant, Staff
from templates.dates import with_time
from workflow.alike import possible_duplicates


@dataclass(frozen=True)
class Said:
    """One message. `text` is what is new in it, `quoted` the whole where that is more."""

    number: int
    when: datetime
    is_ours: bool
    who: str
    title: str
    text: str
    quoted: str = ""
    state: str = ""
    files: Sequence[Attachment] = ()
    problems: Sequence[str] = ()
    alike: Sequence[str] = ()  # the cases on which the same came in
    is_automatic: bool = False
    print_letter: int | None = None


def messages(session: Session, case: Case, me: Sight) -> list[Said]:
    """Everything said, oldest first. What is held, or was left out, stands apart."""
    twice = possible_duplicates(session, case.id, me.rules())
    heard = [replace(one, alike=twice.get(one.number, ())) for one in _heard(session, case)]
    return sorted([*heard, *_sent(session, case)], key=lambda each: each.when)


def held(session: Session, case: Case) -> list[Said]:
    """What waits in the case's holding pen."""
    query = select(Contact).where(Contact.case_id == case.id, col(Contact.held_because).is_not(None))
    waiting = session.exec(query.where(Contact.standing == "waiting").order_by(col(Contact.id))).all()
    files = _files(session, waiting)
    return [_in(one, files.get(one.id or 0, ()), one.held_because or "") for one in waiting]


def _heard(session: Session, case: Case) -> list[Said]:
    query = select(Contact).where(Contact.case_id == case.id, col(Contact.held_because).is_(None))
    contacts = session.exec(query.order_by(col(Contact.id))).all()
    files, takers = _files(session, contacts), _takers(session, contacts)
    return [_in(one, files.get(one.id or 0, ()), takers.get(one.id, "")) for one in contacts]


def _files(session: Session, contacts: Sequence[Contact]) -> Mapping[int, Sequence[Attachment]]:
    """What came with each of them."""
    query = select(Attachment).where(col(Attachment.contact_id).in_([contact.id for contact in contacts]))
    files = defaultdict(list)
    for file in session.exec(query.order_by(col(Attachment.id))):
        files[file.contact_id].append(file)
    return files


def _takers(session: Session, contacts: Sequence[Contact]) -> dict[int | None, str]:
    """Who of us took down what was said by telephone, by letter or in person."""
    ids = {contact.id: contact.envelope["entered_by"] for contact in contacts if contact.envelope.get("entered_by")}
    if not ids:
        return {}
    names = dict(session.exec(select(Staff.id, Staff.name).where(col(Staff.id).in_(ids.values()))).all())
    return {contact: f"Taken down by {names.get(staff, 'a colleague')}" for contact, staff in ids.items()}


def _in(contact: Contact, files: Sequence[Attachment], state: str = "") -> Said:
    reply = contact.reply or contact.text
    return Said(
        number=contact.id or 0,
        when=contact.received_at,
        is_ours=False,
        who=contact.sender_name or contact.sender_address or "The person",
        title=contact.subject or f"By {words.channel(contact.channel)}",
        text=reply,
        quoted=contact.text if contact.text.strip() != reply.strip() else "",
        state=state,
        files=files,
        problems=contact.reading.get("problems", ()),
        is_automatic=contact.standing == "automatic",
    )


def _sent(session: Session, case: Case) -> list[Said]:
    query = select(Message, Participant).join(Participant, col(Message.participant_id) == Participant.id)
    rows = session.exec(query.where(Message.case_id == case.id).order_by(col(Message.id))).all()
    return [_out(message, participant) for message, participant in rows]


def _out(message: Message, participant: Participant) -> Said:
    return Said(
        number=message.id or 0,
        when=message.sent_at or message.created_at,
        is_ours=True,
        who=f"To {participant.name or message.address} by {words.channel(message.channel)}",
        title=words.plain(message.kind),
        text=message.text,
        state=_state(message, words.said()["letter"]),
        is_automatic=message.is_automatic,
        print_letter=message.letter_id if message.channel == "post" else None,
    )


def _state(message: Message, said: Mapping[str, str]) -> str:
    """How far a message of ours has got."""
    if message.recalled_at:
        return said["recalled"]
    if message.bounced_at:
        return said["bounced"]
    if message.given_up_at:
        return said["given_up"]
    if message.sent_at:
        return said["posted" if message.channel == "post" else "sent"].format(when=with_time(message.sent_at))
    return said["to_post"] if message.channel == "post" else said["sending"].format(when=with_time(message.send_after))
