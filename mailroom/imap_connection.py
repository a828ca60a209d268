"""A connection to the mailbox that can't hang, can't be tricked out of TLS and can't be flooded."""

import ipaddress
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, LoginError

CONNECT_SECONDS = 20
READ_SECONDS = 60


class Unsafe(Exception):
    """The server offers no protection for our password, or skipped the sign-in."""


@dataclass(frozen=True)
class MailboxUrl:
    """`imap[s]://user:password@host:port/MAILBOX`, user and password percent-encoded."""

    secure: bool
    host: str
    port: int
    user: str
    password: str
    mailbox: str

    @property
    def name(self) -> str:
        """Which mailbox this is, without secrets: what our memory of it is kept under."""
        return f"{self.user}@{self.host}:{self.port}/{self.mailbox}"

    @property
    def address(self) -> str:
        """The e-mail address to assume where a mail names none of ours."""
        return (self.user if "@" in self.user else f"{self.user}@{self.host}").lower()


def parse(url: str) -> MailboxUrl:
    """Take the address of a mailbox apart. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise ValueError("an IMAP address looks like imaps://user:password@host:993/INBOX")
    secure = parts.scheme == "imaps"
    port = parts.port or (993 if secure else 143)
    user, password = unquote(parts.username), unquote(parts.password or "")
    return MailboxUrl(secure, parts.hostname, port, user, password, unquote(parts.path.strip("/")) or "INBOX")


def connect(url: MailboxUrl, *, most_bytes: int, read_seconds: float = READ_SECONDS) -> IMAPClient:
    """Connect and sign in; clear text is for loopback only. Raises OSError, IMAPClientError and Unsafe."""
    timeout = SocketTimeout(CONNECT_SECONDS, read_seconds)
    context = ssl.create_default_context() if url.secure else None
    client = IMAPClient(url.host, url.port, ssl=url.secure, ssl_context=context, timeout=timeout)
    try:
        _limit_literals(client, most_bytes)
        if client._imap.state != "NONAUTH":  # greeted by PREAUTH: somebody wants us to go without TLS
            raise Unsafe("the mail server skipped the sign-in")
        if not url.secure and not _is_loopback(url.host):
            _start_tls(client)
        client.login(url.user, url.password)
    except BaseException:
        client.shutdown()
        raise
    return client


def in_words(error: Exception) -> str:
    """What went wrong, for the operator; never the server's own words, which may name people."""
    words: list[tuple[type[Exception], str]] = [
        (Unsafe, f"Not safe: {error}"),
        (LoginError, "The mail server did not accept the name or password"),
        (ssl.SSLError, "The mail server's certificate was not accepted"),
        (TimeoutError, "The mail server did not answer in time"),
        (ConnectionError, "The mail server can't be reached, or hung up"),
        (IMAPClientError, "The mail server did not do what we asked"),
    ]
    return next((text for kind, text in words if isinstance(error, kind)), f"Failed: {type(error).__name__}")


def has_unread(client: IMAPClient) -> bool:
    """Whether something lies in our own buffer, where waiting on the socket would not see it."""
    connection = client.socket()
    seconds = connection.gettimeout()
    connection.setblocking(False)
    try:
        return bool(client._imap.file.peek(1))
    except ssl.SSLWantReadError:
        return False
    finally:
        connection.settimeout(seconds)


def _start_tls(client: IMAPClient) -> None:
    if not client.has_capability("STARTTLS"):
        raise Unsafe("the mail server offers no TLS")
    client.starttls(ssl.create_default_context())


def _limit_literals(client: IMAPClient, most: int) -> None:
    """A server may announce any length; we never read one that is longer than a mail may be."""
    read: Callable[[int], Any] = client._imap.read

    def read_some(size: int) -> Any:
        if size > most:
            raise IMAPClient.AbortError("literal too large")
        return read(size)

    client._imap.read = read_some


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
