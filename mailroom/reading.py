"""One mail read: who wrote, what they say, what is newly written, what hangs on it, and whether a machine sent it."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mailroom import addresses, automatic, body, encoded, labels, mime, quoting
from mailroom.headers import Headers, split
from workflow.contact import Kind, Reading

NOT_READ = "this message could not be read automatically; see the original"
SUBJECT_CUT = "the subject is longer than 998 characters and was cut"
NO_DATE = "the date in the message cannot be read"
TWO_IDS = "the message has more than one Message-ID"
MANY_RECEIVERS = "the message names more than 200 receivers"

_ID = re.compile(r"<[^<>\s]{1,900}>")
_MOST_REFERENCES = 100


def read(raw: bytes, *, envelope_sender: str | None = None, ours: Collection[str] = ()) -> Reading:
    """Read a mail. Never raises; runs in the limited child. `ours`: the right-hand sides of our own Message-IDs.

    `envelope_sender` is empty for the null return path; where it is not known the Return-Path header is taken.
    """
    try:
        return _read(raw, envelope_sender, ours)
    except Exception:  # noqa: BLE001 - whatever a stranger's bytes do, the case opens and a person looks at it
        return outline(raw, envelope_sender=envelope_sender)


def outline(raw: bytes, *, envelope_sender: str | None = None) -> Reading:
    """What the first 64 KB of headers say about a mail that could not be read; marked for a person. Never raises."""
    try:
        headers, _ = split(raw[: 64 * 1024], 0, min(len(raw), 64 * 1024))
        sender, problems = addresses.sender(headers.all("from")[:2], b"", envelope_sender or "")
        subject = labels.subject(encoded.header_text(headers.first("subject")[:4096]))
        problems = [NOT_READ, *problems]
        return Reading(
            Kind.UNREADABLE, sender.name, sender.address, subject, message_id=_id(headers), problems=tuple(problems)
        )
    except Exception:  # noqa: BLE001 - the last line of defence
        return Reading(Kind.UNREADABLE, sender_address=envelope_sender or "", problems=(NOT_READ,))


def part(raw: bytes, index: int) -> bytes:
    """The decoded bytes of one leaf, as an Attachment names it. IndexError where there is no such leaf."""
    if index < 0:
        raise IndexError(index)
    return mime.parse(raw).leaves[index].octets(raw)[0]


def _read(raw: bytes, envelope_sender: str | None, ours: Collection[str]) -> Reading:
    message = mime.parse(raw)
    headers = message.headers
    if envelope_sender is None and "return-path" in headers:
        envelope_sender = encoded.header_text(headers.first("return-path")).strip("<> ")
    sender, suspicions = addresses.sender(headers.all("from"), headers.first("sender"), envelope_sender or "")
    whole_subject = encoded.header_text(headers.first("subject"))
    subject = labels.subject(whole_subject)
    said = body.of(message, raw)
    clues = automatic.Clues(message, raw, subject, sender.address, said.text, envelope_sender, ours)
    kind, rules = automatic.kind_of(clues)
    date, date_problem = _date(headers.first("date"))
    problems = [*message.problems, *suspicions, *_oddities(headers, whole_subject), *date_problem, *said.problems]
    return Reading(
        kind=kind,
        sender_name=sender.name,
        sender_address=sender.address,
        subject=subject,
        date=date,
        message_id=_id(headers),
        in_reply_to=next(iter(_ids(headers.first("in-reply-to"))), None),
        references=tuple(_ids(headers.first("references"))[-_MOST_REFERENCES:]),
        text=said.text,
        reply=quoting.visible_reply(said.text, subject),
        attachments=said.attachments,
        bounce=clues.bounce if kind is Kind.BOUNCE else None,
        rules=rules,
        problems=tuple(dict.fromkeys(problems)),
    )


def _oddities(headers: Headers, subject: str) -> list[str]:
    problems = []
    if len(labels.visible(subject)) > labels.SUBJECT_LETTERS:
        problems.append(SUBJECT_CUT)
    if len(headers.all("message-id")) > 1:
        problems.append(TWO_IDS)
    if sum(value.count(b"@") for name in ("to", "cc") for value in headers.all(name)) > addresses.MOST_ADDRESSES:
        problems.append(MANY_RECEIVERS)
    return problems


def _id(headers: Headers) -> str | None:
    """The Message-ID; as it stands where it is not well formed."""
    said = headers.first("message-id")
    if not said:
        return None
    return next(iter(_ids(said)), None) or labels.subject(encoded.header_text(said[:4096])) or None


def _ids(value: bytes) -> list[str]:
    return _ID.findall(labels.visible(encoded.header_text(value)))


def _date(value: bytes) -> tuple[datetime | None, list[str]]:
    """The Date header, for showing only: what counts in law is when the mail reached us."""
    said = encoded.header_text(value[:200]).strip()
    if not said:
        return None, []
    try:
        date = parsedate_to_datetime(said)
        date.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None, [NO_DATE]
    return date if date.tzinfo else date.replace(tzinfo=UTC), []
