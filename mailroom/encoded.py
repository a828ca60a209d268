"""Letters wrapped for transport: RFC 2047 words in headers, RFC 2231 parameters, base64 and quoted-printable bodies."""

import binascii
import re
from urllib.parse import unquote_to_bytes

from mailroom import charsets

DAMAGED = "part of this message was damaged on its way; what could be decoded is shown"

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(r';\s*([^=;\s"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_CONTINUED = re.compile(r"([^*]+)\*(\d{1,3})(\*?)")


def header_text(value: bytes) -> str:
    """A header as a person would read it: encoded words opened, raw 8-bit letters guessed."""
    return open_words(charsets.decode(value)[0])


def open_words(value: str) -> str:
    """RFC 2047: neighbours in one charset are joined before decoding, for some senders cut inside a letter."""
    if "=?" not in value:
        return value
    said: list[str] = []
    waiting: tuple[str, bytes] | None = None
    end = 0
    for word in _WORD.finditer(value):
        between = value[end : word.start()]
        charset, octets = word[1].split("*")[0].lower(), _word_bytes(word[2], word[3])
        if waiting and not between.strip() and waiting[0] == charset:
            waiting = (charset, waiting[1] + octets)
        else:
            said.append(_said(waiting) + (between if between.strip() or not waiting else ""))
            waiting = (charset, octets)
        end = word.end()
    return "".join(said) + _said(waiting) + value[end:]


def _word_bytes(encoding: str, text: str) -> bytes:
    octets = text.encode("utf-8", "replace")
    return base64(octets)[0] if encoding in "bB" else binascii.a2b_qp(octets.replace(b"_", b" "))


def _said(waiting: tuple[str, bytes] | None) -> str:
    return charsets.decode(waiting[1], waiting[0])[0] if waiting else ""


def with_parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=utf-8` as the lower-case value and its parameters, RFC 2231 continuations joined."""
    text = charsets.decode(value)[0]
    head, _, _ = text.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, content in _PARAMETER.findall(text):
        content, name = _unquoted(content.strip()), name.lower()
        if continued := _CONTINUED.fullmatch(name):
            pieces.setdefault(continued[1], []).append((int(continued[2]), bool(continued[3]), content))
        elif name.endswith("*"):
            pieces.setdefault(name[:-1], []).append((0, True, content))
        else:
            plain.setdefault(name, open_words(content))
    return head.strip().lower(), plain | {name: _joined(parts) for name, parts in pieces.items()}


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    return value.strip('"').replace('\\"', '"').replace("\\\\", "\\")


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    octets, charset = b"", None
    for number, is_extended, content in sorted(pieces, key=lambda piece: piece[0]):
        if number == 0 and is_extended and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        octets += unquote_to_bytes(content) if is_extended else content.encode("utf-8", "replace")
    return charsets.decode(octets, charset)[0]


def body(octets: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The bytes a part stands for, and a note where some of them were damaged."""
    if encoding == "base64":
        return base64(octets)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(octets), None
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uuencoded(octets)
    return octets, None


def base64(octets: bytes) -> tuple[bytes, str | None]:
    try:
        return binascii.a2b_base64(octets), None
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
        whole = letters[: len(letters) - (1 if len(letters) % 4 == 1 else 0)]
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)), DAMAGED


def _uuencoded(octets: bytes) -> tuple[bytes, str | None]:
    """Lines between `begin` and `end`; the file name in `begin` is never used."""
    lines = octets.splitlines()
    begin = next((number for number, line in enumerate(lines) if line.startswith(b"begin ")), None)
    if begin is None:
        return octets, None
    decoded = bytearray()
    for line in lines[begin + 1 :]:
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            decoded += binascii.a2b_uu(line)
        except binascii.Error:
            return bytes(decoded), DAMAGED
    return bytes(decoded), None
