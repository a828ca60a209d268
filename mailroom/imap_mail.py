"""What must be known of a mail before it is parsed: to whom of us it goes, who sent it, or only its head."""

import re
from collections.abc import Callable, Iterator

from mailroom.smtp_addresses import recipient

HEAD = 65_536  # bytes looked at
ADDRESS = re.compile(r"[^\s<>\",;:()\[\]]{1,64}@[^\s<>\",;:()\[\]]{1,255}")
TOLD_BY = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
STUB_FIELDS = "FROM TO CC SUBJECT DATE MESSAGE-ID IN-REPLY-TO REFERENCES AUTO-SUBMITTED DELIVERED-TO"


def recipient_of(raw: bytes, is_ours: Callable[[str], bool], otherwise: str) -> str:
    """The first address of ours in the headers that tell; `otherwise` when there is none."""
    fields = list(_fields(raw))
    told = [text for name in TOLD_BY for field, text in fields if field == name]
    found = [recipient(address) for text in told for address in ADDRESS.findall(text)]
    return next((address for address in list(dict.fromkeys(found))[:200] if is_ours(address)), otherwise)


def sender_of(raw: bytes) -> str | None:
    """The envelope sender that the last mail server wrote down (empty for a bounce); None where it did not."""
    for field, text in _fields(raw):
        if field == "return-path" and (match := re.match(r"\s*<([^<>]*)>", text)):
            return match[1]
    return None


def stub(head: bytes, size: int) -> bytes:
    """What is stored of a mail that is too large: its headers, and where to find the rest."""
    text = f"This message has {size} bytes. That is too large, so it was left in the mailbox. Read it there.\r\n"
    return head.rstrip(b"\r\n") + b"\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" + text.encode()


def _fields(raw: bytes) -> Iterator[tuple[str, str]]:
    """Header fields, unfolded, in a plain loop that no mail can make slow."""
    head = re.split(rb"\r?\n\r?\n", raw[:HEAD], maxsplit=1)[0].decode("utf-8", "replace")
    for line in re.sub(r"\r?\n[ \t]+", " ", head).splitlines():
        name, _, text = line.partition(":")
        yield name.strip().lower(), text
