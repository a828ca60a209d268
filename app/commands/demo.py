"""`redress demo`: an example council to try everything with, or half a year of it in two minutes."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.showing import AsJson, plain_typer

demo_app = plain_typer()


@demo_app.command()
def demo(
    home: Annotated[
        Path | None, typer.Option(help="Where the example is kept; var/demo unless REDRESS_HOME says otherwise.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw away what was kept of an earlier demo.")] = False,
    time_lapse: Annotated[
        bool, typer.Option("--time-lapse", help="Play half a year on a simulated clock, check every mail, and end.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="With --time-lapse: an empty folder for its mails and database.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run with an example council until Ctrl-C; or play half a year in two minutes (--time-lapse).

    The time-lapse ends with exit status 0 only if every letter owed was sent, none besides, and every date is right.
    """
    if time_lapse:
        import logging

        from app.demo.quarter import run
        from app.serving import set_up_logs

        set_up_logs(logging.WARNING)
        raise typer.Exit(run(out, as_json=as_json))
    from app.demo.running import run as run_until_stopped

    run_until_stopped(home, fresh=fresh)


COMMANDS = {"demo": demo_app}
