"""The mail server that carries our mail out: where it is, who we are to it, and whether the line must be encrypted."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Relay:
    """Where mail goes out. `tls` is `at once` (smtps), `starttls` (demanded before anything is said) or `none`."""

    host: str
    port: int
    tls: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def relay(url: str) -> Relay:
    """Read `smtp[s]://user:password@host:port`, with `?starttls=require` or `?starttls=no` at the end if wished.

    TLS is demanded, unless the relay is on this machine or `starttls=no` says otherwise. Raises ValueError, never
    with the URL in it, for it holds a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("a relay is written smtp://host:port or smtps://user:password@host:port")
    tls = _tls(parts.scheme, parts.hostname, parse_qs(parts.query, keep_blank_values=True))
    user = unquote(parts.username) if parts.username else None
    if user and tls == "none" and not is_loopback(parts.hostname):
        raise ValueError("a relay's password would cross the network in the open: leave out starttls=no")
    port = parts.port or {"at once": 465, "starttls": 587, "none": 25}[tls]
    return Relay(parts.hostname, port, tls, user, unquote(parts.password or "") if user else None)


def is_loopback(host: str) -> bool:
    """Whether this names our own machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _tls(scheme: str, host: str, options: dict[str, list[str]]) -> str:
    wish = options.pop("starttls", [""])[-1]
    if options or wish not in ("", "require", "no"):
        raise ValueError("a relay's only option is starttls=require or starttls=no")
    if scheme == "smtps":
        return "at once"
    if wish == "no" or (not wish and is_loopback(host)):
        return "none"
    return "starttls"
