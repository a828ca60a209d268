"""`redress status` and `redress doctor`: how the installation fares, and what to mend."""

import sys

from app.commands.showing import AsJson, plain_typer, say, show_json, show_rows

status_app, doctor_app = plain_typer(), plain_typer()


@status_app.command()
def status(as_json: AsJson = False) -> None:
    """How the installation fares: contacts, cases, outbox, channels, calendar."""
    from app import settings
    from app.house import opened
    from app.status import is_held
    from app.status import status as figures
    from storage.database import reading
    from storage.migrate import check

    with opened(settings.load()) as house:
        check(house.engine)
        found = figures(house)
        with reading(house.engine) as session:
            held = is_held(session)
    if as_json:
        show_json(found)
        return
    rows = [{"what": group, "": _in_words(values)} for group, values in found.items()]
    show_rows(rows, as_json=False, empty="")
    if held:
        say("Mail is HELD since the restore: nothing goes out until you run: redress resume")


@doctor_app.command()
def doctor(as_json: AsJson = False) -> None:
    """Check settings, database, keys, mail and calendar, and say what to mend. Exit status 1 if anything is wrong."""
    from app.doctor import examine

    found = examine()
    show_rows(found, as_json=as_json, empty="Nothing was checked.")
    if any(row["ok"] is False for row in found):
        sys.exit(1)


def _in_words(values: dict[str, object]) -> str:
    return ", ".join(f"{name} {_one(value)}" for name, value in values.items())


def _one(value: object) -> str:
    """A figure; or a channel: whether it is on, what is wrong, and what of its updates was not handled."""
    if not isinstance(value, dict):
        return str(value)
    wrong = value["error"] if value["on"] else None
    counts = [f"{value[key]} {key}" for key in ("waiting", "quarantined") if value.get(key)]
    notes = "; ".join(([wrong] if wrong else []) + counts)
    is_on = "on" if value["on"] else "off"
    return f"{is_on} ({notes})" if notes else is_on


COMMANDS = {"status": status_app, "doctor": doctor_app}
