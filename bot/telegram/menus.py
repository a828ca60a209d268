"""The menu of commands that Telegram shows beside the text field, in each of our languages."""

from collections.abc import Mapping
from typing import Any

from bot.telegram.asking import Asking
from templates import words

COMMANDS = ("complain", "status", "add", "withdraw", "updates", "language", "help", "stop")
LANGUAGES = ("en", "cy")
USUAL = "en"  # for everybody whose language we don't speak


async def set_menus(asking: Asking) -> None:
    """Raises NoAnswer."""
    for language in LANGUAGES:
        commands = _commands(words.chat(language)["menu"])
        await asking.ask("setMyCommands", commands=commands, language_code=language)
        if language == USUAL:
            await asking.ask("setMyCommands", commands=commands)


def _commands(said: Mapping[str, Any]) -> list[dict[str, str]]:
    return [{"command": one, "description": said[one][:1].upper() + said[one][1:]} for one in COMMANDS]
