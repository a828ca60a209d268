"""`redress actions`: what is being done because of lessons, and what of it is late."""

from typing import Annotated

import typer

from app.commands.showing import AsJson, Now, plain_typer, show_rows

actions = plain_typer(no_args_is_help=True)


@actions.callback()
def group() -> None:
    """What is being done because of lessons."""


@actions.command("list")
def list_actions(
    as_json: AsJson = False,
    late: Annotated[bool, typer.Option("--late", help="Only those that are late.")] = False,
    service: Annotated[str | None, typer.Option(metavar="SLUG", help="Only those of this service.")] = None,
    most: Annotated[int, typer.Option(help="How many at the most.")] = 1_000,
    now: Now = None,
) -> None:
    """Actions, by the date that comes first."""
    from app import action_rows
    from app.doing import at_work

    with at_work(now, write=False) as (house, session):
        rows = action_rows.actions(session, house.clock(), late=late, service=service, most=most)
    empty = "No action is late." if late else "No action yet."
    show_rows(rows, as_json=as_json, empty=empty, columns=action_rows.COLUMNS)


COMMANDS = {"actions": actions}
