"""`redress digest` and `redress figures`: what complaints tell, for leaders and for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.showing import AsJson, Now, plain_typer, say, show_json, show_rows

digest_app, figures_app = plain_typer(), plain_typer()
Organisation = Annotated[str | None, typer.Option(metavar="SLUG", help="Only this organisation.")]


@digest_app.command()
def digest(
    quarter: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="Such as 2026Q2 (July to September 2026), or 2026-07.")
    ] = None,
    monthly: Annotated[bool, typer.Option("--monthly", help="The last month, where no period is named.")] = False,
    organisation: Organisation = None,
    leader: Annotated[str | None, typer.Option(metavar="EMAIL", help="Only this leader.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it; send nothing.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep each as a page, a text and pictures.")] = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Send leaders the digest of a quarter that they have not had yet, or show it: --dry-run --out DIR."""
    from app import clock, settings
    from app.commands.foreseen import Unknown
    from app.digest_files import COLUMNS, digests, leaders, period_named
    from app.house import opened
    from storage.database import reading
    from storage.migrate import check

    try:
        at = clock.SimulatedClock(clock.parse(now)) if now else clock.now
    except ValueError as error:
        raise Unknown(str(error)) from None
    with opened(settings.load(), at) as house:
        check(house.engine)
        period = period_named(house, quarter, monthly=monthly)
        with reading(house.engine) as session:
            who = leaders(session, organisation, leader)
        rows = list(digests(house, period, who, out=out, dry_run=dry_run))
    show_rows(rows, as_json=as_json, empty="", columns=COLUMNS)
    if dry_run and not out and not as_json and len(rows) == 1:
        say(rows[0].get("text", ""))


@figures_app.command()
def figures(
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day, such as 2026-07-01.")],
    end: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day, which counts.")],
    by: Annotated[str | None, typer.Option(help="service, subject or channel; all tables if left out.")] = None,
    organisation: Organisation = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    """Figures of complaints: received and kept in time by service, subject or channel, or every table."""
    from app.doing import at_work
    from app.figure_rows import asked, rows_by, tables

    with at_work(now, write=False) as (house, session):
        ask = asked(house, session, start, end, organisation)
        if by:
            show_rows(rows_by(ask, by), as_json=as_json, empty="Nothing was received in these days.")
            return
        found = tables(ask)
    if as_json:
        show_json(found)
        return
    for table in found:
        say(f"\n{table['title']}. {table['counts']}")
        show_rows(table["rows"], as_json=False, empty="Nothing to count.")


COMMANDS = {"digest": digest_app, "figures": figures_app}
