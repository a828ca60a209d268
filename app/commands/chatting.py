"""`redress chat`: the conversation that people have in a messenger, on this terminal."""

import sys
from typing import Annotated

import typer

from app.commands.showing import plain_typer, say

chat_app = plain_typer()


@chat_app.command()
def chat(
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="Whose chat it is; come back to it by this name.")],
    language: Annotated[str, typer.Option(help="en or cy.")] = "en",
) -> None:
    """Hold the conversation here: type words, a button's number, a command such as /help, or /file PATH.

    Ends with Ctrl-D; nothing is lost, and the same name goes on where it was.
    """
    from app import settings
    from app.channels import report
    from app.house import opened
    from bot.terminal.channel import NAME, Terminal
    from storage.migrate import check

    with opened(settings.load()) as house:
        check(house.engine)
        terminal = Terminal(house.engine, house.office, house.clock, name, language)
        for words in terminal.talk(sys.stdin):
            say(words)
            sys.stdout.flush()
        report(house, NAME, None)


COMMANDS = {"chat": chat_app}
