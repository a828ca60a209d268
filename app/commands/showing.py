"""Printing data: tables for people, JSON for programs."""

import json
import re
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
Now = Annotated[
    str | None, typer.Option("--now", metavar="DATE", help="As if it were this date, such as 2026-03-27T09:30.")
]

NEVER_CUT = ("reference", "case", "slug", "email", "address")  # to be copied into the next command


def plain_typer(**more: Any) -> typer.Typer:
    """Commands whose help is plain text: coloured frames take as long to load as everything else together."""
    return typer.Typer(rich_markup_mode=None, add_completion=False, **more)


def show_json(data: Any) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> str:
    """Dates and instants as ISO says."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def show_rows(
    rows: Sequence[dict[str, Any]], *, as_json: bool, empty: str, columns: Sequence[str] | None = None
) -> None:
    """A list of rows, as JSON with all there is, or as a table of these columns."""
    if as_json:
        show_json(list(rows))
        return
    if not rows:
        say(empty)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    names = list(columns or rows[0])
    for name in names:
        table.add_column(name.replace("_", " "), no_wrap=name in NEVER_CUT, overflow="fold")
    for row in rows:
        table.add_row(*(_said(row[name]) for name in names))
    Console(highlight=False).print(table)


def _said(value: Any) -> str:
    """Yes and no in words, a list with commas, and an instant without its fractions of a second."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    return "" if value is None else re.sub(r"(T\d\d:\d\d:\d\d)\.\d+", r"\1", str(value))


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
