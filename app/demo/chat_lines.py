"""What the bot wrote in the story's chats, read back from its files as mails are."""

import json
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from app.demo.reading import Kept

OWED = (
    "We have received your complaint.",
    "has written to you about your complaint",
    "You began a complaint here and have not sent it.",
    "How did we do with your complaint?",
    "There is still time to tell us how we did.",
)


def told_nothing_owed(text: str) -> bool:
    """Whether a message only answers what someone has just said; a receipt, a letter or a reminder is owed."""
    return not any(words in text for words in OWED)


def lines_in(folder: Path) -> list[Kept]:
    """Every message in a folder of .json files, oldest first, with the letter that it encloses as text."""
    return [_read(path.read_bytes()) for path in sorted(folder.glob("*.json"))]


def _read(raw: bytes) -> Kept:
    kept = json.loads(raw)
    text = f"{kept['text']}\n{_without_markup(kept['letter'])}"
    date = datetime.fromtimestamp(kept["date"], UTC)
    return Kept(f"telegram:{kept['chat']}", "", "", date, text, kept["letter"], "", "", raw)


def _without_markup(html: str) -> str:
    words = re.sub(r"<(style|title)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(words).split())
