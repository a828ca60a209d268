"""Looking for what is wrong with an installation, with what to do about each finding."""

import os
from collections.abc import Callable
from typing import Any

from app import clock, keys, settings
from app.settings import BrokenSetting, Settings

Finding = dict[str, Any]


def examine() -> list[Finding]:
    """One row a check: what was looked at, whether it is well (None: a warning), and what to do."""
    try:
        found = settings.load()
    except BrokenSetting as broken:
        return [_row("settings", False, str(broken))]
    rows = [_row("settings", True, "every setting can be used")]
    for name, look in CHECKS:
        try:
            rows.append(look(found))
        except BrokenSetting as broken:
            rows.append(_row(name, False, str(broken)))
        except Exception as error:  # noqa: BLE001 - a check that fails is itself the finding
            rows.append(_row(name, False, f"{type(error).__name__}: see the setting and try again"))
    return rows


def _database(found: Settings) -> Finding:
    from sqlalchemy import text

    from storage import migrate
    from storage.database import connect
    from workflow.outbox import HELD

    engine = connect(found.database)
    try:
        migrate.check(engine)
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                for name in ("fsync", "synchronous_commit"):
                    value = connection.execute(text(f"SHOW {name}")).scalar_one()  # names are ours
                    if value == "off":
                        return _row(
                            "database", False, f"PostgreSQL runs with {name}=off: a crash loses complaints. Turn it on"
                        )
            elif connection.execute(text("PRAGMA quick_check")).scalar_one() != "ok":
                return _row("database", False, "the SQLite file is damaged. Restore a backup: redress restore FILE")
            if connection.execute(text("SELECT 1 FROM mark WHERE name = :held"), {"held": HELD}).first():
                return _row("database", None, "mail is held since a restore. When all is well, run: redress resume")
    except migrate.WrongSchema as wrong:
        return _row("database", False, str(wrong))
    finally:
        engine.dispose()
    return _row("database", True, "tables are this version's, and it can be read")


def _procedures(found: Settings) -> Finding:
    from app.changed_procedures import open_cases
    from storage import migrate
    from storage.database import connect

    engine = connect(found.database)
    try:
        migrate.check(engine)
        changed = open_cases(engine)
    except migrate.WrongSchema:
        return _row("procedures", None, "not looked at before the database is at this version")
    finally:
        engine.dispose()
    if changed:
        words = f"{changed} open cases were opened under another text of PROCEDURE: their dates would be recounted"
        return _row("procedures", False, f"{words}; see docs/operators.md")
    return _row("procedures", True, "every open case follows the text that it began under")


def _keys(found: Settings) -> Finding:
    ring = keys.keyring(found)
    return _row("keys", True, f"{len(ring.keys)} secret key(s), readable only by you")


def _relay(found: Settings) -> Finding:
    if not found.smtp_relay:
        return _row("relay", None, "no mail can go out. Set REDRESS_SMTP_RELAY")
    import smtplib
    from urllib.parse import urlsplit

    parts = urlsplit(found.smtp_relay)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(parts.hostname or "", parts.port or 25, timeout=10) as relay:
            relay.noop()
    except (OSError, smtplib.SMTPException) as error:
        return _row("relay", False, f"REDRESS_SMTP_RELAY does not answer ({type(error).__name__})")
    return _row("relay", True, "the relay answers")


def _receiving(found: Settings) -> Finding:
    if not found.smtp_listen and not found.imap_url:
        return _row("mail in", None, "no mail can come in. Set REDRESS_SMTP_LISTEN or REDRESS_IMAP_URL")
    return _row("mail in", True, "a way for mail to come in is set")


def _calendar(_found: Settings) -> Finding:
    from workflow.working_days import covers_until, runs_out_soon

    until = covers_until("england-and-wales")
    if runs_out_soon(clock.now()):
        return _row("calendar", False, f"bank holidays are only known until {until}. Install a newer version")
    return _row("calendar", True, f"bank holidays are known until {until}")


def _disk(found: Settings) -> Finding:
    found.home.mkdir(parents=True, exist_ok=True)
    free = os.statvfs(found.home)
    megabytes = free.f_bavail * free.f_frsize // 1_000_000
    return _row("disk", megabytes > 600, f"{megabytes:,} MB free; mail is refused below about 550")


def _row(what: str, ok: bool | None, words: str) -> Finding:
    return {"check": what, "ok": ok, "finding": words}


CHECKS: tuple[tuple[str, Callable[[Settings], Finding]], ...] = (
    ("database", _database),
    ("procedures", _procedures),
    ("keys", _keys),
    ("relay", _relay),
    ("mail in", _receiving),
    ("calendar", _calendar),
    ("disk", _disk),
)
