"""`redress demo`: everything in one process, with the example town and a mail server that keeps what we send."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

from app import serving, settings
from app.commands.foreseen import Unknown
from app.commands.showing import say
from app.demo import places
from app.demo.chat import CHATS, telegram_of_our_own, with_telegram
from app.demo.chat_pages import chat_pages
from app.demo.mail_pages import mail_pages
from app.demo.places import RIVERSIDE
from app.demo.welcome import welcome
from app.house import opened
from app.keeping import is_running
from app.serving import serve, set_up_logs
from app.settings import Settings
from bot.telegram.emulator.running import Running
from mailroom.sink import Sink
from storage import migrate

HOME = Path("var/demo")
SMTP = "127.0.0.1:8025"
MARK = "this-is-a-demo"  # a file in its home, so that no real installation is ever taken for one
DATABASE = ("redress.db", "redress.db-wal", "redress.db-shm")


def run(home: Path | None, *, fresh: bool) -> None:
    """Run until SIGINT or SIGTERM. Raises Unknown or BrokenSetting, saying what to do."""
    set_up_logs()
    found = _settings(settings.load(), home)
    _prepare(found, fresh=fresh)
    serving.run(_run(found))
    say("Stopped. Run it again to go on where you were, or with --fresh to begin anew.")


def _settings(found: Settings, home: Path | None) -> Settings:
    """The usual settings, but a database and a mail server of the demo's own: neither real data nor a real relay."""
    home = home or (HOME if found.home == Settings.home else found.home)
    return replace(
        found,
        home=home,
        database_url="",
        imap_url="",
        smtp_relay="",
        smtp_listen=found.smtp_listen or SMTP,
    )


def _prepare(found: Settings, *, fresh: bool) -> None:
    is_demo = (found.home / MARK).exists()
    if not is_demo and any((found.home / name).exists() for name in DATABASE):
        raise Unknown(f"{found.home} holds an installation that is not a demo. Name another folder with --home")
    if is_running(found):
        raise Unknown(f"A demo is running in {found.home} already. Stop it first, or name another folder with --home")
    if fresh:
        for name in (*DATABASE, CHATS):
            (found.home / name).unlink(missing_ok=True)
        shutil.rmtree(found.home / "mails", ignore_errors=True)
    (found.home / MARK).write_text("Made by `redress demo`. Everything here is invented and may be thrown away.\n")


async def _run(found: Settings) -> None:
    sink = Sink(found.home / "mails")
    await sink.start()
    try:
        with telegram_of_our_own(found.home) as telegram:
            relay = f"smtp://127.0.0.1:{sink.address[1]}"
            await _serve(with_telegram(replace(found, smtp_relay=relay), telegram), sink, telegram)
    finally:
        await sink.stop()


async def _serve(found: Settings, sink: Sink, telegram: Running) -> None:
    with opened(found) as house:
        migrate.migrate(house.engine)
        places.settle(house, RIVERSIDE)
        ready = asyncio.Event()
        told = asyncio.create_task(_when_up(found, telegram, ready))
        pages = [*mail_pages(sink, found.home / "mails"), *chat_pages(telegram, found.public_url)]
        await serve(house, pages, ready=ready)
        told.cancel()


async def _when_up(found: Settings, telegram: Running, ready: asyncio.Event) -> None:
    await ready.wait()
    say(welcome(found, RIVERSIDE))
    telegram.start()
