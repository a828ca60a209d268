"""Mail in and out, wired to this installation: which addresses are ours, the receivers, the sender."""

import asyncio
import os
import threading
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlmodel import select

from app.channels import report
from app.house import House
from app.settings import host_and_port, taken
from app.wiring import Served
from mailroom.imap_receiver import ImapReceiver
from mailroom.sender import EmailSender, send_due
from mailroom.smtp_limits import SmtpSettings
from mailroom.smtp_receiver import SmtpReceiver
from storage.database import reading
from storage.tables import Address
from workflow.tokens import message_of, participant_of

NOTE_EVERY = timedelta(minutes=1)


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
        house.journal, lambda address: _is_ours_soon(house, address), house.clock, settings, lambda: _free_bytes(house)
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


def served_smtp(house: House) -> Served:
    """Listening for mail; starting raises BrokenSetting when the port is not to be had."""
    receiver, where = smtp_receiver(house), house.settings.smtp_listen

    async def listen() -> None:
        try:
            await receiver.start(*host_and_port(where))
        except OSError as error:
            raise taken("SMTP_LISTEN", where) from error

    return Served(listen, receiver.stop)


def served_imap(house: House) -> Served:
    """Reading the mailbox in a thread of its own until told to stop."""
    stop = threading.Event()
    thread = threading.Thread(target=imap_receiver(house).run, args=(stop,), name="imap", daemon=True)

    async def begin() -> None:
        thread.start()

    async def end() -> None:
        stop.set()
        await asyncio.to_thread(thread.join, 5)

    return Served(begin, end)


class Outgoing:
    """Sends what is due over one kept connection, and notes how the relay fares; sends nothing when none is set."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._worker = f"{os.getpid()}"
        url = house.settings.smtp_relay
        self._sender = EmailSender(url, hostname=house.settings.mail_domain) if url else None
        self._noted: tuple[str | None, datetime] | None = None

    async def send(self) -> int:
        """How many the relay took."""
        if self._sender is None:
            return 0
        house = self._house
        sent = await send_due(house.engine, house.office, self._sender, house.clock, lease_name=self._worker)
        await asyncio.to_thread(self._note, self._sender.trouble)
        return sent

    async def close(self) -> None:
        if self._sender is not None:
            await self._sender.close()

    def _note(self, trouble: str | None) -> None:
        """Written down when it changes, and every minute: not at every tick."""
        now = self._house.clock()
        if self._noted is None or self._noted[0] != trouble or now - self._noted[1] > NOTE_EVERY:
            report(self._house, "relay", trouble)
            self._noted = trouble, now


def is_ours(house: House, address: str) -> bool:
    """Whether mail to this address is for us: a mailbox of an organisation, a reply address or a bounce address."""
    return _is_signed(house, address) or _is_mailbox(house, address)


async def _is_ours_soon(house: House, address: str) -> bool:
    """The same for the event loop, which must not wait for the database."""
    return _is_signed(house, address) or await asyncio.to_thread(_is_mailbox, house, address)


def _is_signed(house: House, address: str) -> bool:
    """Whether it is a reply or bounce address that only we could have made."""
    local, _, domain = address.rpartition("@")
    if domain != house.office.mail_domain or local[:2] not in ("r-", "b-"):
        return False
    keyring = house.office.keyring
    return participant_of(keyring, address) is not None or message_of(keyring, address) is not None


def _is_mailbox(house: House, address: str) -> bool:
    with reading(house.engine) as session:
        return session.exec(select(Address.id).where(Address.address == address)).first() is not None


def _free_bytes(house: House) -> int:
    url = urlsplit(house.settings.database)
    place = house.settings.home if url.scheme != "sqlite" else os.path.dirname(url.path) or "."  # noqa: PTH120 - a plain string
    free = os.statvfs(place)
    return free.f_bavail * free.f_frsize
