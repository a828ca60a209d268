"""A client that says exactly what a test tells it to, byte for byte, and reads the replies."""

import socket
from types import TracebackType
from typing import Self


class Talk:
    """One conversation with an SMTP server."""

    def __init__(self, address: tuple[str, int], *, seconds: float = 20, source: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection(address, timeout=seconds, source_address=(source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._lines.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send these bytes and don't wait."""
        self.socket.sendall(data)

    def reply(self) -> str:
        """The next reply, its lines joined by newlines; empty when the server hung up."""
        lines: list[str] = []
        while not lines or lines[-1][3:4] == "-":
            try:
                line = self._lines.readline()
            except ConnectionResetError:
                line = b""
            if not line:
                return "\n".join(lines)
            lines.append(line.decode().rstrip("\r\n"))
        return "\n".join(lines)

    def say(self, line: str) -> str:
        """Send one command and read the reply."""
        self.send(line.encode() + b"\r\n")
        return self.reply()

    def hello(self) -> Self:
        """Read the greeting and say EHLO."""
        assert self.reply().startswith("220 ")
        assert self.say("EHLO client.example").startswith("250-")
        return self

    def begin(self, *recipients: str, sender: str = "ann@example.org") -> str:
        """MAIL, RCPT for each, DATA: the reply to that."""
        assert self.say(f"MAIL FROM:<{sender}>").startswith("250 ")
        for recipient in recipients or ("complaints@council.example",):
            assert self.say(f"RCPT TO:<{recipient}>").startswith("250 ")
        return self.say("DATA")

    def mail(self, raw: bytes, *recipients: str, sender: str = "ann@example.org") -> str:
        """Hand over a mail, its bytes sent as they are and then the final dot; the reply to it."""
        assert self.begin(*recipients, sender=sender).startswith("354 ")
        self.send(raw + b".\r\n")
        return self.reply()

    def is_closed(self) -> bool:
        """Whether the server has hung up and said nothing more."""
        try:
            return self._lines.read(1) == b""
        except ConnectionResetError:
            return True
