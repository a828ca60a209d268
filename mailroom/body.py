"""What a mail says and what hangs on it: the text to show, and every other part as an attachment."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailroom import charsets, html, labels, mime
from mailroom.mime import Leaf, Message
from workflow.contact import Attachment

TEXT_LETTERS = 2_000_000
TEXT_BYTES = 4 * TEXT_LETTERS

TOO_LONG = "the text is longer than 2 MB; the rest of it is only in the original"
VERSIONS_DIFFER = "the two versions differ: the web version does not say the same as the plain text that is shown"
ENCRYPTED = "encrypted, cannot be read"
SIGNED_SHUT = "signed in a form that cannot be opened here; see the original"

_WORD = re.compile(r"\w{4,}")
_LINK = re.compile(r"(?:https?|mailto):[^\s<>]{1,2000}")


@dataclass
class Body:
    """The text as shown, the attachments, and what a handler should know about them."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    problems: list[str] = field(default_factory=list)


def of(message: Message, raw: bytes) -> Body:
    """The text and the attachments of a mail."""
    shown = _Shown(message, raw)
    text = shown.text() or _far_inside(message, raw)
    problems = [*shown.problems, *_locks(message, text)]
    attachments = []
    for number, leaf in enumerate(message.leaves):
        if number not in shown.used:
            attachments.append(_attachment(leaf, number, raw, problems))
    return Body(text, tuple(attachments), problems)


def _far_inside(message: Message, raw: bytes) -> str:
    """The first text of a mail whose parts are all nested too deep: a person may still have something to say there."""
    part = next((found for leaf in message.leaves if (found := leaf.first_text(raw))), b"")
    return _Shown(mime.parse(part), part).text()


def _attachment(leaf: Leaf, number: int, raw: bytes, problems: list[str]) -> Attachment:
    octets, problem = leaf.octets(raw)
    if problem:
        problems.append(problem)
    name = labels.file_name(leaf.name, leaf.type, number)
    media_type = labels.visible(leaf.type)[: labels.NAME_LETTERS]
    return Attachment(name, media_type, len(octets), hashlib.sha256(octets).hexdigest(), number)


def _locks(message: Message, text: str) -> Iterator[str]:
    """Encrypted mail still opens a case; a person answers it and asks for the words."""
    sealed = [leaf for leaf in message.leaves if leaf.type in ("application/pkcs7-mime", "application/x-pkcs7-mime")]
    if any(leaf.parameters.get("smime-type") == "signed-data" for leaf in sealed):
        yield SIGNED_SHUT
    elif sealed or message.type == "multipart/encrypted" or "-----BEGIN PGP MESSAGE-----" in text:
        yield ENCRYPTED


class _Shown:
    """Which leaves are the text: plain where there is plain, else the web version, in the order they stand."""

    def __init__(self, message: Message, raw: bytes) -> None:
        self.message, self.raw = message, raw
        self.problems: list[str] = []
        self.used: set[int] = set()
        self.budget = TEXT_LETTERS

    def text(self) -> str:
        texts = [(number, leaf) for number, leaf in enumerate(self.message.leaves) if _is_text(leaf)]
        self.used = {number for number, _ in texts}
        plain = {number: self._decoded(leaf) for number, leaf in texts if leaf.type == "text/plain"}
        said_plainly = {leaf.alternative for number, leaf in texts if plain.get(number, "").strip()}
        pieces = []
        for number, leaf in texts:
            if number in plain:
                pieces.append(plain[number].strip("\n"))
            elif leaf.alternative is not None and leaf.alternative in said_plainly:
                self._compare(
                    leaf, [plain[n] for n, other in texts if n in plain and other.alternative == leaf.alternative]
                )
            else:
                pieces.append(self._laid_out(leaf))
        return "\n\n".join(piece for piece in pieces if piece.strip())

    def _decoded(self, leaf: Leaf) -> str:
        if leaf.end - leaf.start > TEXT_BYTES:
            self.problems.append(TOO_LONG)
            leaf = Leaf(leaf.headers, leaf.type, leaf.parameters, leaf.start, leaf.start + TEXT_BYTES, leaf.inside)
        octets, damage = leaf.octets(self.raw)
        text, note = charsets.decode(octets, leaf.parameters.get("charset"))
        if len(text) > self.budget:
            self.problems.append(TOO_LONG)
            text = text[: self.budget]
        self.budget -= len(text)
        self.problems += [problem for problem in (damage, note) if problem]
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _laid_out(self, leaf: Leaf) -> str:
        text, problems = html.to_text(self._decoded(leaf))
        self.problems += problems
        return text

    def _compare(self, leaf: Leaf, plain: list[str]) -> None:
        """A mail may say one thing to those who read the plain text and another to those who see the web version."""
        source = self._decoded(leaf)
        if _differ(_words(" ".join(plain)), _words(html.rough_text(source[: html.MOST_LETTERS]))):
            self.problems.append(VERSIONS_DIFFER)


def _is_text(leaf: Leaf) -> bool:
    if leaf.type not in ("text/plain", "text/html") or leaf.disposition == "attachment":
        return False
    is_encoded_oddly = b"uu" in leaf.headers.first("content-transfer-encoding").lower()
    return not leaf.name and not is_encoded_oddly and all(subtype != "encrypted" for subtype, _ in leaf.inside)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_LINK.sub(" ", text[:100_000]).lower()))


def _differ(plain: set[str], web: set[str]) -> bool:
    fewer, more = sorted((len(plain), len(web)))
    shared = len(plain & web)
    is_other = fewer >= 2 and not shared  # few words, but all of them other ones
    return is_other or (fewer >= 5 and shared < fewer / 2) or (more >= 20 and shared < more / 4)
