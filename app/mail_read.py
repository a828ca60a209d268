"""`redress mail read`: what the mailroom makes of mails in files, one plain object for each."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mailroom.child import Reader
from workflow.contact import Reading


def mail_read(paths: Iterable[str | Path]) -> Iterator[dict[str, Any]]:
    """One object for each file, in the order given; a file that cannot be opened gives only `file` and `error`."""
    with Reader() as reader:
        for path in paths:
            try:
                raw = Path(path).read_bytes()
            except OSError as trouble:
                yield {"file": str(path), "error": trouble.strerror or "cannot be opened"}
            else:
                yield {"file": str(path)} | as_object(reader.read(raw))


def as_object(reading: Reading) -> dict[str, Any]:
    """A Reading in the form that other programs rely on."""
    attachments = [asdict(attachment) for attachment in reading.attachments]
    return {
        "kind": reading.kind.value,
        "from": {"name": reading.sender_name, "address": reading.sender_address},
        "subject": reading.subject,
        "date": reading.date.isoformat() if reading.date else None,
        "message_id": reading.message_id,
        "in_reply_to": reading.in_reply_to,
        "text": reading.text,
        "reply": reading.reply,
        "attachments": [{name: file[name] for name in ("name", "type", "size", "sha256")} for file in attachments],
        "bounce": asdict(reading.bounce) if reading.bounce else None,
        "rules": list(reading.rules),
        "problems": list(reading.problems),
    }
