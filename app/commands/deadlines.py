"""`redress deadlines`: the dates of a procedure, counted from its events, with the reason for each."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from app.commands.showing import AsJson, Now, plain_typer, say, show_json

command = plain_typer()


@command.command()
def deadlines(
    procedure: Annotated[str, typer.Argument(metavar="PROCEDURE-ID", help="Such as housing-ombudsman-code-2024.")],
    event: Annotated[
        list[str] | None, typer.Option(metavar="NAME=DATE", help="Such as complaint.received=2025-12-18.")
    ] = None,
    events: Annotated[Path | None, typer.Option(metavar="FILE", help='Lines of JSON: {"name", "at", "data"}.')] = None,
    now: Now = None,
    nation: Annotated[str | None, typer.Option(help="england-and-wales, scotland or northern-ireland.")] = None,
    as_json: AsJson = False,
) -> None:
    """Count the dates of a procedure from its events. With --now, events on later days have not happened yet.

    redress deadlines housing-ombudsman-code-2024 --event complaint.received=2025-12-18
    """
    from app import clock
    from app.commands.foreseen import Unknown
    from app.deadlines import as_plain, standing

    try:
        lines = events.read_text().splitlines() if events else []
        at = clock.parse(now) if now else clock.now()
        stands = standing(procedure, event or [], lines, at, nation, plan=now is None)
    except OSError as error:
        raise Unknown(f"--events {events}: {error.strerror}") from None
    except (ValueError, KeyError) as error:
        raise Unknown(error.args[0] if isinstance(error, KeyError) else str(error)) from None
    for problem in stands.problems:  # beside what is printed, which programs read
        sys.stderr.write(f"redress: {problem}\n")
    found = as_plain(stands)
    if as_json:
        show_json(found)
        return
    for one in found["clocks"]:
        say(f"{one['id']}: {one['state'].replace('_', ' ')}" + (f", due {one['due']}" if one["due"] else ""))
        for row in one["because"]:
            say(f"    {row['date']}  {row['text']}  [{row['source']}]")


COMMANDS = {"deadlines": command}
