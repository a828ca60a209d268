"""Words and addresses as mail headers spell them: RFC 2047 for what is not ASCII, IDNA for domains."""

import base64
import re

import idna

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]{1,60}")
_LONGEST = 39  # octets in one encoded word, so that it fits into a line of 76 with the name of its header


def refuse_controls(text: str) -> None:
    """Raises ValueError for a line break, NUL or other control character: it would end one header and begin another."""
    if CONTROL.search(text):
        raise ValueError("an address, name, subject or Message-ID has a control character in it")


def unstructured(text: str) -> str:
    """The value of a header for people to read, such as a subject."""
    refuse_controls(text)
    is_plain = text.isascii() and len(text) <= 65 and "=?" not in text and text == text.strip()
    return text if is_plain else _encoded(text)


def phrase(name: str) -> str:
    """A name as it stands before an address."""
    refuse_controls(name)
    if not name.isascii() or "=?" in name or len(name) > 60:
        return _encoded(name)
    if _ATOMS.fullmatch(name) and name == name.strip():
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def mailbox(address: str) -> str:
    """An address with its domain in ASCII; the part before the @ stays as it is. ValueError for what is no address."""
    refuse_controls(address)
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or set(address) & set(' <>,;:"\\()[]') or "@" in local:
        raise ValueError("this is not an address that mail can be sent to")
    return f"{local}@{_ascii_domain(domain)}"


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValueError("this is not a domain that mail can be sent to") from error


def _encoded(text: str) -> str:
    """Encoded words, one a line, each of whole characters."""
    pieces, piece = [], b""
    for sign in text:
        octets = sign.encode("utf-8", "replace")
        if len(piece) + len(octets) > _LONGEST:
            pieces.append(piece)
            piece = b""
        piece += octets
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(one).decode()}?=" for one in [*pieces, piece])
