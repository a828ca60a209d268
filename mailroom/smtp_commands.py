"""What every SMTP client may say besides handing over a mail, and how addresses in commands are read."""
# ruff: noqa: N802 (aiosmtpd finds a command's method by this name)

import re

from aiosmtpd.smtp import SMTP

from mailroom.smtp_addresses import is_route, quick
from mailroom.smtp_limits import SmtpSettings


class Goodbye(Exception):
    """The session ends, with this reply."""


class SmtpCommands(SMTP):  # type: ignore[misc]  # aiosmtpd's types are not checked
    """aiosmtpd's commands, where ours differ."""

    settings: SmtpSettings

    async def smtp_EHLO(self, hostname: str | None) -> None:
        """Say hello, and what we can."""
        if not _is_name(hostname):
            await self.push("501 5.5.4 Syntax: EHLO hostname")
            return
        self._set_rset_state()
        self.session.extended_smtp = True
        self.session.host_name = hostname
        can = ("PIPELINING", f"SIZE {self.settings.most_bytes}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
        await self.push("\r\n".join(f"250-{each}" for each in (self.hostname, *can)) + "\r\n250 HELP")

    async def smtp_HELO(self, hostname: str | None) -> None:
        """Say hello the old way."""
        if not _is_name(hostname):
            await self.push("501 5.5.4 Syntax: HELO hostname")
            return
        await super().smtp_HELO(hostname)

    async def smtp_QUIT(self, _argument: str | None) -> None:
        """Part."""
        raise Goodbye("221 2.0.0 Bye")

    async def smtp_VRFY(self, _argument: str | None) -> None:
        """Tell nobody who has a mailbox here."""
        await self.push("252 2.5.2 Cannot verify, but will take a message and try")

    async def smtp_EXPN(self, _argument: str | None) -> None:
        """Tell nobody who is on a list."""
        await self.push("502 5.5.1 Not implemented")

    async def smtp_AUTH(self, _argument: str | None) -> None:
        """Nobody signs in here."""
        await self.push("502 5.5.1 Not implemented")

    async def smtp_STARTTLS(self, _argument: str | None) -> None:
        """There is no TLS yet, and we did not offer it."""
        await self.push("502 5.5.1 Not implemented")

    async def smtp_HELP(self, _argument: str | None) -> None:
        """The same help for everybody."""
        await self.push("214 2.0.0 See RFC 5321")

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The address in a MAIL or RCPT; aiosmtpd's careful parser is slow, so plain addresses go past it."""
        if plain := quick(arg):
            return plain
        if is_route(arg):
            return None, None
        try:
            address, rest = super()._getaddr(arg)
        except Exception:  # noqa: BLE001 (the parser stumbles in many ways over what is no address)
            return None, None
        return address, rest


def _is_name(hostname: str | None) -> bool:
    return bool(hostname and re.fullmatch(r"[\x20-\x7e]{1,255}", hostname))
