"""One conversation of the sink's: just enough SMTP to take mail from a careful client."""

import asyncio
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailroom.sink import Sink

HANG_UP = "hang up"  # in place of a reply: the line goes dead
_PATH = re.compile(r"(?:FROM|TO):\s*<([^<>]*)>(?:\s+.*)?", re.IGNORECASE)


class SinkSession:
    """Reads commands until the client leaves."""

    def __init__(self, sink: "Sink", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._sink, self._reader, self._writer = sink, reader, writer
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._is_encrypted = writer.get_extra_info("sslcontext") is not None

    async def talk(self) -> None:
        """The whole conversation; errors of the line end it."""
        try:
            self._say("220 sink ESMTP")
            while line := await self._reader.readline():
                await self._obey(line.decode("utf-8", "replace").rstrip("\r\n"))
                await self._writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # gone, or a line beyond all measure
        finally:
            self._writer.close()

    def hang_up(self) -> None:
        """Close the line at once, whatever was under way."""
        self._writer.transport.abort()

    async def _obey(self, line: str) -> None:
        word = line.split(" ")[0].upper()
        if word == "DATA" and self._recipients:
            await self._take()
        elif word == "STARTTLS" and self._may_encrypt:
            await self._encrypt()
        elif word == "QUIT":
            self._say("221 2.0.0 Bye")
            self._writer.close()
        else:
            self._say(self._answer(word, line))

    def _answer(self, word: str, line: str) -> str:
        if word in ("EHLO", "HELO", "RSET", "MAIL"):
            self._sender, self._recipients = None, []
        if word == "EHLO":
            return self._greeting()
        if word in ("HELO", "RSET", "NOOP"):
            return "250 2.0.0 OK"
        path = _PATH.fullmatch(line.partition(" ")[2].strip())
        if word not in ("MAIL", "RCPT") or path is None:
            return "503 5.5.1 Not now"
        return self._name_sender(path[1]) if word == "MAIL" else self._name_recipient(path[1])

    @property
    def _may_encrypt(self) -> bool:
        return self._sink.tls is not None and not self._is_encrypted

    def _greeting(self) -> str:
        offers = ["sink", "SIZE 50000000", *self._sink.extensions, *(["STARTTLS"] if self._may_encrypt else [])]
        return "\r\n".join(f"250{' ' if offer is offers[-1] else '-'}{offer}" for offer in offers)

    def _name_sender(self, address: str) -> str:
        self._sender = address
        return "250 2.1.0 OK"

    def _name_recipient(self, address: str) -> str:
        if self._sender is None:
            return "503 5.5.1 Who is it from?"
        no = self._sink.answer_for(self._sender, address)
        if no is None:
            self._recipients.append(address)
        return no or "250 2.1.5 OK"

    async def _take(self) -> None:
        self._say("354 Go on")
        raw = await self._read_mail()
        answer = self._sink.take(self._sender or "", tuple(self._recipients), raw)
        self._sender, self._recipients = None, []
        self._say(answer or "250 2.0.0 Kept")

    async def _read_mail(self) -> bytes:
        lines = []
        while (line := await self._reader.readuntil(b"\n")) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    async def _encrypt(self) -> None:
        self._say("220 2.0.0 Go on")
        await self._writer.drain()
        assert self._sink.tls is not None
        in_the_open = self._writer.transport
        try:
            await self._writer.start_tls(self._sink.tls)
        except AttributeError:  # how Python 3.11 says that the client broke off
            vars(self._writer)["_transport"] = in_the_open
            raise ConnectionResetError from None
        self._is_encrypted = True

    def _say(self, reply: str) -> None:
        if reply == HANG_UP:
            self.hang_up()
        else:
            self._writer.write(reply.encode() + b"\r\n")
            if reply.startswith("421"):
                self._writer.close()
