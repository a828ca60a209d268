"""The outbox: what is owed is written down with the event that owes it, and sent once by any number of workers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.tables import Case, Mark, Message
from storage.types import UtcDateTime
from workflow import bodies
from workflow.office import Act, Office
from workflow.tokens import bounce_address, message_of

LEASE = timedelta(minutes=10)
RETRY_AFTER = (1, 5, 15, 60)  # minutes; then hourly
GIVE_UP_AFTER = timedelta(days=5)
LEAST_TRIES = 24  # days of our own downtime, or held after a restore, must not use up the five days
PUT_BACK = timedelta(minutes=1)
UNREACHED = "not reached: "  # how an error begins that is the relay's or the network's, not the message's
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
HELD = "outgoing_held"  # a mark: after a restore nothing goes out until the operator confirms


@dataclass(frozen=True)
class Words:
    """A message as written: plain text, and HTML where the medium has it."""

    subject: str
    text: str
    html: str | None = None


@dataclass(frozen=True)
class To:
    """Whom a message goes to."""

    address: str
    channel: str = "email"
    participant_id: int | None = None
    staff_id: int | None = None


@dataclass(frozen=True)
class Thread:
    """What a message answers, so that mail programs show it in its place."""

    in_reply_to: str | None = None
    references: str | None = None
    reply_to: str | None = None


def owe(
    act: Act,
    key: str,
    kind: str,
    to: To,
    words: Words,
    *,
    case: Case | None = None,
    organisation_id: int | None = None,
    letter_id: int | None = None,
    automatic: bool = True,
    send_after: datetime | None = None,
    thread: Thread | None = None,
    first_time: bool = False,
) -> Message | None:
    """Put a message in the outbox, with everything that its bytes depend on fixed now. None: it is owed already.

    `organisation_id`: in whose name it goes where it is about no case. `first_time`: what owes it was made in this very
    transaction, so that nobody need look whether it is owed.

    Raises ValueError for a line break or other control character in an address or subject: nothing is owed then.
    """
    if not first_time and act.session.exec(select(Message.id).where(Message.key == key)).first() is not None:
        return None
    thread = thread or Thread()
    number = int(sha256(key.encode()).hexdigest()[:15], 16)  # at most matching.MOST_NUMBER
    sender_name, sender = _from(
        act, organisation_id if case is None else case.organisation_id, case.service_id if case else None
    )
    _refuse_controls(words.subject, sender, sender_name, to.address if to.channel == "email" else "")
    message = Message(
        key=key,
        number=number,
        case_id=case.id if case else None,
        letter_id=letter_id,
        participant_id=to.participant_id,
        staff_id=to.staff_id,
        channel=to.channel,
        kind=kind,
        is_automatic=automatic,
        address=to.address,
        subject=words.subject,
        text=words.text,
        html=words.html,
        sender=sender,
        sender_name=sender_name,
        reply_to=thread.reply_to,
        envelope_sender=bounce_address(act.office.keyring, str(number), act.office.mail_domain),
        message_id=message_id(act.office, number),
        in_reply_to=thread.in_reply_to,
        references=thread.references,
        created_at=act.now,
        send_after=send_after or act.now,
    )
    act.session.add(message)
    return message


def message_id(office: Office, number: int) -> str:
    """The Message-ID of a message of ours: only we could have made it."""
    return f"<{number}.{office.keyring.sign('message', str(number))}@{office.mail_domain}>"


def claim_next(
    session: Session, now: datetime, lease: str, *, channel: str = "email", address: str = "", in_order: bool = False
) -> Message | None:
    """Lease the message that has been due longest to one worker; None when there is nothing to send.

    `lease` must be a name never used before, so that nobody's result can pass for another's. `address`: of that one
    alone. `in_order`: nothing overtakes what was owed earlier to the same address and is due, or was tried.
    """
    found = claim(session, now, [lease], channel=channel, address=address, in_order=in_order)
    return found[0] if found else None


def claim(
    session: Session,
    now: datetime,
    leases: Sequence[str],
    *,
    channel: str = "email",
    address: str = "",
    in_order: bool = False,
) -> list[Message]:
    """The same for a worker that takes several in hand, each under a lease of its own; as many as there are leases."""
    if not leases or session.get(Mark, HELD) is not None:
        return []
    facts = {"now": now, "channel": channel, "address": address, "most": len(leases)}
    found = session.exec(_due(bool(address), in_order), params=facts).all()
    for due, lease in zip(found, leases, strict=False):
        due.possibly_twice = due.possibly_twice or due.lease is not None  # the earlier holder died with it in hand
        due.lease, due.leased_until = lease, now + LEASE
        session.add(due)
    return list(found)


@cache  # working a query out costs several times what asking it does
def _due(to_one: bool, in_order: bool) -> SelectOfScalar[Message]:
    now: BindParameter[datetime] = bindparam("now", type_=UtcDateTime())
    query = select(Message).where(
        col(Message.closed_at).is_(None),
        Message.channel == bindparam("channel"),
        Message.send_after <= now,
        or_(col(Message.leased_until).is_(None), col(Message.leased_until) < now),
    )
    if to_one:
        query = query.where(Message.address == bindparam("address"))
    if in_order:
        query = query.where(~_earlier(now))
    query = query.order_by(col(Message.send_after), col(Message.id)).limit(bindparam("most"))
    return query.with_for_update(skip_locked=True, of=Message)


def _earlier(now: "BindParameter[datetime]") -> ColumnElement[bool]:
    """Whether something owed before to the same address must leave first."""
    before = aliased(Message)
    return exists().where(
        col(before.closed_at).is_(None),
        col(before.channel) == Message.channel,
        col(before.address) == Message.address,
        col(before.id) < col(Message.id),
        or_(col(before.send_after) <= now, col(before.tries) > 0),
    )


def put_back(message: Message, now: datetime) -> None:
    """Whoever has just leased it can't go on with it now: another looks again in a minute."""
    message.lease = message.leased_until = None
    message.send_after = now + PUT_BACK


