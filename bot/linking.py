"""Linking a chat to a case opened elsewhere: by a code sent to its person's mailbox, used once, soon, in few tries."""

import secrets

from sqlalchemy import func
from sqlmodel import col, select

from bot import status
from bot.talk import Talk
from storage.tables import Case, ChatCode, Participant
from templates.words import chat
from workflow import bodies, outbox
from workflow.forgetting import CODE_GOOD_FOR, CODES_COUNTED_FOR
from workflow.matching import reference_in
from workflow.outbox import To, Words
from workflow.record import lock, note
from workflow.ways import may_email

TRIES = 5
MOST_CODES = 5  # in a day: asked for by one chat, or sent to one mailbox


def begin(talk: Talk) -> None:
    """Ask for the reference."""
    talk.conversation.aside, talk.conversation.holding = "reference", {}
    talk.say("link.reference")
    talk.offer(talk.button("move.stop", "x stop"))


def take_reference(talk: Talk) -> None:
    """Send a code, if there is such a case and its person may be mailed; whether there is one is never told."""
    reference = reference_in(talk.said.text)
    if reference is None:
        talk.say("link.no_reference")
        talk.offer(talk.button("move.stop", "x stop"))
        return
    talk.conversation.aside = "code"
    if _made(talk, ChatCode.conversation_id == talk.conversation.id) < MOST_CODES:
        _make_code(talk, _person(talk, reference))
    talk.say("link.code", reference=reference)
    talk.offer(talk.button("link.again", "x link"))
    talk.offer(talk.button("move.stop", "x stop"))


def take_code(talk: Talk) -> None:
    """The right code links the chat; a wrong one, or one too late, tells nothing but that."""
    code = _latest(talk)
    given = "".join(sign for sign in talk.said.text if sign.isdigit())
    if code is not None:
        code.tries += 1
        talk.act.session.add(code)
    if code is None or not _fits(talk, code, given):
        talk.say("link.wrong")
        talk.offer(talk.button("link.again", "x link"))
        talk.offer(talk.button("move.stop", "x stop"))
        return
    code.used_at, code.code_hash = talk.act.now, ""
    talk.conversation.aside = ""
    _link(talk, talk.act.session.get_one(Participant, code.participant_id))


def _link(talk: Talk, person: Participant) -> None:
    case = lock(talk.act.session, person.case_id)
    person.chat, person.chat_closed_at = talk.name, None
    person.verified_at = person.verified_at or talk.act.now
    person.avoid = [channel for channel in person.avoid if channel != talk.said.channel]
    talk.act.session.add(person)
    data = {"participant": person.id, "changed": ["chat"]}
    note(talk.act, case, "contact.changed", because="linked by a code sent to their mailbox", data=data)
    talk.act.session.flush()
    talk.say("link.done", reference=case.reference)
    status.show(talk)


def _latest(talk: Talk) -> ChatCode | None:
    query = select(ChatCode).where(ChatCode.conversation_id == talk.conversation.id)
    code = talk.act.session.exec(query.order_by(col(ChatCode.id).desc()).limit(1)).first()
    if code is None or code.used_at is not None or code.tries >= TRIES or talk.act.now - code.made_at > CODE_GOOD_FOR:
        return None
    return code


def _fits(talk: Talk, code: ChatCode, given: str) -> bool:
    same = talk.act.office.keyring.verifies(code.code_hash, "chat-code", f"{code.conversation_id}:{given}")
    return same and code.participant_id is not None


def _person(talk: Talk, reference: str) -> Participant | None:
    """Whom to send a code: the first person of the case who may be mailed, and was not mailed too many of them."""
    query = select(Participant).join(Case, col(Participant.case_id) == Case.id).where(Case.reference == reference)
    for person in talk.act.session.exec(query.order_by(col(Participant.id))):
        if may_email(person):
            return person if _made(talk, ChatCode.participant_id == person.id) < MOST_CODES else None
    return None


def _make_code(talk: Talk, person: Participant | None) -> None:
    """Made in any case, so that asking takes as long and leaves as much whether or not there is such a reference."""
    digits = f"{secrets.randbelow(1_000_000):06}"
    signed = talk.act.office.keyring.sign("chat-code", f"{talk.conversation.id}:{digits}")
    code = ChatCode(conversation_id=talk.conversation.id or 0, code_hash=signed, made_at=talk.act.now)
    code.participant_id = person.id if person else None
    talk.act.session.add(code)
    talk.act.session.flush()
    if person is not None:
        _mail(talk, code, digits, person)


def _mail(talk: Talk, code: ChatCode, digits: str, person: Participant) -> None:
    case = talk.act.session.get_one(Case, person.case_id)
    said = chat(case.language)["code_mail"]
    facts = {"code": digits, "organisation": bodies.organisation(talk.act.session, case.organisation_id).name}
    words = Words(said["subject"].format_map(facts), said["text"].format_map(facts))
    to = To(person.email, participant_id=person.id)
    outbox.owe(talk.act, f"chat_code:{code.id}", "chat_code", to, words, case=case, first_time=True)


def _made(talk: Talk, whose: object) -> int:
    """How many codes were made in the last day."""
    query = select(func.count(col(ChatCode.id))).where(whose, ChatCode.made_at > talk.act.now - CODES_COUNTED_FOR)  # type: ignore[arg-type]  # a column's comparison
    return talk.act.session.exec(query).one()
