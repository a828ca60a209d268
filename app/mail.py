"""Mail in and out, wired to this installation: which addresses are ours, the receivers, the sender."""

import os
import threading
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from mailroom.imap_receiver import ImapReceiver
from mailroom.sender import EmailSender, send_due
from sqlmodel import select

from app.channels import report
from app.house import House
from mailroom.smtp_limits import SmtpSettings
from mailroom.smtp_receiver import SmtpReceiver
from storage.database import reading
from storage.tables import Address
from workflow.tokens import message_of, participant_of


def smtp_receiver(house: House) -> SmtpReceiver:
    """The SMTP receiver, not yet listening."""
    with reading(house.engine) as session:
        domains = {address.partition("@")[2] for address in session.exec(select(Address.address))}
    settings = SmtpSettings(
        hostname=house.settings.mail_domain,
        domains=frozenset({*domains, house.settings.mail_domain}),
        form_url=house.office.link("/"),
    )
    return SmtpReceiver(
        house.journal, lambda address: is_ours(house, address), house.clock, settings, lambda: _free_bytes(house)
    )


def imap_receiver(house: House) -> ImapReceiver:
    """The IMAP receiver, not yet polling."""
    return ImapReceiver(
        house.journal,
        house.engine,
        house.settings.imap_url,
        house.clock,
        lambda error: report(house, "imap", error),
        is_ours=lambda address: is_ours(house, address),
    )


def watch_mailbox(house: House, stop: threading.Event) -> threading.Thread | None:
    """Read the IMAP mailbox in a thread of its own until told to stop; None when there is no mailbox."""
    if not house.settings.imap_url:
        return None
    thread = threading.Thread(target=imap_receiver(house).run, args=(stop,), name="imap", daemon=True)
    thread.start()
    return thread


def sending(house: House) -> Callable[[], Awaitable[int]]:
    """Sends what is due, over one kept connection; sends nothing when no relay is set."""
    if not house.settings.smtp_relay:
        return _nothing
    sender = EmailSender(house.settings.smtp_relay)
    worker = f"{os.getpid()}"

    async def send() -> int:
        return await send_due(house.engine, house.office, sender, house.clock, lease_name=worker)

    return send


def is_ours(house: House, address: str) -> bool:
    """Whether mail to this address is for us: a mailbox of an organisation, a reply address or a bounce address."""
    local, _, domain = address.rpartition("@")
    if domain == house.office.mail_domain and local[:2] in ("r-", "b-"):
        keyring = house.office.keyring
        return participant_of(keyring, address) is not None or message_of(keyring, address) is not None
    with reading(house.engine) as session:
        return session.exec(select(Address.id).where(Address.address == address)).first() is not None


async def _nothing() -> int:
    return 0


def _free_bytes(house: House) -> int:
    url = urlsplit(house.settings.database)
    place = house.settings.home if url.scheme != "sqlite" else os.path.dirname(url.path) or "."  # noqa: PTH120 - a plain string
    free = os.statvfs(place)
    return free.f_bavail * free.f_frsize
