"""`redress feed add|list|fetch|stop`: what other organisations publish of their learning."""

from typing import Annotated

import typer

from app.commands.showing import AsJson, Now, plain_typer, say, show_rows

feed = plain_typer(no_args_is_help=True)
Url = Annotated[str, typer.Argument(metavar="URL", help="An Atom, RSS or JSON feed.")]


@feed.command("add")
def add_feed(url: Url, name: Annotated[str, typer.Option(help="Whose learning it is.")], now: Now = None) -> None:
    """Follow a feed: redress feed add https://www.example.org/news.atom --name "Example Ombudsman"."""
    from app.doing import at_work
    from learning.public import feeds

    with at_work(now, write=True) as (house, session):
        row = feeds.add(house.act(session), {"url": url, "name": name})
    say(f"{row.name} is followed from now on, every 6 hours. To fetch it at once: redress feed fetch")


@feed.command("list")
def list_feeds(as_json: AsJson = False) -> None:
    """Every feed, when it could last be had, and what was wrong since."""
    from app.doing import at_work
    from learning.public import feeds

    with at_work(None, write=False) as (_house, session):
        rows = [
            {"name": row.name, "url": row.url, "followed": row.fetch_at is not None,
             "last": row.last_ok.isoformat() if row.last_ok else None, "problem": row.error}
            for row in feeds.listed(session)
        ]  # fmt: skip
    show_rows(rows, as_json=as_json, empty="No feed yet. Add one: redress feed add --help")


@feed.command("fetch")
def fetch_feeds(now: Now = None) -> None:
    """Fetch the feeds that are due, once."""
    from app.doing import at_house
    from app.feeds import fetch_due

    with at_house(now) as house:
        say(f"Feeds asked for: {fetch_due(house)}. See: redress feed list")


@feed.command("stop")
def stop_feed(url: Url) -> None:
    """Follow a feed no more; what it told stays."""
    from app.commands.foreseen import Unknown
    from app.doing import at_work
    from learning.public import feeds

    with at_work(None, write=True) as (house, session):
        row = next((one for one in feeds.listed(session) if one.url == url), None)
        if row is None:
            raise Unknown(f"We follow no feed {url}. See: redress feed list")
        feeds.stop(house.act(session), row)
    say(f"{row.name} is followed no more.")


COMMANDS = {"feed": feed}
