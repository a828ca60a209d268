"""The methods by which the bot talks: messages, documents, edits, answers to taps, files, menus."""

from typing import Any

from aiogram.types import BotCommand, File, Message, User

from bot.telegram.emulator.calls import Given
from bot.telegram.emulator.refusals import (
    BIGGEST_DOWNLOAD,
    bad,
    check_buttons,
    check_caption,
    check_commands,
    check_text,
)
from bot.telegram.emulator.world import Json, World


def answered(kind: type[Any], value: Json) -> Json:
    """The value as aiogram's own type of it writes it, so that the emulator can't answer what Telegram never would."""
    written: Json = kind.model_validate(value).model_dump(mode="json", exclude_none=True, by_alias=True)
    return written


def get_me(world: World, _given: Given) -> Json:
    return answered(User, world.me)


def send_message(world: World, given: Given) -> Json:
    asked = given.arguments
    room = world.room(asked["chat_id"])
    check_text(asked["text"], _options(given))
    check_buttons(given.model.reply_markup)  # type: ignore[attr-defined]  # SendMessage has it
    return answered(Message, world.add(room, world.me, text=asked["text"], reply_markup=asked.get("reply_markup")))


def send_document(world: World, given: Given) -> Json:
    asked = given.arguments
    room = world.room(asked["chat_id"])
    caption = asked.get("caption") or ""
    check_caption(caption, _options(given))
    check_buttons(given.model.reply_markup)  # type: ignore[attr-defined]  # SendDocument has it
    upload = given.file(asked["document"])
    if upload is None and asked["document"] not in world.files:
        raise bad("wrong file identifier/HTTP URL specified")
    file_id = world.keep(upload.name, upload.type, upload.content) if upload else asked["document"]
    kept = world.files[file_id]
    document = {
        "file_id": file_id,
        "file_unique_id": f"u-{file_id}",
        "file_name": kept.name,
        "mime_type": kept.type,
        "file_size": kept.size,
    }
    more = {"caption": caption or None, "reply_markup": asked.get("reply_markup")}
    return answered(Message, world.add(room, world.me, document=document, **more))


def edit_message_text(world: World, given: Given) -> Json:
    asked = given.arguments
    room = world.room(asked.get("chat_id"))
    mine = (one for one in room.messages if one["from"]["is_bot"])
    message = next((one for one in mine if str(one["message_id"]) == str(asked.get("message_id"))), None)
    if message is None:
        raise bad("message to edit not found")
    check_text(asked["text"], _options(given))
    check_buttons(given.model.reply_markup)  # type: ignore[attr-defined]  # EditMessageText has it
    buttons = asked.get("reply_markup")
    if (message.get("text"), message.get("reply_markup")) == (asked["text"], buttons):
        raise bad("message is not modified: specified new message content and reply markup are exactly the same")
    message |= {"text": asked["text"], "edit_date": world.clock()}
    message.pop("reply_markup", None)
    if buttons:
        message["reply_markup"] = buttons
    return answered(Message, message)


def answer_callback_query(world: World, given: Given) -> bool:
    for room in world.rooms.values():
        for tap in room.tapped:
            if tap["id"] == given.arguments["callback_query_id"]:
                tap["answered"] = given.arguments.get("text") or ""
                return True
    raise bad("query is too old and response timeout expired or query ID is invalid")


def send_chat_action(world: World, given: Given) -> bool:
    world.room(given.arguments["chat_id"])
    return True


def get_file(world: World, given: Given) -> Json:
    file_id = given.arguments["file_id"]
    kept = world.files.get(file_id)
    if kept is None:
        raise bad("invalid file_id")
    if kept.size > BIGGEST_DOWNLOAD:
        raise bad("file is too big")
    path = f"documents/{file_id}"
    told = {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": kept.size, "file_path": path}
    return answered(File, told)


def set_my_commands(world: World, given: Given) -> bool:
    check_commands(given.model.commands)  # type: ignore[attr-defined]  # SetMyCommands has it
    world.commands[given.arguments.get("language_code") or ""] = given.arguments["commands"]
    return True


def get_my_commands(world: World, given: Given) -> list[Json]:
    commands = world.commands.get(given.arguments.get("language_code") or "", [])
    return [answered(BotCommand, one) for one in commands]


def _options(given: Given) -> Json:
    """Entities and parse mode: set only when the bot named them."""
    names = ("entities", "caption_entities", "parse_mode")
    return {name: getattr(given.model, name, None) for name in names if name in given.arguments}
