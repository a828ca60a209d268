"""A mail that the demo's own mailbox keeps, read with the standard library alone."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

REFERENCE = re.compile(r"\bRD-\w{4}-\w{4}\b")
LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Kept:
    """One mail, or message by chat, as its reader sees it."""

    to: str
    sender: str
    subject: str
    date: datetime
    text: str
    html: str
    message_id: str
    reply_to: str
    raw: bytes

    @property
    def reference(self) -> str | None:
        """The first case reference in subject or text."""
        found = REFERENCE.search(f"{self.subject}\n{self.text}")
        return found[0] if found else None

    @property
    def is_by_chat(self) -> bool:
        return self.to.startswith("telegram:")

    @property
    def links(self) -> list[str]:
        return LINK.findall(self.text)


def read(raw: bytes) -> Kept:
    """Raises ValueError for a mail without a date: none of ours is."""
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
    date = mail["Date"].datetime if mail["Date"] else None
    if date is None:
        raise ValueError("a mail without a date")
    return Kept(
        to=parseaddr(str(mail["To"]))[1],
        sender=str(mail["From"]),
        subject=str(mail["Subject"]),
        date=date,
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        message_id=str(mail["Message-ID"]),
        reply_to=parseaddr(str(mail["Reply-To"] or ""))[1],
        raw=raw,
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
