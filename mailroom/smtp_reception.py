"""What the SMTP receiver says to each command: whose mail we take, and yes only once it is durable."""

import asyncio
import inspect
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import Envelope, Session

from mailroom.smtp_addresses import is_deliverable, recipient
from mailroom.smtp_data import is_irregular
from mailroom.smtp_known import Known
from mailroom.smtp_limits import SmtpSettings
from storage.journal import Arrival, Journal, NotStored, Stored

if TYPE_CHECKING:
    from mailroom.smtp_session import SmtpSession

log = logging.getLogger("redress.mailroom.smtp")


@dataclass(frozen=True)
class Reception:
    """Answers for every session. `is_ours` may raise: then the sender is asked to try again."""

    journal: Journal
    is_ours: Callable[[str], Awaitable[bool] | bool]
    clock: Callable[[], datetime]
    free_bytes: Callable[[], int]
    settings: SmtpSettings
    known: Known = field(default_factory=Known)

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, _server: "SmtpSession", _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender, if there is room for what it announces."""
        return self.take_sender(envelope, address, options)

    def take_sender(self, envelope: Envelope, address: str, options: Sequence[str]) -> str:
        """The same, which never has to wait."""
        if _announced_size(options) > self.settings.most_bytes:
            return self.settings.too_large
        if self.free_bytes() < self.settings.room_needed:
            return "452 4.3.1 Not enough room, please try again later"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: "SmtpSession", _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient that is ours."""
        if len(envelope.rcpt_tos) >= self.settings.most_recipients:
            return "452 4.5.3 Too many recipients"
        if not is_deliverable(address):
            return server.refuse("553 5.1.3 We don't take mail to such an address")
        try:
            is_ours = await self._knows(recipient(address))
        except Exception as error:  # noqa: BLE001 (whatever it is, it is not the sender's fault)
            return self.later(error)
        if not is_ours:
            return server.refuse(self._not_ours(address))
        self.known.add(recipient(address))
        return self.take_recipient(envelope, address)

    def remembers(self, address: str) -> bool:
        """Whether this one was found to be ours a moment ago, so that nobody has to be asked."""
        return address.lower() in self.known

    def take_recipient(self, envelope: Envelope, address: str) -> str:
        """One of ours, unless there are too many already."""
        if len(envelope.rcpt_tos) >= self.settings.most_recipients:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: "SmtpSession", session: Session, envelope: Envelope
    ) -> str:
        """Store a mail for each of its recipients; yes only when all of them are durable."""
        arrivals = self._arrivals(server.peer, session, envelope)
        try:
            async with asyncio.timeout(self.settings.commit_seconds):
                stored = await self.journal.store_all(arrivals)
        except (NotStored, TimeoutError) as error:
            return self.later(error)
        return _accepted(stored)

    def later(self, error: Exception) -> str:
        """Ask to try again, with a number to find our log line by; what went wrong is our business."""
        number = secrets.token_hex(4)
        log.warning("SMTP answer %s: %s %s", number, type(error).__name__, error if _is_plain(error) else "")
        if isinstance(error, NotStored) and error.disk_full:
            return f"452 4.3.1 Not enough room, please try again later ({number})"
        return f"451 4.3.0 Not possible now, please try again later ({number})"

    async def _knows(self, address: str) -> bool:
        if address in self.known:
            return True
        answer = self.is_ours(address)
        return await answer if inspect.isawaitable(answer) else answer

    def _not_ours(self, address: str) -> str:
        _, at, domain = recipient(address).rpartition("@")
        if not at or domain in self.settings.domains:
            return "550 5.1.1 No such mailbox here"
        return "550 5.7.1 Relaying denied"

    def _arrivals(self, peer: str, session: Session, envelope: Envelope) -> list[Arrival]:
        raw = bytes(envelope.content or b"")
        seen = {recipient(address): address for address in reversed(envelope.rcpt_tos)}
        facts: dict[str, Any] = {
            "mail_from": "" if envelope.mail_from == "<>" else envelope.mail_from,
            "peer": peer,
            "helo": session.host_name,
            "smtputf8": envelope.smtp_utf8,
        }
        if is_irregular(raw):
            facts["irregular_line_ends"] = True
        now = self.clock()
        return [Arrival("email", ours, raw, now, facts | {"rcpt_to": theirs}) for ours, theirs in seen.items()]


def _announced_size(options: Sequence[str]) -> int:
    sizes = [option.removeprefix("SIZE=") for option in options if option.startswith("SIZE=")]
    return int(sizes[0]) if sizes else 0  # aiosmtpd has seen to it that they are digits


def _accepted(stored: Sequence[Stored]) -> str:
    word = "Accepted" if any(each.is_new for each in stored) else "Already accepted"
    return f"250 2.0.0 {word} as {stored[0].key[:12]}"


def _is_plain(error: Exception) -> bool:
    """Whether its text is ours, and so free of anything about people."""
    return isinstance(error, NotStored)
