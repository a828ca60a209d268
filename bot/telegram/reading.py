"""What someone did in Telegram, read by aiogram's models and freed of Telegram."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiogram.types import CallbackQuery, Message, Update
from pydantic import ValidationError

from bot.said import Said
from bot.telegram.door import CHANNEL
from bot.telegram.enclosed import Enclosed, enclosed
from storage.tables import ChatUpdate

PRIVATE = "private"
# Kinds of trouble.
GROUP, NOT_UNDERSTOOD, TOO_LARGE, NOT_FETCHED = "group", "not_understood", "too_large", "not_fetched"


@dataclass(frozen=True)
class Tapped:
    """A button that was pressed: what Telegram calls the press, and the message that it stood below."""

    query: str
    chat: str = ""
    message: int = 0
    words: str = ""  # of the message, with what was chosen; empty where it can't be shown


@dataclass(frozen=True)
class Heard:
    """One update as read: nothing was said when it is only about the chat; files are still with Telegram."""

    said: Said | None
    files: tuple[Enclosed, ...] = ()
    album: str = ""
    tapped: Tapped | None = None


def read(update: ChatUpdate) -> Heard:
    """Whatever came: what can't be read in a private chat is said to be trouble, and all else says nothing."""
    try:
        found = Update.model_validate(json.loads(update.raw))
    except (ValidationError, ValueError, RecursionError):
        return Heard(_not_understood(update))
    if found.callback_query is not None:
        return _tap(update, found.callback_query)
    if message := found.message or found.edited_message:
        return _message(update, message, is_edit=found.message is None)
    if found.channel_post is not None:
        return Heard(_said(update, trouble=GROUP))
    return Heard(None)


def together(heard: Sequence[Heard]) -> Heard:
    """An album, whose photos come one by one, as the one thing that it is to whoever sent it."""
    said = [one.said for one in heard if one.said is not None]
    if not said:
        return heard[0]
    words = "\n".join(one.text for one in said if one.text)
    trouble = next((one.trouble for one in said if one.trouble), "")
    return Heard(replace(said[0], text=words, trouble=trouble), tuple(file for one in heard for file in one.files))


def _not_understood(update: ChatUpdate) -> Said | None:
    """Newer than we are, or broken: words that can be made out are heard, or whoever wrote it hears that it was not.

    Only what somebody wrote alone with us: groups and channels have negative numbers.
    """
    if not update.chat.isdigit() or update.kind not in ("message", "edit"):
        return None
    words = _made_out(update.raw)
    return _said(update, text=words) if words else _said(update, trouble=NOT_UNDERSTOOD)


def _made_out(raw: bytes) -> str:
    try:
        update = json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    message = update.get("message") or update.get("edited_message")
    words = message.get("text") or message.get("caption")
    return words if isinstance(words, str) else ""


def _tap(update: ChatUpdate, query: CallbackQuery) -> Heard:
    if query.message is None or query.message.chat.type != PRIVATE or query.from_user.is_bot:
        return Heard(None, tapped=Tapped(query.id))
    said = _said(update, chat=str(query.message.chat.id), tapped=query.data or "", id=f"tap:{query.id}")
    said = replace(said, name=query.from_user.first_name, language=query.from_user.language_code or "en")
    return Heard(said, tapped=_pressed(query))


def _pressed(query: CallbackQuery) -> Tapped:
    message = query.message
    if not isinstance(message, Message) or not message.text or message.reply_markup is None:
        return Tapped(query.id)
    buttons = (button for row in message.reply_markup.inline_keyboard for button in row)
    chosen = next((button.text for button in buttons if button.callback_data == query.data), "")
    words = f"{message.text}\n\n✓ {chosen}" if chosen else message.text
    return Tapped(query.id, str(message.chat.id), message.message_id, words)


def _message(update: ChatUpdate, message: Message, *, is_edit: bool) -> Heard:
    sender = message.from_user
    if message.chat.type != PRIVATE or sender is None:
        return Heard(_said(update, trouble=GROUP))
    if sender.is_bot:
        return Heard(None)  # two programs could go on answering each other for ever
    if is_edit and message.location is not None:
        return Heard(None)  # a place shared live: each step of its sender would be an edit
    said = _said(
        update,
        name=sender.first_name,
        language=sender.language_code or "en",
        replaces=str(message.message_id) if is_edit else "",
        id=str(message.message_id),
    )
    return _with_content(said, message)


def _with_content(said: Said, message: Message) -> Heard:
    files = enclosed(message)
    small = tuple(file for file in files if not file.is_too_large)
    trouble = TOO_LARGE if len(small) < len(files) else ""
    command, words = _command(message)
    words = words or _in_words(message)
    if not (command or words or files):
        trouble = NOT_UNDERSTOOD
    said = replace(said, command=command, text=words, trouble=trouble)
    return Heard(said, small, message.media_group_id or "")


def _command(message: Message) -> tuple[str, str]:
    """The command at the beginning, as `/status@our_bot`, and the words after it."""
    words = message.text or message.caption or ""
    marked = (*(message.entities or ()), *(message.caption_entities or ()))
    if not any(one.type == "bot_command" and one.offset == 0 for one in marked):
        return "", words
    first, *rest = words.split(maxsplit=1)  # also where a line ends behind it
    return first.removeprefix("/").partition("@")[0].lower(), "".join(rest).strip()


def _in_words(message: Message) -> str:
    """A place or someone's card as a handler can use it; both are only what the sender claims."""
    if message.venue is not None:
        return f"📍 {message.venue.title}, {message.venue.address}"
    if message.location is not None:
        return f"📍 {message.location.latitude:.5f}, {message.location.longitude:.5f}"
    if message.contact is not None:
        name = " ".join(filter(None, (message.contact.first_name, message.contact.last_name)))
        return f"☎ {name} {message.contact.phone_number}"
    return ""


def _said(update: ChatUpdate, **told: Any) -> Said:
    """What someone said in the chat that this update came from, at the moment when it was durable with us."""
    return replace(Said(CHANNEL, update.chat, update.received_at), **told)
