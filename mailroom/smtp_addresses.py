"""Addresses in SMTP commands: a quick way for the plain ones, and those that want to be sent on refused."""

import re
import unicodedata

ADDRESS = r"[a-z0-9!#$&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9.-]{1,255}"
COMMAND = re.compile(
    rb"(?:(MAIL) FROM:<(%(a)b|)>(?: (SIZE=[0-9]{1,12}))?|(RCPT) TO:<(%(a)b)>|(DATA))\r\n" % {b"a": ADDRESS.encode()},
    re.IGNORECASE,
)
PLAIN = re.compile(rf"<({ADDRESS})?>(?: +(.*))?", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def quick(argument: str) -> tuple[str, str] | None:
    """The plain address (`<>` for none) and what follows it; None when a real parser has to look."""
    match = PLAIN.fullmatch(argument)
    return match and (match[1] or "<>", match[2] or "")


def plain_command(line: bytes) -> tuple[str, str, str] | None:
    """MAIL, RCPT or DATA in its plainest form, with its address (`<>` for none) and SIZE; None for all else."""
    match = COMMAND.fullmatch(line)
    if match is None:
        return None
    mail, sender, size, rcpt, ours, _ = match.groups()
    if rcpt:
        return "RCPT", ours.decode(), ""
    if mail:
        return "MAIL", sender.decode() or "<>", (size or b"").decode().upper()
    return "DATA", "", ""


def is_route(argument: str) -> bool:
    """Whether it names hosts to go through, `<@a,@b:c@d>`: taken off by parsers, but never by us."""
    return argument.lstrip(" <").startswith("@")


def is_deliverable(address: str) -> bool:
    """Whether it can name a mailbox at all: not quoted, not asking to be sent on (`user%elsewhere`, `host!user`)."""
    local, _, domain = address.rpartition("@")
    name = local if domain and local else address
    is_whole = bool(local and domain) or address.lower() == "postmaster"
    return is_whole and not set(name) & set('%!@"\\ ') and not CONTROL.search(address)


def recipient(address: str) -> str:
    """The address as we keep it: lower case, composed (NFC)."""
    return unicodedata.normalize("NFC", address).lower()
