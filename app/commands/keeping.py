"""`redress migrate`, `backup`, `restore` and `resume`: looking after the database."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.showing import plain_typer, say

migrate_app, backup_app, restore_app, resume_app = (plain_typer() for _ in range(4))
File = Annotated[Path, typer.Argument(metavar="FILE")]


@migrate_app.command()
def migrate() -> None:
    """Bring the database to this version's tables. Safe to run again."""
    from app import settings
    from app.house import opened
    from storage import migrate as tables

    with opened(settings.load()) as house:
        tables.migrate(house.engine)
    say("The database is at this version.")


@backup_app.command()
def backup(file: File) -> None:
    """Copy the database to FILE while it runs, and check the hash of every stored contact in the copy."""
    from app import settings
    from app.keeping import back_up

    say(back_up(settings.load(), file))


@restore_app.command()
def restore(
    file: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the backup.")] = False,
) -> None:
    """Put the backup in FILE in place of the database. Refuses while Redress runs; no mail goes out until `resume`."""
    from app import settings
    from app.keeping import restore as put_back

    say(put_back(settings.load(), file, dry_run=dry_run))


@resume_app.command()
def resume(
    send_waiting: Annotated[
        bool, typer.Option("--send-waiting", help="Also send what was waiting in the backup.")
    ] = False,
) -> None:
    """Let mail go out again after a restore. What waited in the backup may have gone out before: it is given up
    and shown as a task, unless --send-waiting."""
    from app import settings
    from app.keeping import resume as go_on

    say(go_on(settings.load(), send_waiting=send_waiting))


COMMANDS = {"migrate": migrate_app, "backup": backup_app, "restore": restore_app, "resume": resume_app}
