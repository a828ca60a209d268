"""Printing data: tables for people, JSON for programs."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
Now = Annotated[
    str | None, typer.Option("--now", metavar="DATE", help="As if it were this date, such as 2026-03-27T09:30.")
]


def plain_typer(**more: Any) -> typer.Typer:
    """Commands whose help is plain text: coloured frames take as long to load as everything else together."""
    return typer.Typer(rich_markup_mode=None, add_completion=False, **more)


def show_json(data: Any) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, default=str) + "\n")


def show_rows(rows: Sequence[dict[str, Any]], *, as_json: bool, empty: str) -> None:
    """A list of rows, as JSON or as a table."""
    if as_json:
        show_json(list(rows))
        return
    if not rows:
        say(empty)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in rows[0]:
        table.add_column(name.replace("_", " "))
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(highlight=False).print(table)


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
