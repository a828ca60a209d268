"""`redress mail read`: what Redress makes of a mail, for anyone who wants to know why."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.commands.showing import AsJson, plain_typer, say, show_json

group = plain_typer(no_args_is_help=True, help="Read mails from files.")


@group.callback()
def mail() -> None:
    """Read mails from files, as the mailroom would. Nothing is stored."""


@group.command()
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Mails as files, such as letter.eml.")],
    as_json: AsJson = False,
) -> None:
    """Read mails from files, and say who speaks, what they newly wrote and why we think so."""
    from app.mail_read import mail_read

    unopened = False
    for found in mail_read(files):
        if "error" in found:
            sys.stderr.write(f"redress: {found['file']}: {found['error']}\n")
            unopened = True
        elif as_json:
            show_json(found)
        else:
            say(_in_words(found))
    if unopened:
        sys.exit(1)


def _in_words(found: dict) -> str:  # type: ignore[type-arg]  # the object of S10
    lines = [f"{found['file']}: {found['kind'].replace('_', ' ')}"]
    lines += [f"  from: {found['from']['address']}", f"  subject: {found['subject']}"]
    lines += [f"  because: {rule}" for rule in found["rules"]] + [f"  problem: {one}" for one in found["problems"]]
    lines += [f"  file: {one['name']} ({one['type']}, {one['size']} bytes)" for one in found["attachments"]]
    return "\n".join([*lines, "", found["reply"], ""])


COMMANDS = {"mail": group}
