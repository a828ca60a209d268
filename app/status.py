"""How the installation fares: contacts, cases, outbox, channels, calendar; for `redress status` and /health."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from app.house import House
from app.wiring import CHANNELS
from storage import chat
from storage.database import reading
from storage.tables import Case, ChannelStatus, Contact, MailboxMessage, Mark, Message, Organisation
from workflow import outbox
from workflow.alarms import open_alarms
from workflow.working_days import covers_until

STANDINGS = ("filed", "waiting", "quarantined", "automatic")


class Health(NamedTuple):
    """What does not work, by name; and what works but wants a person, for which no program should be restarted."""

    wrong: list[str]
    warnings: list[str]


def status(house: House) -> dict[str, Any]:
    """The figures of `redress status --json`; received is always the sum of the other four."""
    with reading(house.engine) as session:
        contacts = {standing: _count(session, Contact.standing == standing, Contact.id) for standing in STANDINGS}
        return {
            "contacts": {"received": sum(contacts.values()), **contacts},
            "cases": _cases(house, session),
            "outbox": _outbox(session),
            "channels": _channels(house, session),
            "calendar": {"covers_until": min(covers_until(nation) for nation in _nations(session)).isoformat()},
        }


def is_held(session: Session) -> bool:
    """Whether mail is held since a restore, until the operator says `redress resume`."""
    return session.get(Mark, outbox.HELD) is not None


def _cases(house: House, session: Session) -> dict[str, int]:
    is_open = col(Case.state) == "open"
    return {
        "open": _count(session, is_open, Case.id),
        "closed": _count(session, Case.state == "closed", Case.id),
        "overdue": _count(session, and_(is_open, col(Case.next_due) <= house.clock()), Case.id),
        "urgent": _count(session, and_(is_open, col(Case.urgent_at).is_not(None)), Case.id),
    }


def _outbox(session: Session) -> dict[str, int]:
    return {
        "waiting": _count(session, col(Message.closed_at).is_(None), Message.id),
        "sent": _count(session, col(Message.sent_at).is_not(None), Message.id),
        "failed": _count(session, col(Message.given_up_at).is_not(None), Message.id),
        "bounced": _count(session, col(Message.bounced_at).is_not(None), Message.id),
    }


def _channels(house: House, session: Session) -> dict[str, dict[str, Any]]:
    is_on = {channel.name: channel.is_on(house.settings) for channel in CHANNELS}
    rows = {row.channel: row for row in session.exec(select(ChannelStatus))}
    channels = {name: _channel(on, rows.get(name)) for name, on in is_on.items()}
    for name in (channel.name for channel in CHANNELS if channel.is_chat):
        channels[name] |= chat.unhandled(session, name)._asdict()
    if is_on["smtp"] and (last := _last_mail(session)):
        channels["smtp"]["last_ok"] = max(last.isoformat(), channels["smtp"]["last_ok"] or "")
    return channels


def _last_mail(session: Session) -> datetime | None:
    """When a mail last came in that no mailbox of ours brought."""
    from_mailbox = exists().where(col(MailboxMessage.contact_key) == Contact.key)
    query = select(Contact.received_at).where(Contact.channel == "email", ~from_mailbox)
    return session.exec(query.order_by(col(Contact.id).desc()).limit(1)).first()


def _channel(is_on: bool, row: ChannelStatus | None) -> dict[str, Any]:
    last_ok = row.last_ok.isoformat() if row and row.last_ok else None
    return {"on": is_on, "last_ok": last_ok, "error": row.error if row else None}


def _nations(session: Session) -> list[str]:
    return list(session.exec(select(Organisation.nation).distinct())) or ["england-and-wales"]


def _count(session: Session, condition: Any, column: Any) -> int:
    return session.exec(select(func.count(column)).where(condition)).one()


def health(house: House) -> Health:
    """The names of what does not work, and of what a person should look at: nothing else, since anyone may ask."""
    try:
        with reading(house.engine) as session:
            channels = _channels(house, session).items()
            wrong = [name for name, channel in channels if channel["on"] and channel["error"]]
            warnings = {task.kind for task in open_alarms(house.act(session))}
            warnings |= {"outgoing_held"} if is_held(session) else set()
            warnings |= {"quarantine"} if _count(session, Contact.standing == "quarantined", Contact.id) else set()
    except SQLAlchemyError:
        return Health(["database"], [])
    return Health(wrong + (["journal"] if house.journal.broken else []), sorted(warnings))
