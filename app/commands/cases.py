"""`redress case` and `redress contact`: looking at cases, doing casework verbs, rebuilding what is projected."""

from typing import Annotated, Literal

import typer

from app.commands.showing import AsJson, Now, plain_typer, say, show_json, show_rows

case, contact = plain_typer(no_args_is_help=True), plain_typer(no_args_is_help=True)
Reference = Annotated[str, typer.Argument(metavar="REF", help="Such as RD-4K7M-2Q9X.")]
Standing = Literal["waiting", "filed", "automatic", "quarantined"]
Most = Annotated[int, typer.Option(help="How many at the most.")]


@case.command("list")
def list_cases(
    as_json: AsJson = False,
    state: Annotated[Literal["open", "closed", "all"], typer.Option(help="Which cases.")] = "all",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those that are late.")] = False,
    most: Most = 1_000,
    now: Now = None,
) -> None:
    """Cases, by the date that comes first."""
    from app import case_rows

    with _house(now) as (house, session):
        rows = case_rows.cases(session, house.clock(), state=state, overdue=overdue, most=most)
    show_rows(rows, as_json=as_json, empty="No case yet.", columns=case_rows.COLUMNS)


@case.command("show")
def show_case(reference: Reference, as_json: AsJson = False, now: Now = None) -> None:
    """One case: its dates with their reasons, its story, what may be done now."""
    from app import case_rows

    with _house(now) as (house, session):
        found = case_rows.case(session, house.clock(), reference)
    if as_json:
        show_json(found)
        return
    for line in case_rows.in_words(found):
        say(line)


@case.command("do")
def do_verb(
    reference: Reference,
    verb: Annotated[str, typer.Argument(metavar="VERB", help="Such as acknowledge. See docs/casework.md.")],
    field: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A field of the verb; may be given again.")
    ] = None,
    as_user: Annotated[str, typer.Option("--as", metavar="EMAIL", help="The member of staff who does it.")] = ...,  # type: ignore[assignment]  # typer's way to say required
    now: Now = None,
) -> None:
    """Do a casework verb: redress case do RD-4K7M-2Q9X assign --field to=hana@riverside.example --as …"""
    from app.commands.foreseen import Unknown
    from app.doing import do

    given = dict(one.partition("=")[::2] for one in field or [])
    if any("=" not in one for one in field or []):
        raise Unknown("Write each field as NAME=VALUE, such as --field days=10")
    with _house(now, write=True) as (house, session):
        say(do(house, session, reference, verb, given, as_user))


@case.command("replay")
def replay(
    reference: Annotated[str | None, typer.Argument(metavar="REF", help="One case; all of them if left out.")] = None,
    now: Now = None,
) -> None:
    """Rebuild from their events what is kept of cases, and say what changed. Nothing should."""
    from app.doing import replay as rebuild

    with _house(now, write=True) as (house, session):
        changed, looked = rebuild(house, session, reference)
    say(f"{looked} cases rebuilt from their events; {len(changed)} changed.")
    for line in changed:
        say(f"  {line}")
    raise typer.Exit(1 if changed else 0)


@contact.command("list")
def list_contacts(
    as_json: AsJson = False,
    standing: Annotated[Standing | None, typer.Option(help="Only those that stand so.")] = None,
    most: Most = 1_000,
) -> None:
    """What came in, newest first."""
    from app import case_rows

    with _house(None) as (_, session):
        rows = case_rows.contacts(session, standing=standing, most=most)
    show_rows(rows, as_json=as_json, empty="Nothing has come in yet.")


@contact.command("show")
def show_contact(
    number: int,
    as_json: AsJson = False,
    raw: Annotated[bool, typer.Option("--raw", help="Print the bytes as they came.")] = False,
) -> None:
    """One contact as it was read, or as it came."""
    import sys

    from app import case_rows

    with _house(None) as (_, session):
        if raw:
            sys.stdout.buffer.write(case_rows.raw(session, number))
            return
        found = case_rows.contact(session, number)
    if as_json:
        show_json(found)
    else:
        show_rows([{"what": name, "is": value} for name, value in found.items()], as_json=False, empty="")


def _house(now: str | None, *, write: bool = False):  # type: ignore[no-untyped-def]  # a context manager of (House, Session)
    from app.doing import at_work

    return at_work(now, write=write)


COMMANDS = {"case": case, "contact": contact}
