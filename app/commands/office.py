"""`redress organisation|service|address|user add|list`: setting up who receives complaints."""

from typing import Annotated, Any

import typer

from app.commands.showing import AsJson, plain_typer, say, show_rows

organisation, service = plain_typer(no_args_is_help=True), plain_typer(no_args_is_help=True)
address, user = plain_typer(no_args_is_help=True), plain_typer(no_args_is_help=True)
Slug = Annotated[str, typer.Argument(help="A short name for links and commands, such as riverside.")]


@organisation.command("add")
def add_organisation(
    slug: Slug,
    name: str,
    kind: Annotated[str, typer.Option(help="council, nhs-trust, housing-association or department.")] = "council",
    parent: Annotated[str | None, typer.Option(help="The body that oversees it.")] = None,
    nation: Annotated[str, typer.Option(help="Whose bank holidays count.")] = "england-and-wales",
    telephone: str = "",
    postal_address: str = "",
) -> None:
    """Add a public body: redress organisation add riverside "Riverside Council"."""
    from app import people

    _do(people.add_organisation, slug, name, kind, parent, nation, telephone, postal_address)


@organisation.command("change")
def change_organisation(
    slug: Annotated[str, typer.Argument(help="The organisation's short name.")],
    name: str | None = None,
    telephone: str | None = None,
    postal_address: Annotated[str | None, typer.Option(help="Where letters and answer sheets come back to.")] = None,
) -> None:
    """Change what letters say of it: redress organisation change riverside --telephone 01632960000"""
    from app import people

    _do(people.change_organisation, slug, name=name, telephone=telephone, postal_address=postal_address)


@organisation.command("digest")
def set_digest(
    slug: Annotated[str, typer.Argument(help="The organisation's short name.")],
    every: Annotated[str, typer.Option(help="quarter; or month, for one each month as well.")] = "quarter",
    day: Annotated[int, typer.Option(help="On which working day after it the digest goes out, 1 to 20.")] = 10,
) -> None:
    """Say when leaders get their digest: redress organisation digest riverside --every month --day 5"""
    from app import people

    _do(people.set_digest, slug, every, day)


@organisation.command("list")
def list_organisations(as_json: AsJson = False) -> None:
    """Every public body."""
    _list("organisations", as_json, "No organisation yet. Add one: redress organisation add --help")


@service.command("add")
def add_service(
    slug: Slug,
    name: str,
    organisation: Annotated[str, typer.Option(help="The organisation's short name.")],
    procedure: Annotated[str, typer.Option(help="The procedure that its complaints follow.")],
    duty_manager: Annotated[str | None, typer.Option(help="Email of who is told of urgent cases.")] = None,
) -> None:
    """Add a service: redress service add care "Adult social care" --organisation riverside --procedure …"""
    from app import people

    _do(people.add_service, slug, name, organisation, procedure, duty_manager)


@service.command("move")
def move_service(
    slug: Annotated[str, typer.Argument(help="The service's short name.")],
    procedure: Annotated[str, typer.Option(help="The procedure that complaints received from now on follow.")],
) -> None:
    """Move a service to another procedure; open cases finish under the one they began under."""
    from app import people

    _do(people.move_service, slug, procedure)


@service.command("list")
def list_services(as_json: AsJson = False) -> None:
    """Every service, and its procedure."""
    _list("services", as_json, "No service yet. Add one: redress service add --help")


@address.command("add")
def add_address(
    mailbox: Annotated[str, typer.Argument(metavar="ADDRESS", help="Such as complaints@riverside.example.")],
    organisation: Annotated[str, typer.Option(help="The organisation's short name.")],
    service: Annotated[str | None, typer.Option(help="The service's short name.")] = None,
    procedure: Annotated[str | None, typer.Option(help="What complaints to it follow, if not the service's.")] = None,
) -> None:
    """Accept mail for an address."""
    from app import people

    _do(people.add_address, mailbox, organisation, service, procedure)


@address.command("list")
def list_addresses(as_json: AsJson = False) -> None:
    """Every address of ours."""
    _list("addresses", as_json, "No address yet. Add one: redress address add --help")


@user.command("add")
def add_user(
    email: str,
    name: str,
    organisation: Annotated[str, typer.Option(help="The organisation's short name.")],
    role: Annotated[str, typer.Option(help="handler, manager, leader or administrator.")] = "handler",
    service: Annotated[list[str] | None, typer.Option(help="A service they work for; may be given again.")] = None,
    cover: Annotated[str | None, typer.Option(help="Email of who gets their reminders too.")] = None,
) -> None:
    """Add a member of staff, who then signs in by a link sent to this address."""
    from app import people

    _do(people.add_user, email, name, organisation, role, service or [], cover)


@user.command("disable")
def disable_user(email: str) -> None:
    """Disable an account: its sessions end at once."""
    from app import people

    _do(people.disable_user, email)


@user.command("list")
def list_users(as_json: AsJson = False) -> None:
    """Every member of staff."""
    _list("users", as_json, "No user yet. Add one: redress user add --help")


def _do(act: Any, *given: Any, **named: Any) -> None:
    from app import settings
    from app.house import opened
    from storage.database import writing
    from storage.migrate import check

    with opened(settings.load()) as house:
        check(house.engine)
        with writing(house.engine) as session:
            say(act(house.act(session), *given, **named))


def _list(what: str, as_json: bool, empty: str) -> None:
    from app import people, settings
    from app.house import opened
    from storage.database import reading
    from storage.migrate import check

    with opened(settings.load()) as house:
        check(house.engine)
        with reading(house.engine) as session:
            show_rows(getattr(people, what)(session), as_json=as_json, empty=empty)


COMMANDS = {"organisation": organisation, "service": service, "address": address, "user": user}
