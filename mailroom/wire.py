"""A message of ours as the bytes of a mail: the same bytes every time, for a second copy must be the same mail."""

import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from email.utils import format_datetime

from mailroom import wire_words
from storage.tables import Message

MIXED = "multipart/alternative"
_LANGUAGE = re.compile(r'\A\s*(?:<!doctype html>)?\s*<html lang="([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)"', re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
_LINE_END = re.compile(r"\r\n|\r|\n")


def as_bytes(message: Message) -> bytes:
    """RFC 5322 bytes with CRLF lines of at most 78 characters (longer only for an address or Message-ID).

    Raises ValueError when an address, name, subject or Message-ID holds a line break or other control character.
    """
    head = [f"{name}: {value}" for name, value in _headers(message)]
    for line in head:
        wire_words.refuse_controls(line.replace("\r\n ", ""))
    return "\r\n".join(head).encode() + b"\r\n" + _body(message)


def _headers(message: Message) -> list[tuple[str, str]]:
    """In the order that mail programs use. A header without value is left out."""
    wanted = [
        ("From", _from(message)),
        ("To", wire_words.mailbox(message.address)),
        ("Subject", wire_words.unstructured(message.subject)),
        ("Date", format_datetime(message.created_at.astimezone(UTC))),  # never the time of sending
        ("Message-ID", message.message_id),
        ("In-Reply-To", _ids(message.in_reply_to)),
        ("References", _ids(message.references)),
        ("Reply-To", wire_words.mailbox(message.reply_to) if message.reply_to else ""),
        ("Auto-Submitted", _automatic(message)),
        ("X-Auto-Response-Suppress", "All" if message.is_automatic else ""),
        ("List-Unsubscribe", f"\r\n <{stop}>" if (stop := _stop(message)) else ""),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click" if stop else ""),
        ("X-Redress-Instance", message.message_id.strip("<>").rpartition("@")[2]),
        ("Content-Language", _language(message)),
        ("MIME-Version", "1.0"),
    ]
    return [(name, value) for name, value in wanted if value]


def _from(message: Message) -> str:
    address = wire_words.mailbox(message.sender)
    return f"{wire_words.phrase(message.sender_name)}\r\n <{address}>" if message.sender_name else address


def _ids(said: str | None) -> str:
    """Message-IDs, one a line. What others called an ID and is none is left out: it must not stop our answer."""
    if said and wire_words.CONTROL.search(said):
        raise ValueError("a Message-ID has a control character in it")
    return "\r\n ".join(one for one in (said or "").split(" ") if _MESSAGE_ID.fullmatch(one))


def _automatic(message: Message) -> str:
    """RFC 3834: a receipt for a mail is a reply, a reminder is not; a letter that a person approved is neither."""
    if not message.is_automatic:
        return ""
    return "auto-replied" if message.kind == "receipt" and message.in_reply_to else "auto-generated"


def _stop(message: Message) -> str:
    """RFC 8058: where one click stops updates and surveys; a letter that is owed by the procedure has none."""
    return str((message.extra or {}).get("stop", ""))


def _language(message: Message) -> str:
    found = _LANGUAGE.match(message.html or "")
    return found[1] if found else "en"


def _body(message: Message) -> bytes:
    if message.html is None:
        return _part("text/plain", message.text) + b"\r\n"
    edge = f"=_{message.number:x}"  # neither transfer encoding can produce `=_`
    html = _part("text/html", message.html)
    shown = [_picture(one) for one in (message.extra or {}).get("pictures") or ()]
    page = _parted('multipart/related; type="text/html"', f"{edge}_", [html, *shown]) if shown else html
    return _parted(MIXED, edge, [_part("text/plain", message.text), page])


def _parted(kind: str, edge: str, parts: Sequence[bytes]) -> bytes:
    """Several parts with their edges; each ends with a line end that is the edge's."""
    inner = b"".join(f"--{edge}\r\n".encode() + part + b"\r\n" for part in parts)
    return f'Content-Type: {kind}; boundary="{edge}"\r\n\r\n'.encode() + inner + f"--{edge}--\r\n".encode()


def _picture(one: Mapping[str, str]) -> bytes:
    """A PNG that the HTML shows by its Content-ID: mail programs don't show pictures that stand in an address."""
    name = one["name"]
    if not _NAME.fullmatch(name):
        raise ValueError("the name of a picture has a sign in it that no Content-ID may have")
    head = f'Content-Type: image/png; name="{name}.png"\r\nContent-Transfer-Encoding: base64\r\n'
    head += f'Content-ID: <{name}@redress>\r\nContent-Disposition: inline; filename="{name}.png"\r\n\r\n'
    return head.encode() + b"\r\n".join(_lines(binascii.a2b_base64(one["png"])))


def _part(kind: str, text: str) -> bytes:
    octets = _LINE_END.sub("\r\n", text).encode("utf-8", "replace")
    encoding, encoded = _encoded(octets)
    head = f'Content-Type: {kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode() + encoded


def _encoded(octets: bytes) -> tuple[str, bytes]:
    """Quoted-printable, which people can read in a log; base64 where that is shorter, as for Urdu or Chinese."""
    quoted = binascii.b2a_qp(octets, istext=True)
    if len(quoted) <= len(octets) * 4 // 3 + 100:
        return "quoted-printable", quoted
    return "base64", b"\r\n".join(_lines(octets))


def _lines(octets: bytes) -> Iterator[bytes]:
    """Base64 in lines of 76 signs."""
    return (binascii.b2a_base64(octets[at : at + 57], newline=False) for at in range(0, len(octets), 57))
