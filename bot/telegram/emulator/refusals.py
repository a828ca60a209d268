"""What Telegram refuses, in its own words and numbers."""

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from typing import Any

from aiogram.types import InlineKeyboardMarkup

LONGEST_TEXT = 4096  # characters
LONGEST_CAPTION = 1024
LONGEST_VALUE = 64  # bytes of a button's data
MOST_BUTTONS = 100
BIGGEST_DOWNLOAD = 20_000_000  # bytes of a file that a bot may fetch
TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "span", "blockquote"}


class Refusal(Exception):
    """An answer that is not ok, as Telegram gives it; `retry_after` in seconds."""

    def __init__(self, code: int, description: str, *, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after


def bad(why: str) -> Refusal:
    return Refusal(400, f"Bad Request: {why}")


def check_text(text: str, given: Mapping[str, Any]) -> None:
    """Raises Refusal for a text, with its entities and parse mode, that Telegram would not take."""
    if not text.strip():
        raise bad("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad("message is too long")
    check_entities(text, given.get("entities") or (), given.get("parse_mode"))


def check_caption(text: str, given: Mapping[str, Any]) -> None:
    """The same for the words beside a file."""
    if len(text) > LONGEST_CAPTION:
        raise bad("message caption is too long")
    check_entities(text, given.get("caption_entities") or (), given.get("parse_mode"))


def check_entities(text: str, entities: Iterable[Any], parse_mode: object) -> None:
    """Entities count in UTF-16 code units, and must lie inside the text."""
    length = len(text.encode("utf-16-le")) // 2
    for entity in entities:
        if entity.offset < 0 or entity.length < 1 or entity.offset + entity.length > length:
            raise bad("ENTITY_BOUNDS_INVALID")
    if parse_mode == "HTML":
        _Tags().check(text)
    elif isinstance(parse_mode, str):
        raise bad(f"this emulator can't parse entities of {parse_mode}")


def check_buttons(markup: Any) -> None:
    """Each button of an inline keyboard has a text, and data of 1 to 64 bytes."""
    rows = getattr(markup, "inline_keyboard", None) or ()
    if rows and not isinstance(markup, InlineKeyboardMarkup):
        raise bad("can't parse reply_markup: not an inline keyboard")
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    for button in buttons:
        if not button.text.strip():
            raise bad("BUTTON_TEXT_INVALID")
        if button.callback_data is not None and not 1 <= len(button.callback_data.encode()) <= LONGEST_VALUE:
            raise bad("BUTTON_DATA_INVALID")


def check_commands(commands: Iterable[Any]) -> None:
    """Names and descriptions of a menu's commands."""
    for one in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one.command) or not 1 <= len(one.description) <= 256:
            raise bad("BOT_COMMAND_INVALID")


class _Tags(HTMLParser):
    """Tags that Telegram knows, each closed where it should be."""

    def check(self, text: str) -> None:
        self._open: list[str] = []
        self.feed(text)
        self.close()
        if self._open:
            raise bad(f"can't parse entities: Can't find end tag corresponding to start tag {self._open[-1]}")

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise bad("can't parse entities: Unexpected end tag")
