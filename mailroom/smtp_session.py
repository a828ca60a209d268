"""One SMTP session: who may come in, when it ends, and what is said to each command."""

import asyncio
import logging

from mailroom.smtp_addresses import CONTROL, plain_command
from mailroom.smtp_commands import Goodbye
from mailroom.smtp_data import Incoming
from mailroom.smtp_hearing import LEAVING, NO_MAIL, Hearing
from mailroom.smtp_limits import Gate
from mailroom.smtp_reception import Reception

logging.getLogger("mail.log").setLevel(logging.WARNING)  # below it, aiosmtpd writes addresses and whole mails

LONGEST_COMMAND = 1_000
HTTP = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PRI", "PROXY"}


class SmtpSession(Hearing):
    """Talks with one client. Counters live here, not in aiosmtpd's session, which a client can have rebuilt."""

    def __init__(self, reception: Reception, gate: Gate) -> None:
        super().__init__(reception, reception.settings)
        self.peer = ""
        self._gate = gate
        self._is_inside = False
        self._refusals_left = self.settings.most_refusals
        self._unknown_left = self.settings.most_unknown_commands

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the client in, or refuse it with the first words."""
        self.peer = str((transport.get_extra_info("peername") or [""])[0])
        self._is_inside = self._gate.enter(self.peer)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the client; what is being committed goes on."""
        super().connection_lost(error)
        if self._is_inside:
            self._is_inside = False
            self._gate.leave(self.peer)

    def leave(self) -> None:
        """End the session: now, or as soon as the mail being taken is answered."""
        self.is_leaving = True
        if not self.is_taking:
            self.part(LEAVING)

    def cut(self) -> None:
        """End the session at once; whatever was not answered will be sent again."""
        if self.transport is not None:
            self.transport.write(LEAVING.encode() + b"\r\n")
            self.transport.abort()

    def refuse(self, reply: str) -> str:
        """The reply to a recipient we refuse; too many of them, with none taken, end the session."""
        self._refusals_left -= 1
        if self._refusals_left <= 0 and not self.envelope.rcpt_tos:
            raise Goodbye("421 4.7.0 Too many errors")
        return reply

    def _timeout_cb(self) -> None:
        """Look at the time: a client that is late is told so, and cut off when it does not even take that."""
        if self.transport.is_closing():
            self.transport.abort()
        elif self.loop.time() > self._late_at:
            self.part("421 4.4.2 Timeout, closing")
        self._reset_timeout()

    async def _greet(self) -> None:
        if not self._is_inside:
            raise Goodbye("421 4.7.0 Too many connections, please try again later")
        await self.push(f"220 {self.hostname} {self.__ident__}")

    async def _carry_out(self, line: bytes) -> None:
        word, _, rest = line.rstrip(b"\r\n").partition(b" ")
        command = word.upper().decode("ascii", "replace")
        if command in HTTP:
            raise Goodbye(NO_MAIL)
        if wrong := _what_is_wrong(line):
            await self.push(wrong)
            return
        await self._smtp_methods.get(command, self._unknown)(rest.decode().strip() or None)

    async def _unknown(self, _argument: str | None) -> None:
        self._unknown_left -= 1
        if self._unknown_left <= 0:
            raise Goodbye("421 4.7.0 Too many unknown commands")
        await self.push("500 5.5.2 Command not recognized")

    def _at_once(self, line: bytes) -> str | None:
        """The reply to what a mail server says for each mail, if nothing has to be asked first; None: the long way."""
        match plain_command(line) if self.session.extended_smtp else None:
            case ("MAIL", sender, size) if not self.envelope.mail_from:
                return self.reception.take_sender(self.envelope, sender, [size] if size else [])
            case ("RCPT", address, "") if self.envelope.mail_from and self.reception.remembers(address):
                return self.reception.take_recipient(self.envelope, address)
            case ("DATA", _, _) if self.envelope.rcpt_tos:
                return self._begin_mail()
        return None

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 (aiosmtpd's name)
        """Begin to take a mail."""
        if not self.envelope.rcpt_tos or arg:
            await self.push("501 5.5.4 Syntax: DATA" if arg else "503 5.5.1 Need RCPT first")
            return
        await self.push(self._begin_mail())

    def _begin_mail(self) -> str:
        self._incoming = Incoming(self.settings.most_bytes)
        return "354 End data with <CR><LF>.<CR><LF>"

    async def _answer(self, mail: Incoming) -> None:
        """Say whether we have it, and be ready for the next."""
        try:
            await self.push(await self._keep(mail))
        finally:
            self._incoming = None
            self._set_post_data_state()

    async def _keep(self, mail: Incoming) -> str:
        if mail.is_too_large:
            return self.settings.too_large
        self.envelope.content = mail.text()
        reply = await self.reception.handle_DATA(self, self.session, self.envelope)
        if reply.startswith("250"):
            self._commands_left = self.settings.most_commands
        return reply


def _what_is_wrong(line: bytes) -> str | None:
    """The reply to a line that is no command: never carried out, never echoed."""
    if not line.endswith(b"\r\n"):
        return "500 5.5.2 Lines must end with CR LF"
    if len(line) > LONGEST_COMMAND:
        return "500 5.5.2 Line too long"
    try:
        text = line[:-2].decode()
    except UnicodeDecodeError:
        return "501 5.5.2 Not UTF-8"
    return None if text.strip() and not CONTROL.search(text) else "500 5.5.2 Bad syntax"
