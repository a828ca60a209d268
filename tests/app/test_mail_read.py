"""`redress mail read` prints what the mailroom makes of a file, in a form other programs rely on."""

import hashlib
import json
from pathlib import Path

from app.mail_read import mail_read
from tests.mailroom.mails import POST, part, parts


def test_each_file_gives_one_object_with_exactly_these_names() -> None:
    (read,) = mail_read([POST / "person-outlook.eml"])

    assert list(read) == [
        "file",
        "kind",
        "from",
        "subject",
        "date",
        "message_id",
        "in_reply_to",
        "text",
        "reply",
        "attachments",
        "bounce",
        "rules",
        "problems",
    ]
    assert read["file"].endswith("person-outlook.eml")
    assert read["from"] == {"name": "Jo Bloggs", "address": "jo@home.example"}
    assert read["date"] == "2026-03-03T09:15:00+00:00"
    assert read["bounce"] is None


def test_a_bounce_names_its_recipients() -> None:
    (read,) = mail_read([POST / "bounce-delayed.eml"])

    assert read["kind"] == "bounce"
    assert json.loads(json.dumps(read["bounce"])) == {
        "recipients": ["jo@home.example"],
        "permanent": False,
        "status": "4.4.1",
    }


def test_an_attachment_is_named_with_its_hash(tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(parts(part("x"), part("PHOTO", "image/png; name=a.png")))

    (read,) = mail_read([file])

    assert read["attachments"] == [
        {"name": "a.png", "type": "image/png", "size": 5, "sha256": hashlib.sha256(b"PHOTO").hexdigest()}
    ]


def test_a_file_that_cannot_be_opened_does_not_stop_the_others(tmp_path: Path) -> None:
    missing, read = mail_read([tmp_path / "missing.eml", POST / "person-outlook.eml"])

    assert missing == {"file": str(tmp_path / "missing.eml"), "error": "No such file or directory"}
    assert read["kind"] == "person"
