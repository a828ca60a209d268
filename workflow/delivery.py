"""What follows when a channel has tried to deliver a message: it left, it waits, or a person must find another way."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from storage.tables import Case, Letter, Message, Participant
from templates.words import channel as name_of
from workflow import letters, outbox, receipt, tasks
from workflow.office import Act
from workflow.record import lock, lock_if_free, note, standing_of
from workflow.ways import Way, chat_name, is_chat, way_to

log = logging.getLogger("redress.outbox")


def claim_next(act: Act, lease: str, *, channel: str = "email", address: str = "") -> Message | None:
    """Lease the next message that is due and may still be sent this way; None when there is nothing to send.

    To one chat they leave in the order in which they were owed. `address`: only what is for this one.
    """
    return next(iter(claim(act, [lease], channel=channel, address=address)), None)


def claim(act: Act, leases: Sequence[str], *, channel: str = "email", address: str = "") -> list[Message]:
    """The same for several at once, each under its own lease; in chats one to each, for they leave in order."""
    safe: list[Message] = []
    while found := outbox.claim(
        act.session, act.now, leases[len(safe) :], channel=channel, address=address, in_order=is_chat(channel)
    ):
        kept = [message for message in found if _is_safe_or_never_leaves(act, message)]
        safe += kept
        act.session.flush()
        if len(kept) == len(found):
            break  # of what may leave now that was all, or as much as was asked for
    return safe


def _is_safe_or_never_leaves(act: Act, message: Message) -> bool:
    if _is_safe(act, message):
        return True
    # We hold the message, and verbs lock its case first: each could wait for the other for ever.
    if message.case_id is not None and lock_if_free(act.session, message.case_id) is None:
        outbox.put_back(message, act.now)
        return False
    _never(act, message, f"the person has meanwhile said that {name_of(message.channel)} is not safe for them")
    return False


def settle(act: Act, message: Message) -> Message:
    """The message as it stands now. Its case is locked first, as every verb does, so that the two never deadlock."""
    if message.case_id is not None:
        lock(act.session, message.case_id)
    return act.session.get_one(Message, message.id)


def left(act: Act, message: Message) -> None:
    """The relay or messenger took it: that, and what the letter's leaving means for its case."""
    outbox.sent(message, act.now)
    problem = _attempt(act, message, lambda: letters.relayed(act, message, act.now))
    if problem is not None:
        _left_out_of_turn(act, message, problem)


def waits(
    act: Act, message: Message, reason: str, *, may_have_left: bool = False, after: timedelta | None = None
) -> None:
    """It could not be delivered now; it is tried again later, or given up after days of trying.

    `may_have_left`: the line broke before the relay's answer to the whole mail, so that the next copy may be a second.
    `after`: how long the relay or messenger told us to wait.
    """
    message.possibly_twice = message.possibly_twice or may_have_left
    if not outbox.not_now(message, act.now, reason, after=after):
        _another_way_or_a_person(act, message, f"given up after {message.tries} tries: {reason}")


def failed(act: Act, message: Message, reason: str) -> None:
    """It can't be delivered: a person must find another way, and the duty it would have met is still owed.

    A chat that refuses us is written to no more until its person writes there again; what it was to carry goes by
    the next safe way, and a person is told.
    """
    if is_chat(message.channel):
        _close_chat(act, message)
    _never(act, message, reason)


def _never(act: Act, message: Message, reason: str) -> None:
    outbox.never(message, act.now, reason)
    _another_way_or_a_person(act, message, reason)


def _close_chat(act: Act, message: Message) -> None:
    chat = chat_name(message.channel, message.address)
    for participant in act.session.exec(select(Participant).where(Participant.chat == chat)):
        participant.chat_closed_at = participant.chat_closed_at or act.now
        act.session.add(participant)
    act.session.flush()


def _another_way_or_a_person(act: Act, message: Message, why: str) -> None:
    """What a chat could not carry goes by the person's next safe way; for all else a person finds one."""
    way = _sent_again(act, message) if is_chat(message.channel) else None
    if way is None:
        _tell_a_person(act, message, why)
        return
    case = act.session.get_one(Case, message.case_id)
    what, ways = message.kind.replace("_", " "), (name_of(message.channel), name_of(way.channel))
    words = f"A message ({what}) could not be sent by {ways[0]}: {why}. It goes by {ways[1]} instead."
    tasks.add(act, case, "not_sent", f"not_sent:{message.id}", f"{words} Check that this suits the person.",
              {"message": message.id})  # fmt: skip


def _sent_again(act: Act, message: Message) -> Way | None:
    """The letter or receipt that this was, owed once more by another safe way; None where there is none."""
    participant = act.session.get(Participant, message.participant_id) if message.participant_id else None
    way = way_to(participant, without=message.channel) if participant else None
    if participant is None or way is None or message.case_id is None:
        return None
    case = act.session.get_one(Case, message.case_id)
    if message.letter_id is not None:
        letters.send_by(act, case, act.session.get_one(Letter, message.letter_id), participant, way)
        return way
    standing = standing_of(act.session, case, act.now)
    return way if message.kind == "receipt" and receipt.send_by(act, case, participant, way, standing) else None


def _is_safe(act: Act, message: Message) -> bool:
    """A person's choice binds what was owed before they made it, too."""
    participant = act.session.get(Participant, message.participant_id) if message.participant_id else None
    return participant is None or message.channel not in participant.avoid


def _attempt(act: Act, message: Message, consequence: Callable[[], None]) -> Exception | None:
    """Let the case follow; where it can't, what happened to the message still stands, or it would happen again."""
    act.session.flush()
    try:
        with act.session.begin_nested():
            consequence()
    except SQLAlchemyError:
        raise  # the whole can be tried again
    except Exception as error:  # noqa: BLE001 (whatever it is: undone, the mail would leave again and again)
        log.error("message %s was dealt with, but its case did not follow: %s", message.number, type(error).__name__)
        return error
    return None


def _tell_a_person(act: Act, message: Message, why: str) -> None:
    letter = act.session.get(Letter, message.letter_id) if message.letter_id else None
    is_first = letter is not None and letter.not_served_at is None
    # A letter that is not served makes a task of its own.
    if is_first and _attempt(act, message, lambda: letters.not_served(act, message, why)) is None:
        return
    if message.case_id is not None:
        case = act.session.get_one(Case, message.case_id)
        words = f"A message ({message.kind.replace('_', ' ')}) could not be sent: {why}. Use a letter or the telephone."
        tasks.add(act, case, "not_sent", f"not_sent:{message.id}", words, {"message": message.id})
    elif letter is None:
        tasks.of_staff_mail(act, message, why)


def _left_out_of_turn(act: Act, message: Message, problem: Exception) -> None:
    """Someone moved the case between approving a letter and its leaving, such as by withdrawing the complaint."""
    letter = act.session.get_one(Letter, message.letter_id)
    letter.relayed_at = act.now
    case = act.session.get_one(Case, letter.case_id)
    data = {"letter": letter.id, "kind": letter.kind, "meant": letter.on_relayed}
    note(act, case, "letter.sent", because="it left after the case had moved on", data=data)
    words = f"A letter ({letter.kind.replace('_', ' ')}) left after the case had moved on: {problem}. Check the case."
    tasks.add(act, case, "sent_out_of_turn", f"sent_out_of_turn:{letter.id}", words, {"letter": letter.id})
