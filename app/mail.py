"""Mail that is brought to us by SMTP, wired to this installation: the receiver, and which addresses are ours."""

import asyncio
import os
from urllib.parse import urlsplit

from sqlmodel import select

from app.house import House
from app.settings import host_and_port, taken
from app.wiring import Served
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
        house.journal, lambda address: _is_ours_soon(house, address), house.clock, settings, lambda: _free_bytes(house)
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
