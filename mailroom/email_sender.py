"""How we reach people by email: hands one message at a time to the relay, over one connection that is kept."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aiosmtplib import SMTP, SMTPException

from mailroom.relay import relay
from mailroom.verdicts import Never, NotNow, Step, verdict
from mailroom.wire import as_bytes
from mailroom.wire_words import mailbox
from storage.tables import Message

MOST_SECONDS = 60.0
# How many time-outs each step may take: 9 minutes in all at most, with a line that breaks once: less than a lease.
# The relay may look into a mail before it says yes; giving up on it too soon makes second copies.
PATIENCE: Mapping[Step, float] = {"connect": 1, "sender": 0.5, "recipient": 1, "data": 5}


@dataclass(frozen=True)
class Mail:
    """A mail with its envelope."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def needs_utf8(self) -> bool:
        """Whether an address has signs outside ASCII before its @, which only relays with SMTPUTF8 take."""
        return not (self.sender + self.recipient).isascii()


class EmailSender:
    """Delivers messages through the relay. One event loop's, which must `close` it in the end."""

    def __init__(self, relay_url: str, *, hostname: str | None = None, timeout: float = MOST_SECONDS) -> None:
        """`hostname` is how we greet the relay; `timeout` is for an answer of its, in seconds, a minute at most.

        Raises ValueError for a URL that `mailroom.relay` does not take.
        """
        if not 0 < timeout <= MOST_SECONDS:
            raise ValueError(f"the relay's answers are waited for {MOST_SECONDS:.0f} seconds at most")
        self._relay = relay(relay_url)
        self._hostname, self._timeout = hostname, timeout
        self._smtp: SMTP | None = None
        self._lock = asyncio.Lock()
        self.trouble: str | None = None  # why the relay took nothing when it was last asked; None while it works

    async def deliver(self, message: Message) -> None:
        """Returns once the relay has said yes. Raises NotNow or Never."""
        mail = _mail(message)
        async with self._lock:
            try:
                await self._deliver(mail)
            except (NotNow, Never) as no:
                no.reason = _without(mail.recipient, no.reason)
                self.trouble = no.reason if isinstance(no, NotNow) and no.is_relay else None
                if isinstance(no, NotNow) and (no.is_relay or no.may_have_left):
                    self._hang_up()
                raise
            except BaseException:
                self._hang_up()  # cancelled half-way: the next mail must not be mixed with this one
                raise
            self.trouble = None

    async def close(self) -> None:
        """Say goodbye to the relay."""
        if self._smtp is not None and self._smtp.is_connected:
            with suppress(SMTPException, OSError):
                await self._smtp.quit(timeout=5)
        self._hang_up()

    async def _deliver(self, mail: Mail) -> None:
        smtp = await self._begin(mail)
        encoding = "utf-8" if mail.needs_utf8 else "ascii"
        try:
            async with self._step("recipient"):
                await smtp.rcpt(mail.recipient, encoding=encoding)
        except (NotNow, Never) as no:
            if isinstance(no, Never) or not no.is_relay:
                await self._forget_sender(smtp)
            raise
        async with self._step("data"):
            await smtp.data(mail.raw, timeout=None)

    async def _forget_sender(self, smtp: SMTP) -> None:
        try:
            await smtp.rset(timeout=10)
        except (SMTPException, OSError):
            self._hang_up()

    async def _begin(self, mail: Mail) -> SMTP:
        """Name the sender. A kept connection may have been closed meanwhile, which says nothing about this mail."""
        is_kept = self._smtp is not None
        try:
            return await self._name_sender(mail)
        except NotNow as no:
            if not is_kept or not no.is_relay:
                raise
        self._hang_up()
        return await self._name_sender(mail)

    async def _name_sender(self, mail: Mail) -> SMTP:
        async with self._step("connect"):
            smtp = await self._connected()
        if mail.needs_utf8 and not smtp.supports_extension("smtputf8"):
            raise Never(None, "the relay takes no addresses outside ASCII (SMTPUTF8)")
        async with self._step("sender"):
            encoding = "utf-8" if mail.needs_utf8 else "ascii"
            await smtp.mail(mail.sender, options=_options(smtp, mail), encoding=encoding)
        return smtp

    async def _connected(self) -> SMTP:
        if self._smtp is not None and self._smtp.is_connected:
            return self._smtp
        self._smtp = SMTP(
            hostname=self._relay.host,
            port=self._relay.port,
            username=self._relay.user,
            password=self._relay.password,
            local_hostname=self._hostname,
            timeout=self._timeout,
            use_tls=self._relay.tls == "at once",
            start_tls=self._relay.tls == "starttls",
        )
        await self._smtp.connect()
        if self._smtp.is_ehlo_or_helo_needed:
            await self._smtp.ehlo()
        return self._smtp

    @asynccontextmanager
    async def _step(self, step: Step) -> AsyncIterator[None]:
        """Within it, errors of the relay and the network become NotNow or Never."""
        try:
            async with asyncio.timeout(self._timeout * PATIENCE[step]):
                yield
        except (SMTPException, OSError, TimeoutError) as error:
            raise verdict(error, step) from error

    def _hang_up(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


def _mail(message: Message) -> Mail:
    try:
        return Mail(mailbox(message.envelope_sender), mailbox(message.address), as_bytes(message))
    except ValueError as error:
        raise Never(None, str(error)) from error


def _options(smtp: SMTP, mail: Mail) -> list[str]:
    offered = {
        "size": f"SIZE={len(mail.raw)}",
        "8bitmime": "" if mail.raw.isascii() else "BODY=8BITMIME",
        "smtputf8": "SMTPUTF8" if mail.needs_utf8 else "",
    }
    return [option for name, option in offered.items() if option and smtp.supports_extension(name)]


def _without(address: str, reason: str) -> str:
    """What the relay said, short, on one line, and without the person's address, for it is shown and kept."""
    return re.sub(re.escape(address), "the address", " ".join(reason.split()), flags=re.IGNORECASE)[:300]
