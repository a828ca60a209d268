"""One SMTP session: aiosmtpd's commands and parser, under our own reading loop, limits and refusals."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from mailroom.smtp_addresses import CONTROL
from mailroom.smtp_commands import Goodbye, SmtpCommands
from mailroom.smtp_data import Flood, TooLarge, read_message
from mailroom.smtp_limits import Gate
from mailroom.smtp_reception import Reception

logging.getLogger("mail.log").setLevel(logging.WARNING)  # below it, aiosmtpd writes addresses and whole mails

LONGEST_COMMAND = 1_000
HTTP = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PRI", "PROXY"}


class SmtpSession(SmtpCommands):
    """Talks with one client. Counters live here, not in aiosmtpd's session, which a client can have rebuilt."""

    line_length_limit = 65_536  # what the reader holds at most; lines of a mail may be longer

    def __init__(self, reception: Reception, gate: Gate) -> None:
        self.settings = settings = reception.settings
        # aiosmtpd's timer is our watch: it looks at the time every so often.
        super().__init__(reception, data_size_limit=None, enable_SMTPUTF8=True, hostname=settings.hostname,
                         ident="ESMTP Redress", timeout=settings.shortest_wait / 20,
                         loop=asyncio.get_running_loop())  # fmt: skip
        self.peer = ""
        self.is_taking = False  # a mail, from DATA to our answer
        self.is_leaving = False
        self._reception = reception
        self._gate = gate
        self._is_inside = False
        self._ends_at = self.loop.time() + settings.session_seconds
        self._late_at = self._ends_at
        self._commands_left = settings.most_commands
        self._refusals_left = settings.most_refusals
        self._unknown_left = settings.most_unknown_commands

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

    def eof_received(self) -> bool | None:
        """A client that has nothing more to say may still wait for our answer, so nothing is cancelled."""
        return asyncio.StreamReaderProtocol.eof_received(self)

    def leave(self) -> None:
        """End the session: now, or as soon as the mail being taken is answered."""
        self.is_leaving = True
        if not self.is_taking and self.transport is not None:
            self.transport.write(b"421 4.3.2 Shutting down, please try again later\r\n")
            self.transport.close()

    def cut(self) -> None:
        """End the session at once; whatever was not answered will be sent again."""
        if self.transport is not None:
            self.transport.write(b"421 4.3.2 Shutting down, please try again later\r\n")
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
            self.transport.write(b"421 4.4.2 Timeout, closing\r\n")
            self.transport.close()
        self._reset_timeout()

    async def _handle_client(self) -> None:
        try:
            await self._converse()
        except Goodbye as goodbye:
            with suppress(ConnectionError):
                await self.push(str(goodbye))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client is gone; what it had not finished is not stored
        finally:
            self._writer.close()

    async def _converse(self) -> None:
        if not self._is_inside:
            raise Goodbye("421 4.7.0 Too many connections, please try again later")
        await self.push(f"220 {self.hostname} {self.__ident__}")
        line = await self._first_line()
        while True:
            await self._obey(line)
            if self.is_leaving:
                raise Goodbye("421 4.3.2 Shutting down, please try again later")
            line = await self._in_time(self._next_line(), self.settings.command_seconds)

    async def _first_line(self) -> bytes:
        """A TLS hello has no line end: its first byte gives it away."""
        first = await self._in_time(self._reader.readexactly(1), self.settings.command_seconds)
        if not first.isascii() or (CONTROL.match(first.decode()) and first not in b"\r\n"):
            raise Goodbye("421 4.7.0 This is a mail server")
        return first + (
            await self._in_time(self._next_line(), self.settings.command_seconds) if first != b"\n" else b""
        )

    async def _next_line(self) -> bytes:
        try:
            return bytes(await self._reader.readuntil(b"\n"))
        except asyncio.LimitOverrunError:
            raise Goodbye("500 5.5.2 Line too long") from None

    async def _in_time(self, reading: Awaitable[bytes], seconds: float) -> bytes:
        """What is read; a client that takes longer is cut off by the watch."""
        self._late_at = min(self.loop.time() + seconds, self._ends_at)
        read = await reading
        self._late_at = self._ends_at + self.settings.command_seconds  # we are not waiting for the client now
        return read

    async def _obey(self, line: bytes) -> None:
        try:
            await self._carry_out(line)
        except (Goodbye, ConnectionError, asyncio.IncompleteReadError):
            raise
        except Exception as error:  # noqa: BLE001 (never a no because something of ours failed)
            self._set_post_data_state()
            await self.push(self._reception.later(error))

    async def _carry_out(self, line: bytes) -> None:
        word, _, rest = line.rstrip(b"\r\n").partition(b" ")
        command = word.upper().decode("ascii", "replace")
        if command in HTTP:
            raise Goodbye("421 4.7.0 This is a mail server")
        if wrong := _what_is_wrong(line):
            await self.push(wrong)
            return
        self._count(command)
        method: Callable[[Any], Awaitable[None]] = self._smtp_methods.get(command, self._unknown)
        await method(rest.decode().strip() or None)

    def _count(self, command: str) -> None:
        if command != "RCPT":  # those have a limit of their own
            self._commands_left -= 1
        if self._commands_left < 0:
            raise Goodbye("421 4.7.0 Too many commands")

    async def _unknown(self, _argument: str | None) -> None:
        self._unknown_left -= 1
        if self._unknown_left <= 0:
            raise Goodbye("421 4.7.0 Too many unknown commands")
        await self.push("500 5.5.2 Command not recognized")

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 (aiosmtpd's name)
        """Read a mail and answer for it."""
        if not self.envelope.rcpt_tos or arg:
            await self.push("501 5.5.4 Syntax: DATA" if arg else "503 5.5.1 Need RCPT first")
            return
        self.is_taking = True
        try:
            await self.push(await self._take())
        finally:
            self.is_taking = False
            self._set_post_data_state()

    async def _take(self) -> str:
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        reading = read_message(self._reader, self.settings.most_bytes)
        try:
            self.envelope.content = await self._in_time(reading, self.settings.data_seconds)
        except TooLarge:
            return self.settings.too_large
        except Flood:
            raise Goodbye("421 4.3.4 Message too large, closing") from None
        reply = await self._reception.handle_DATA(self, self.session, self.envelope)
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
