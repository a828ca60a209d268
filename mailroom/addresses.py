"""Who a mail says it is from: mailboxes read letter by letter in linear time, and what looks wrong about them."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from mailroom import charsets, encoded, labels

MOST_ADDRESSES = 200

_SIMPLE = re.compile(r"[^\s@<>\[\]()\"',;:\\]{1,64}@[^\s@<>()\[\]\"',;:\\]{1,255}")
_LOOSE = re.compile(r"[^\s@<>()\"',;:]{1,64}@[\w.-]{1,200}\.\w{2,30}")


@dataclass(frozen=True)
class Mailbox:
    """A display name and an address, both as claimed."""

    name: str
    address: str


def sender(values: list[bytes], sender_header: bytes, envelope_sender: str) -> tuple[Mailbox, list[str]]:
    """Who wrote, as far as can be told from the From headers, and what a handler should know about it."""
    boxes = [box for value in values for box in mailboxes(value)]
    readable = [box for box in boxes if _SIMPLE.fullmatch(box.address)]
    if not readable:
        return _unreadable(values, boxes, envelope_sender)
    if len({box.address.lower() for box in readable}) > 1 or len(values) > 1:
        return _ambiguous(readable, sender_header)
    return _shown(readable[0]), suspicions(readable[0])


def _unreadable(values: list[bytes], boxes: list[Mailbox], envelope_sender: str) -> tuple[Mailbox, list[str]]:
    said = labels.visible(encoded.header_text(values[0][:500])) if values else ""
    problem = f"the sender cannot be read: {said[:200]}" if said else "the message does not say who sent it"
    name = boxes[0].name if boxes else ""
    if envelope_sender and _SIMPLE.fullmatch(envelope_sender):
        return _shown(Mailbox(name, envelope_sender)), [f"{problem}; the address it was posted from is shown"]
    return _shown(Mailbox(name or said[:200], "")), [problem]


def _ambiguous(boxes: list[Mailbox], sender_header: bytes) -> tuple[Mailbox, list[str]]:
    """With two senders only the Sender header may choose between them (RFC 5322 3.6.2)."""
    posted_by = {box.address.lower() for box in mailboxes(sender_header)}
    chosen = [box for box in boxes if box.address.lower() in posted_by]
    named = ", ".join(dict.fromkeys(visible_address(box.address) for box in boxes[:5]))
    if len(chosen) == 1:
        return _shown(chosen[0]), [f"several senders are named ({named}); {chosen[0].address} posted it"]
    if len({box.address.lower() for box in boxes}) == 1:
        return _shown(boxes[0]), ["the message has two From headers"]
    return Mailbox("", ""), [f"the sender is ambiguous: {named}"]


def _shown(box: Mailbox) -> Mailbox:
    return Mailbox(labels.visible(box.name)[:200], visible_address(box.address))


def visible_address(address: str) -> str:
    """The address with a domain of other than plain letters in punycode, so that look-alikes show."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return labels.visible(address)
    return f"{labels.visible(local)}@{_punycode(unicodedata.normalize('NFKC', domain))}"


def _punycode(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ".".join(
            part if part.isascii() else "xn--" + part.encode("punycode").decode("ascii") for part in domain.split(".")
        )


def suspicions(box: Mailbox) -> list[str]:
    """What may deceive a reader about this sender: another address as the name, letters that look like others."""
    problems = []
    named = _LOOSE.search(box.name)
    if named and named[0].lower() != box.address.lower():
        problems.append(f"the sender's name is another address; the true address is {visible_address(box.address)}")
    if not box.address.isascii() or "@xn--" in box.address.lower() or ".xn--" in box.address.lower():
        problems.append("the sender's address has letters that may look like others; it is shown as it is spelt")
    if _mixes_scripts(box.name):
        problems.append("the sender's name mixes alphabets and may imitate another name")
    return problems


def _mixes_scripts(name: str) -> bool:
    """One word with letters of two of the alphabets that look alike, or with full-width letters."""
    for word in re.findall(r"\w+", name):
        scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
        if len(scripts & {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN"}) > 1 or "FULLWIDTH" in scripts:
            return True
    return False


def mailboxes(value: bytes) -> list[Mailbox]:
    """At most 200 mailboxes of a header; the members of a group count one by one."""
    found = []
    for words, angle in _entries(charsets.decode(value)[0]):
        name = encoded.open_words(words.strip())
        address = (angle if angle is not None else words).strip()
        if angle is None and not _SIMPLE.fullmatch(address):
            loose = _LOOSE.search(address)
            address = loose[0] if loose else address
        if address or name:
            found.append(Mailbox(_plain(name) if angle is not None else "", address[:320]))
        if len(found) == MOST_ADDRESSES:
            break
    return found


def _plain(name: str) -> str:
    return " ".join(name.split()).strip("\"' ")


def _entries(text: str) -> Iterator[tuple[str, str | None]]:
    """Each entry as the words outside angle brackets and the text inside; one pass, comments counted, not nested."""
    words: list[str] = []
    angle: list[str] | None = None
    depth, place, closed = 0, 0, False
    while place < len(text):
        letter = text[place]
        if depth:
            depth += (letter == "(") - (letter == ")")
        elif letter == '"' and (angle is None or closed):
            end = _closing_quote(text, place + 1)
            words.append(text[place + 1 : end].replace('\\"', '"').replace("\\\\", "\\"))
            place = end
        elif letter == "(":
            depth = 1
        elif letter == "<" and angle is None:
            angle = []
        elif letter == ">" and angle is not None:
            closed = True
        elif letter in ",;" and (angle is None or closed):
            yield "".join(words), "".join(angle) if angle is not None else None
            words, angle, closed = [], None, False
        elif letter == ":" and angle is None and "@" not in "".join(words[-320:]):
            words = []  # the name of a group
        else:
            (angle if angle is not None and not closed else words).append(letter)
        place += 1
    yield "".join(words), "".join(angle) if angle is not None else None


def _closing_quote(text: str, place: int) -> int:
    while True:
        place = text.find('"', place)
        if place < 0:
            return len(text)
        if text[place - 1] != "\\":
            return place
        place += 1
