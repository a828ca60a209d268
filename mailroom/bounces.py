"""Failed deliveries: RFC 3464 reports read by ourselves, then flufl.bounce, then the words mail servers use."""

import contextlib
import email
import re
from collections.abc import Iterator
from email.message import Message as ParsedMail

from mailroom import charsets, headers, labels, machine_words
from mailroom.mime import Leaf, Message
from workflow.contact import Bounce

MOST_BYTES = 512 * 1024  # of a mail given to flufl.bounce, whose patterns walk over every line

_ADDRESS = re.compile(r"[\w.+=~'/-]{1,80}@[\w.-]{1,120}\.\w{2,24}")
_STATUS = re.compile(r"(?<![\d.])([245]\.[0-7]\.\d{1,3})(?![\d.])")
_ARRIVED = re.compile(rb"^action:[ \t]*(?:delivered|relayed|expanded)\b", re.IGNORECASE | re.MULTILINE)


def says_it_arrived(message: Message, raw: bytes) -> bool:
    """A delivery receipt is a report too, of success: delivered, relayed or expanded."""
    return any(_ARRIVED.search(leaf.octets(raw)[0][: headers.BLOCK_BYTES]) for leaf in _reports(message))


def reported(message: Message, raw: bytes) -> Bounce | None:
    """What a machine-readable report says: None without one, or where it tells of no failure."""
    failures = [failure for leaf in _reports(message) for failure in _failures(leaf, raw)]
    if not failures:
        return None
    recipients = tuple(dict.fromkeys(recipient for recipient, _, _ in failures if recipient))
    status = next((status for _, _, status in failures if status), None)
    return Bounce(recipients, any(permanent for _, permanent, _ in failures), status)


def _reports(message: Message) -> list[Leaf]:
    """Reports for machines; one inside another mail that is attached does not count."""
    return [leaf for leaf in message.leaves if leaf.type.endswith("/delivery-status")]


def _failures(leaf: Leaf, raw: bytes) -> Iterator[tuple[str, bool, str | None]]:
    """One for each recipient whom the message failed to reach: address, whether for good, RFC 3463 status."""
    octets = leaf.octets(raw)[0][: headers.BLOCK_BYTES].replace(b"\r\n", b"\n")
    for block in octets.split(b"\n\n")[: headers.MOST_HEADERS]:
        fields, _ = headers.split(block, 0, len(block))
        action = fields.first("action").split(b" ")[0].strip(b"; ").lower()
        found = _STATUS.search(charsets.decode(fields.first("status"))[0])
        if action in (b"failed", b"delayed") or (not action and found and found[1][0] in "45"):
            yield _recipient(fields), action != b"delayed", found[1] if found else None


def _recipient(fields: headers.Headers) -> str:
    said = (charsets.decode(fields.first(name))[0] for name in ("original-recipient", "final-recipient"))
    addresses = [labels.visible(value.rpartition(";")[2].strip(" <>"))[:320] for value in said]
    return next((address for address in addresses if "@" in address), addresses[-1])


def recognised(raw: bytes) -> Bounce | None:
    """What flufl.bounce makes of it. Imported only here: it takes a tenth of a second."""
    from flufl.bounce import all_failures

    with contextlib.suppress(Exception):  # its detectors raise a wide choice of errors on damaged mail
        parsed: ParsedMail = email.message_from_bytes(raw[:MOST_BYTES])
        for_now, for_good = all_failures(parsed)
        recipients = tuple(sorted(labels.visible(charsets.decode(address)[0]) for address in for_good or for_now))
        if recipients:
            return Bounce(recipients, bool(for_good), _status(raw))
    return None


def worded(text: str, raw: bytes) -> Bounce | None:
    """What the words say, in reports for people: the address that stands in or after the line that tells of failure."""
    told = machine_words.FAILED.search(text[:20_000])
    for_now = machine_words.FAILED_FOR_NOW.search(text[:20_000])
    if not told and not for_now:
        return None
    start = (told or for_now).start()  # type: ignore[union-attr]  # one of the two is there
    near = _ADDRESS.search(text, start, start + 1_000) or _ADDRESS.search(text, max(0, start - 300), start)
    return Bounce((near[0],) if near else (), not for_now, _status(raw))


def _status(raw: bytes) -> str | None:
    found = _STATUS.search(raw[:MOST_BYTES].decode("latin-1"))
    return found[1] if found and found[1][0] in "45" else None
