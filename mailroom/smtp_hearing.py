"""Hearing one SMTP client out: one command or mail at a time, in order, and a task only for what may have to wait."""

import asyncio
import re
from collections.abc import Coroutine
from typing import Any

from mailroom.smtp_commands import Goodbye, SmtpCommands
from mailroom.smtp_data import Flood, Incoming
from mailroom.smtp_limits import SmtpSettings
from mailroom.smtp_reception import Reception

MOST_UNREAD = 65_536  # bytes of one line; of commands sent ahead, the double
NOT_A_WORD = re.compile(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\xff]")
NO_MAIL = "421 4.7.0 This is a mail server"
LEAVING = "421 4.3.2 Shutting down, please try again later"


class Hearing(SmtpCommands):
    """aiosmtpd's commands, but with our own reading: aiosmtpd's wakes a task for each line, and trusts each line."""

    def __init__(self, reception: Reception, settings: SmtpSettings) -> None:
        # aiosmtpd's timer is our watch: it looks at the time every so often.
        super().__init__(reception, data_size_limit=None, enable_SMTPUTF8=True, hostname=settings.hostname,
                         ident="ESMTP Redress", timeout=settings.shortest_wait / 20,
                         loop=asyncio.get_running_loop())  # fmt: skip
        self.settings = settings
        self.reception = reception
        self.is_leaving = False
        self._unread = bytearray()
        self._unsaid: list[str] = []
        self._incoming: Incoming | None = None
        self._is_busy = True  # with the greeting, then with whatever may have to wait
        self._has_spoken = False
        self._has_ended = False  # the client has nothing more to say, but may still wait for our answer
        self._ends_at = self.loop.time() + settings.session_seconds
        self._late_at = self._ends_at
        self._commands_left = settings.most_commands

    @property
    def is_taking(self) -> bool:
        """Whether a mail is on its way, from DATA to our answer."""
        return self._incoming is not None

    def data_received(self, data: bytes) -> None:
        """Hear it, unless something is still being answered."""
        self._unread += data
        if not self._is_busy:
            self._hear()
        elif len(self._unread) > 2 * MOST_UNREAD:
            self.transport.pause_reading()

    def eof_received(self) -> bool:
        """The client has said all it had to say; what it handed over whole is still answered."""
        self._has_ended = True
        if not self._is_busy:
            self._hear()
        return True

    def _hear(self) -> None:
        goodbye = None
        try:
            while self._unread and not self._is_busy and self._hear_next():
                pass
        except Goodbye as said:
            goodbye = str(said)
        self._say_all()
        if goodbye:
            self.part(goodbye)
        if self._has_ended and not self._is_busy:
            self.transport.close()  # what was not whole is not stored

    def _hear_next(self) -> bool:
        """One command or mail; false when it is not whole yet."""
        if self._incoming is not None:
            return self._hear_mail(self._incoming)
        line = self._next_line()
        if line is None:
            return False
        self._count(line)
        try:
            reply = self._at_once(line)
        except Exception:  # noqa: BLE001 (whatever it was, the long way meets it too, and answers for it)
            reply = None
        if reply is None:
            self._begin(self._carry_out(line))
        else:
            self._unsaid.append(reply)
        return True

    def _say_all(self) -> None:
        """What was answered at once, to commands that came together: in one go, as RFC 2920 asks."""
        if self._unsaid:
            self.transport.write("\r\n".join([*self._unsaid, ""]).encode())
            self._unsaid.clear()
            self._wait()

    def _next_line(self) -> bytes | None:
        if not self._has_spoken and NOT_A_WORD.match(self._unread):
            raise Goodbye(NO_MAIL)  # a TLS hello has no line end: its first byte gives it away
        self._has_spoken = True
        end = self._unread.find(b"\n") + 1
        if (end or len(self._unread)) > MOST_UNREAD:
            raise Goodbye("500 5.5.2 Line too long")
        line = bytes(self._unread[:end])
        del self._unread[:end]
        return line or None

    def _count(self, line: bytes) -> None:
        if line[:4].upper() != b"RCPT":  # those have a limit of their own
            self._commands_left -= 1
        if self._commands_left < 0:
            raise Goodbye("421 4.7.0 Too many commands")

    def _hear_mail(self, mail: Incoming) -> bool:
        try:
            is_whole = mail.take(self._unread)
        except Flood:
            raise Goodbye("421 4.3.4 Message too large, closing") from None
        if is_whole:
            self._begin(self._answer(mail))
        return is_whole

    def _wait(self) -> None:
        """For the client: one that takes too long is cut off by the watch."""
        seconds = self.settings.data_seconds if self.is_taking else self.settings.command_seconds
        self._late_at = min(self.loop.time() + seconds, self._ends_at)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._say_all()
        self._is_busy = True
        self._late_at = self._ends_at + self.settings.command_seconds  # we are not waiting for the client now
        self._handler_coroutine = self.loop.create_task(self._finish(work))  # aiosmtpd cancels it with the connection

    async def _handle_client(self) -> None:
        """aiosmtpd begins with this task when somebody has connected."""
        await self._finish(self._greet())

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it, whatever comes of it; then hear what was said meanwhile."""
        try:
            await self._try(work)
        except Goodbye as goodbye:
            self.part(str(goodbye))
        except ConnectionError:
            self._writer.close()
        if self.is_leaving and not self.is_taking:
            self.part(LEAVING)
        self._is_busy = False
        if self.transport is not None and not self.transport.is_closing():
            self._wait()
            self.transport.resume_reading()
            self._hear()

    async def _try(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (Goodbye, ConnectionError):
            raise
        except Exception as error:  # noqa: BLE001 (never a no because something of ours failed)
            self._set_post_data_state()
            await self.push(self.reception.later(error))

    def part(self, reply: str) -> None:
        """Say this and hang up."""
        self._unread.clear()
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(reply.encode() + b"\r\n")
            self.transport.close()
