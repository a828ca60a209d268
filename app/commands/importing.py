"""`redress import`: taking in what other systems know."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.showing import AsJson, Now, plain_typer, say, show_json

if TYPE_CHECKING:
    from app.insight import Imported

importing = plain_typer(no_args_is_help=True)


@importing.callback()
def root() -> None:
    """Take in what other systems know."""


@importing.command("insight")
def import_insight(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Comma-separated rows, as spreadsheets save them.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_user: Annotated[str | None, typer.Option("--as", metavar="EMAIL", help="Who does it, of the staff.")] = None,
    as_json: AsJson = False,
    now: Now = None,
) -> None:
    """Compliments, claims, surveys and other insight from a CSV file; a second time adds nothing twice.

    \b
    The first line names the columns: kind and date, and of these what you have:
    organisation, service, subject, text, how_many, pounds, source, id.
    Rows that are wrong are left out and told, with what to mend: mend them, and import the file again.
    """
    done = _import(file, now, as_user, dry_run=dry_run)
    if as_json:
        show_json({"dry_run": dry_run, **done.as_json()})
    else:
        _tell(done, dry_run=dry_run)
    raise typer.Exit(1 if done.errors else 0)


def _import(file: Path, now: str | None, as_user: str | None, *, dry_run: bool) -> "Imported":
    from rich.console import Console
    from rich.progress import Progress

    from app.doing import at_house
    from app.insight import acting, read, take_in

    with at_house(now) as house, Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        found, by = read(house, file), acting(house, as_user)
        task = bar.add_task("Rows", total=len(found))
        return take_in(house, found, by, dry_run=dry_run, told=lambda rows: bar.advance(task, rows))


def _tell(done: "Imported", *, dry_run: bool) -> None:
    for line, problem in done.errors:
        say(f"Line {line}: {problem}")
    would = "would be taken in" if dry_run else "taken in"
    left_out = len({line for line, _ in done.errors})
    say(f"{done.added} {would}, {done.already} there already, {left_out} with something to mend.")


COMMANDS = {"import": importing}
