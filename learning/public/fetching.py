"""Asking another organisation's server for its feed, within limits: of time, of size, and of where it may be."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

LARGEST = 4 * 1024 * 1024  # bytes
SECONDS = 20.0  # for the whole of an answer, so that one who sends a byte now and then can't hold us
MOST_TURNS = 3  # redirects
ACCEPTS = "application/atom+xml, application/rss+xml, application/feed+json, application/json, application/xml;q=0.9"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotFetched(Exception):
    """The feed could not be had; the text says why, in words for staff."""


@dataclass(frozen=True)
class Fetched:
    """What the server gave; `raw` is None where nothing has changed."""

    raw: bytes | None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Limits:
    """How far we go: `private` lets feeds be in the house's own network."""

    private: bool = False
    seconds: float = SECONDS
    largest: int = LARGEST


def fetch(url: str, *, etag: str | None = None, last_modified: str | None = None, limits: Limits) -> Fetched:
    """Get a feed, if it changed since. Raises NotFetched."""
    headers = {"User-Agent": "Redress", "Accept": ACCEPTS, "Accept-Encoding": "identity", "Connection": "close"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    for _turn in range(MOST_TURNS + 1):
        got = _once(url, headers, limits)
        if isinstance(got, Fetched):
            return got
        url = got
    raise NotFetched(f"it sends us on more than {MOST_TURNS} times")


def _once(url: str, headers: Mapping[str, str], limits: Limits) -> Fetched | str:
    """One request: what it gave, or the address that it sends us on to."""
    parts = _address(url)
    connection = _Connection(parts, limits)
    watch = threading.Timer(limits.seconds, connection.hang_up)
    watch.start()
    try:
        with closing(connection):
            connection.request("GET", _path(parts), headers=dict(headers))
            return _answer(connection.getresponse(), url, limits)
    except (OSError, http.client.HTTPException, ValueError) as error:
        why = f"it did not answer within {limits.seconds:.0f} seconds" if connection.is_late else _why(error)
        raise NotFetched(why) from None
    finally:
        watch.cancel()


def _answer(response: http.client.HTTPResponse, url: str, limits: Limits) -> Fetched | str:
    if response.status == 304:
        return Fetched(None)
    if response.status in (301, 302, 303, 307, 308) and (onward := response.headers.get("Location")):
        return urljoin(url, onward)
    if response.status != 200:
        raise NotFetched(f"it answered {response.status}")
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise NotFetched("it sent something packed, though we asked for it plain")
    raw = response.read(limits.largest + 1)
    if len(raw) > limits.largest:
        raise NotFetched(f"it is larger than {limits.largest // 1024} KB")
    if response.length:
        raise NotFetched("it broke off in the middle")
    return Fetched(raw, _short(response.headers.get("ETag")), _short(response.headers.get("Last-Modified")))


class _Connection(http.client.HTTPConnection):
    """To an address that was looked at first: a name that answers otherwise the second time leads nowhere."""

    def __init__(self, parts: SplitResult, limits: Limits) -> None:
        self._is_secure, self._limits = parts.scheme == "https", limits
        self.is_late = False
        self._wire: socket.socket | None = None  # kept: the connection lets go of it while the answer is still read
        super().__init__(parts.hostname or "", parts.port or (443 if self._is_secure else 80), timeout=limits.seconds)

    def connect(self) -> None:
        where = _allowed(self.host, self.port, self._limits)
        self.sock = self._wire = socket.create_connection((str(where), self.port), self.timeout)
        if self._is_secure:
            self.sock = self._wire = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
        if self.is_late:  # before there was anything to hang up
            raise TimeoutError

    def hang_up(self) -> None:
        """From another thread, when it took too long: what is waited for ends at once."""
        self.is_late = True
        with suppress(OSError):
            if self._wire is not None:
                socket.socket.shutdown(self._wire, socket.SHUT_RDWR)  # TLS's own would say goodbye, and wait


def _allowed(host: str, port: int, limits: Limits) -> Address:
    """The address behind a name. Raises NotFetched for one in a private network, unless those are allowed."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(one[4][0]) for one in found]
    if not limits.private and not all(map(is_public, addresses)):
        raise NotFetched("it is in a private network (REDRESS_PRIVATE_FEEDS allows that)")
    return addresses[0]


def is_public(address: Address) -> bool:
    """Whether this is an address of the whole internet; one inside another is looked at too."""
    inside = _inside(address)
    return address.is_global and not address.is_multicast and all(map(is_public, inside))


def _inside(address: Address) -> list[Address]:
    """IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    nat64 = ipaddress.ip_network("64:ff9b::/96")
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    found += [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)] if address in nat64 else []
    return [one for one in found if one is not None]


def _address(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _port = parts.port  # raises for a port that is no number
    except ValueError:
        raise NotFetched("its address can't be read") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotFetched("its address is neither https:// nor http://")
    if parts.username or parts.password:
        raise NotFetched("its address has a password in it")
    return parts


def _path(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return quote(f"{parts.path or '/'}{query}", safe="/?&=%:;,+@!$'()*~")


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "its certificate or its TLS is not in order"
    if isinstance(error, socket.gaierror):
        return "there is no server of this name"
    return f"its server can't be reached or breaks off ({type(error).__name__})"


def _short(header: str | None) -> str | None:
    return header if header and len(header) <= 500 and header.isprintable() and header.isascii() else None
