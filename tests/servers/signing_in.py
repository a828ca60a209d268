"""A mail server that takes mail only from who signs in: aiosmtpd's own, on an event loop in a thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.ports import free_port


@dataclass
class Door:
    """What it was told, and where it listens."""

    port: int = 0
    names: list[bytes] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep it."""
        self.mails.append(envelope.content)
        return "250 2.0.0 Kept"


@contextmanager
def a_relay_that_asks_who_we_are(name: bytes, password: bytes) -> Iterator[Door]:
    """Only this name with this password may send."""
    door = Door()

    def check(_server: Any, _session: Any, _envelope: Any, _how: str, told: LoginPassword) -> AuthResult:
        door.names.append(told.login)
        return AuthResult(success=(told.login, told.password) == (name, password), handled=False)

    door.port = free_port()
    server = Controller(door, "127.0.0.1", door.port, authenticator=check, auth_required=True, auth_require_tls=False)
    server.start()
    try:
        yield door
    finally:
        server.stop()
