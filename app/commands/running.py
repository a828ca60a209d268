"""`redress serve` and `redress tick`: running everything, or doing once what is due."""

from typing import TYPE_CHECKING

from app.commands.showing import AsJson, Now, plain_typer, say, show_json

if TYPE_CHECKING:
    from app.outgoing import Outgoing

serve_app, tick_app = plain_typer(), plain_typer()


@serve_app.command()
def serve() -> None:
    """Run everything: web pages, desk, mail in and out, reminders. Stops cleanly on Ctrl-C."""
    from app import settings
    from app.house import opened
    from app.serving import run, set_up_logs
    from app.serving import serve as serving

    set_up_logs()
    with opened(settings.load()) as house:
        run(serving(house))


@tick_app.command()
def tick(now: Now = None, as_json: AsJson = False) -> None:
    """Do once what is due now: file what came in, mark what is late, remind, send."""
    import asyncio
    from dataclasses import asdict

    from app import clock, settings
    from app.commands.foreseen import Unknown
    from app.digests import send_due
    from app.house import opened
    from app.outgoing import Outgoing
    from app.tick import watch
    from storage.migrate import check

    try:
        at = clock.SimulatedClock(clock.parse(now)) if now else clock.now
    except ValueError as error:
        raise Unknown(str(error)) from None
    with opened(settings.load(), at) as house:
        check(house.engine)
        done = watch(house)
        send_due(house)  # digests
        done.sent = asyncio.run(_send_all(Outgoing(house)))
    if as_json:
        show_json(asdict(done))
    else:
        say(f"{done.filed} filed, {done.late} became late, {done.reminders} reminders, {done.sent} sent.")


async def _send_all(outgoing: "Outgoing") -> int:
    total = 0
    while sent := await outgoing.send():
        total += sent
    await outgoing.close()
    return total


COMMANDS = {"serve": serve_app, "tick": tick_app}
