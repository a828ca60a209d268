"""Where a contact belongs, looked up; and the cases of several contacts, locked before the first of them is filed."""

from collections.abc import Collection, Mapping

from sqlmodel import Session, col, select

from storage.tables import Case, Contact, Message, Participant
from workflow.contact import Reading
from workflow.matching import Clues, Held, Joins, Opens, match, message_number_in, reference_in
from workflow.office import Act
from workflow.outbox import bounced_message
from workflow.storable import storable
from workflow.tokens import message_of, participant_of


def where_of(act: Act, contact: Contact, reading: Reading) -> Joins | Held | Opens:
    """What its secrets and signs say of where it belongs."""
    return match(_clues(act, contact, reading))


def case_of(act: Act, held: Held) -> Case | None:
    """The case beside which it waits; None where what it names does not exist."""
    session = act.session
    if held.participant_id is not None:
        return session.get(Case, session.get_one(Participant, held.participant_id).case_id)
    if held.message_number is not None:
        message = session.exec(select(Message).where(Message.number == held.message_number)).first()
        return session.get(Case, message.case_id) if message and message.case_id else None
    return session.exec(select(Case).where(Case.reference == held.reference)).first()


def take_in_order(act: Act, readings: Mapping[int | None, Reading], contacts: Collection[Contact]) -> list[Contact]:
    """Lock every case that these contacts will touch, in the order of the cases; gives those that can be filed now.

    Two that each hold what the other wants next would wait for each other for ever. Of what somebody told in several
    goes, what another has in hand is waited for by nobody: the rest of it can be filed later.
    """
    held = _held_of(act.session, contacts)
    free = [one for one in contacts if set(_told_before(one)) <= held.keys()]
    cases = {_case_known(act, one, readings[one.id], held) for one in free} - {None}
    query = select(Case.id).where(col(Case.id).in_(cases)).order_by(col(Case.id))
    act.session.exec(query.with_for_update(key_share=True)).all()
    return free


def _held_of(session: Session, contacts: Collection[Contact]) -> Mapping[int | None, Contact]:
    """These contacts, and what the same persons told before them where nobody else has it in hand."""
    earlier = {id_ for one in contacts for id_ in _told_before(one)}
    query = select(Contact).where(col(Contact.id).in_(earlier)).order_by(col(Contact.id)) if earlier else None
    also = session.exec(query.with_for_update(skip_locked=True)).all() if query is not None else ()
    return {one.id: one for one in (*contacts, *also)}


def _told_before(contact: Contact) -> list[int]:
    return contact.envelope.get("after") or []


def _case_known(act: Act, contact: Contact, reading: Reading, held: Mapping[int | None, Contact]) -> int | None:
    """The case that filing it will touch; None where it will open its own, or where nobody's words are in it."""
    reading, session = storable(reading), act.session
    if contact.envelope.get("participant"):
        return _case_of_participant(session, contact.envelope["participant"])
    if reading.kind.is_automatic:
        message = bounced_message(act, contact.recipient)
        return message.case_id if message else None
    if begun := next((held[id_].case_id for id_ in _told_before(contact) if held[id_].case_id), None):
        return begun
    where = where_of(act, contact, reading)
    if isinstance(where, Joins):
        return _case_of_participant(session, where.participant_id)
    case = case_of(act, where) if isinstance(where, Held) else None
    return case.id if case else None


def _case_of_participant(session: Session, id_: int) -> int | None:
    participant = session.get(Participant, id_)
    return participant.case_id if participant else None


def _clues(act: Act, contact: Contact, reading: Reading) -> Clues:
    keyring = act.office.keyring
    token_of = participant_of(keyring, contact.recipient)
    participant = act.session.get(Participant, token_of) if token_of else None
    earlier = [*reading.references, *([reading.in_reply_to] if reading.in_reply_to else [])]
    return Clues(
        sender=reading.sender_address,
        token_of=participant.id if participant else None,
        participant_email=participant.email if participant else None,
        bounce_of=message_of(keyring, contact.recipient),
        answers_message=message_number_in(earlier, act.office.mail_domain),
        reference=reference_in(reading.subject),
    )