def is_ours(session: Session, message: Message, lease: str) -> bool:
    """Whether this worker's lease still holds; a worker that was paused must not write over another's result."""
    held = update(Message).where(
        col(Message.id) == message.id, col(Message.lease) == lease, col(Message.closed_at).is_(None)
    )
    return bool(session.execute(held.values(leased_until=message.leased_until)).rowcount)  # type: ignore[attr-defined]  # a CursorResult


def not_now(message: Message, now: datetime, error: str, *, after: timedelta | None = None) -> bool:
    """The relay said later, or could not be reached: try again in a while. False once it has been given up.

    `after`: how long it told us to wait, where it did.
    """
    message.tries += 1
    message.last_error, message.lease, message.leased_until = error, None, None
    if now - message.created_at > GIVE_UP_AFTER and message.tries >= LEAST_TRIES:
        message.given_up_at = message.closed_at = now
        return False
    wait = RETRY_AFTER[min(message.tries, len(RETRY_AFTER)) - 1]
    spread = 1 + (message.number % 20) / 100  # so that a queue does not come back all at one instant
    message.send_after = now + (after or timedelta(minutes=wait) * spread)
    return True


def hurry(session: Session, now: datetime, *, channel: str = "email") -> int:
    """The relay or messenger is back: what waits only because it could not be reached is due at once; how many."""
    waiting = update(Message).where(
        col(Message.channel) == channel,
        col(Message.closed_at).is_(None),
        col(Message.send_after) > now,
        col(Message.last_error).startswith(UNREACHED),
    )
    return int(session.execute(waiting.values(send_after=now)).rowcount)  # type: ignore[attr-defined]  # a CursorResult


def never(message: Message, now: datetime, error: str) -> None:
    """The relay said no for good."""
    message.tries += 1
    message.last_error, message.lease, message.leased_until = error, None, None
    message.given_up_at = message.closed_at = now


def sent(message: Message, now: datetime) -> None:
    """The relay took it, or a person posted it."""
    message.lease = message.leased_until = message.last_error = None
    message.sent_at = message.closed_at = now


def recall(session: Session, letter_id: int, now: datetime) -> bool:
    """Take back what has not left yet; False when any of it has."""
    # Locked, so that no sender can lease one between our look and our commit.
    messages = session.exec(select(Message).where(Message.letter_id == letter_id).with_for_update()).all()
    if any(message.sent_at or message.lease or message.possibly_twice for message in messages):
        return False
    for message in messages:
        message.recalled_at = message.closed_at = now
    return True


def bounced_message(act: Act, address: str) -> Message | None:
    """The message whose envelope sender this is; None for a forged or foreign address."""
    number = message_of(act.office.keyring, address)
    if number is None:
        return None
    return act.session.exec(select(Message).where(Message.number == number)).first()


def _from(act: Act, organisation_id: int | None, service_id: int | None) -> tuple[str, str]:
    """The organisation's name and its own mailbox, so that nobody is named and answers come home."""
    if organisation_id is None:
        return "Redress", f"no-reply@{act.office.mail_domain}"
    rows = bodies.addresses(act.session, organisation_id)
    own = next((row for row in rows if row.service_id == service_id), next(iter(rows), None))
    name = bodies.organisation(act.session, organisation_id).name
    return name, own.address if own else f"complaints@{act.office.mail_domain}"


def _refuse_controls(*fields: str) -> None:
    """A line break in a header would let whoever wrote it add headers of their own."""
    if any(CONTROL.search(field) for field in fields):
        raise ValueError("an address, name or subject of a message has a control character in it")
