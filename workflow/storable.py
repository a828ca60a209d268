"""What was read, made fit for every database: no NUL, no half characters, nothing too long for an index."""

from dataclasses import replace
from typing import Any

from workflow.contact import Reading

MESSAGE_ID = 998  # the longest line of a mail; PostgreSQL indexes at most 2,700 bytes


def storable(reading: Reading) -> Reading:
    """The same reading where nothing stands in the way, else with replacement characters; the raw bytes keep all."""
    return replace(
        reading,
        sender_name=clean(reading.sender_name),
        sender_address=clean(reading.sender_address),
        subject=clean(reading.subject),
        message_id=_short(reading.message_id),
        in_reply_to=_short(reading.in_reply_to),
        references=tuple(clean(one) for one in reading.references),
        text=clean(reading.text),
        reply=clean(reading.reply),
        attachments=tuple(replace(one, name=clean(one.name), type=clean(one.type)) for one in reading.attachments),
        problems=tuple(clean(one) for one in reading.problems),
        answers=_cleaned(reading.answers),
    )


def clean(text: str) -> str:
    """PostgreSQL takes no NUL in a text, and no database takes half of a surrogate pair."""
    if text.isascii() and "\0" not in text:
        return text
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _short(message_id: str | None) -> str | None:
    return None if message_id is None else clean(message_id)[:MESSAGE_ID]


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _cleaned(one) for key, one in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, list | tuple) else value
