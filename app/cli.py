"""The `redress` command: every command in one visible table, each loaded only when it is used."""

import importlib
import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

HELP = """Complaints for public bodies: in by email, chat and web form, kept to their deadlines, answered, learnt from.

\b
Try it:            redress demo
Run it:            redress serve
See how it fares:  redress status
"""

# command -> module of app.commands. Groups hold further commands.
COMMANDS = {
    "serve": ("running", "Run everything: web pages, desk, mail in and out, reminders."),
    "demo": ("demo", "Run with an example council, or play half a year in two minutes (--time-lapse)."),
    "tick": ("running", "Do once what is due now: file, remind, send."),
    "status": ("looking", "How the installation fares."),
    "doctor": ("looking", "Check settings, database, mail and calendar, and say what to mend."),
    "migrate": ("keeping", "Bring the database to this version's tables."),
    "backup": ("keeping", "Copy the database to a file while it runs."),
    "restore": ("keeping", "Put a backup in place of the database."),
    "resume": ("keeping", "Let mail go out again after a restore."),
    "organisation": ("office", "Public bodies that receive complaints."),
    "service": ("office", "Services that people complain about."),
    "address": ("office", "Mailboxes of ours."),
    "user": ("office", "Members of staff."),
    "case": ("cases", "Cases: list, show, do a casework verb, rebuild."),
    "contact": ("cases", "What came in."),
    "actions": ("actions", "What is being done because of lessons, and what is late."),
    "digest": ("figures", "What complaints told in a quarter, to those who lead."),
    "figures": ("figures", "Figures of complaints, between two days."),
    "import": ("importing", "Take in what other systems know: compliments, claims, surveys."),
    "chat": ("chatting", "Hold the conversation of the messengers here, on a terminal."),
    "feed": ("feeds", "What other organisations publish of their learning."),
    "mail": ("mail", "Read mails from files."),
    "deadlines": ("deadlines", "Count the dates of a procedure from its events."),
}


class LazyGroup(TyperGroup):
    """Knows each command's name and help at once, and loads its module only when it runs."""

    def list_commands(self, _ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, summary = COMMANDS[cmd_name]
        if _asks_for_all():
            return typer.main.get_command(_named(cmd_name, summary))
        return typer.main.get_command(importlib.import_module(f"app.commands.{module}").COMMANDS[cmd_name])


def _asks_for_all() -> bool:
    words = sys.argv[1:]
    return not words or words[0] in ("--help", "-h")


def _named(name: str, summary: str) -> typer.Typer:
    """A command that only tells its name and what it does, for the list of all."""
    only = typer.Typer(rich_markup_mode=None, add_completion=False)
    only.command(name, help=summary)(lambda: None)
    return only


app = typer.Typer(
    cls=LazyGroup,
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def root() -> None:
    """Every command is found by LazyGroup."""


def main() -> None:
    """Run the command line; an error that we foresaw is one line that says what to do, and exit status 2."""
    from app.commands.foreseen import foreseen

    os.umask(0o077)  # whatever is written here holds what people told us: for this user alone
    with foreseen():
        app(prog_name="redress")
