"""Backups taken while running, checked hash by hash, and put back so that nothing goes out by itself."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url, text
from sqlmodel import col, select

from app import clock
from app.commands.foreseen import Unknown
from app.house import opened
from app.settings import Settings
from storage import numbers
from storage.database import connect, reading, writing
from storage.migrate import migrate, refuse_newer, version_of
from storage.tables import Blob, Case, Letter, Mark, Message, Participant
from workflow import delivery, outbox
from workflow.office import Act

LOCK = "running.lock"  # held by every process that serves from this home; it dies with them


def back_up(settings: Settings, file: Path) -> str:
    """Write a consistent copy; gives the line to print. Raises Unknown when the copy is not whole."""
    if file.exists():
        raise Unknown(f"{file} exists already. Name another file")
    if not (file.parent.is_dir() and os.access(file.parent, os.W_OK)):
        raise Unknown(f"Can't write in the folder {file.parent}. Name a file in another")
    if settings.database.startswith("sqlite"):
        _copy_sqlite(_sqlite_file(settings), file)
        checked = _check_file(file)
    else:
        _dump_postgresql(settings, file)
        with _closing(connect(settings.database)) as engine:
            checked = _check(engine)
    file.chmod(0o600)
    return f"Backed up to {file} ({file.stat().st_size:,} bytes); the hashes of {checked} stored items were checked."


@contextmanager
def _closing(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def restore(settings: Settings, file: Path, *, dry_run: bool) -> str:
    """Put a backup in place; what is there now is kept beside it. Outgoing mail is held until `redress resume`."""
    if not file.is_file():
        raise Unknown(f"There is no file {file}")
    is_sqlite = settings.database.startswith("sqlite")
    checked = _check_file(file) if is_sqlite else _check_dump(settings, file)
    if dry_run:
        what = f"the hashes of {checked} stored items" if is_sqlite else f"the {checked} parts of its list"
        return f"{file} is whole: {what} were checked. Nothing was changed."
    _refuse_if_running(settings)
    if is_sqlite:
        _put_back(_sqlite_file(settings), file)
    else:
        _load_postgresql(settings, file)
        with _closing(connect(settings.database)) as engine:
            _hold_and_migrate(engine)
            checked = _check(engine)
    held = "No mail goes out until you run: redress resume"
    return f"Restored {file}; the hashes of {checked} stored items were checked. {held}"


def resume(settings: Settings, *, send_waiting: bool) -> str:
    """Let mail go out again. What waited in the backup may have gone out before: unless told so, a person decides."""
    with opened(settings) as house, writing(house.engine) as session:
        held = session.get(Mark, outbox.HELD)
        if held is None:
            raise Unknown("Nothing is held: mail is going out")
        given_up = [] if send_waiting else _give_up_waiting(house.act(session), held.at)
        session.delete(held)
    of_cases = sum(message.case_id is not None for message in given_up)
    told = f"{of_cases} belong to cases, where a task says so" if given_up else "none needs a task"
    return f"Mail goes out again. {len(given_up)} messages that waited in the backup were not sent; {told}."


def _give_up_waiting(act: Act, held_at: datetime) -> list[Message]:
    """What waited to be sent may have gone out before; letters for the post wait for a person anyway, and stay."""
    query = select(Message).where(
        col(Message.closed_at).is_(None), Message.created_at <= held_at, Message.channel != "post"
    )
    waiting = list(act.session.exec(query).all())
    for message in waiting:
        why = "it waited in a restored backup and may have gone out before; find out whether it did"
        delivery.failed(act, delivery.settle(act, message), why)
    return waiting


def _copy_sqlite(source: Path, file: Path) -> None:
    if not source.exists():
        raise Unknown(f"There is no database at {source}")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(file)) as copy:
        live.backup(copy, pages=1000)
        copy.execute("PRAGMA journal_mode=DELETE")
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _check_file(file: Path) -> int:
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            if connection.execute(text("PRAGMA integrity_check")).scalar_one() != "ok":
                raise Unknown(f"{file} is damaged")
        if (version := version_of(engine)) is None:
            raise Unknown(f"{file} is no backup of Redress")
        refuse_newer(version)
        return _check(engine)
    except Exception as error:
        if isinstance(error, Unknown) or type(error).__name__ == "WrongSchema":
            raise
        raise Unknown(f"{file} is no backup of Redress ({type(error).__name__})") from error
    finally:
        engine.dispose()


def _check(engine: Engine) -> int:
    """Read every stored item and compare its hash; gives how many there are."""
    checked = 0
    with reading(engine) as session:
        for sha, content in session.exec(select(Blob.sha256, Blob.content)).yield_per(100):
            if sha256(content).hexdigest() != sha:
                raise Unknown(f"stored item {sha[:12]} is damaged")
            checked += 1
    return checked


def _refuse_if_running(settings: Settings) -> None:
    if is_running(settings):
        raise Unknown("Redress is running on this database. Stop it first; a live system is never overwritten")


@contextmanager
def in_use(settings: Settings) -> Iterator[None]:
    """While this lasts, `is_running` says yes. Several processes may serve from one home."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def is_running(settings: Settings) -> bool:
    """Whether `redress serve` or `demo` has this home open."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _put_back(target: Path, file: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".restoring")
    for suffix in ("-wal", "-shm"):  # of a restore that was killed: SQLite would mix it into this one
        Path(f"{fresh}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(file, fresh)
    with _closing(connect(f"sqlite:///{fresh}")) as engine:
        _hold_and_migrate(engine)
    with fresh.open("rb") as written:
        os.fsync(written.fileno())
    stamp = f"{clock.now():%Y%m%dT%H%M%S}"
    for suffix in ("", "-wal", "-shm"):
        old = Path(f"{target}{suffix}")
        if old.exists():
            old.rename(f"{old}.before-{stamp}")
    fresh.rename(target)


def _hold_and_migrate(engine: Engine) -> None:
    """Held first: whatever goes wrong then, nothing of a backup goes out by itself. It may be of an older version."""
    with writing(engine) as session:
        session.merge(Mark(name=outbox.HELD, value="restored from a backup", at=clock.now()))
    migrate(engine)
    with writing(engine) as session:
        numbers.leave_out(session, (Case, Participant, Letter), clock.now())


def _check_dump(settings: Settings, file: Path) -> int:
    """How many parts a PostgreSQL dump says it has; its hashes are checked once it is back in place."""
    try:
        return len(_run(settings, "pg_restore", "--list", str(file)).splitlines())
    except Unknown as unknown:
        raise Unknown(f"{file} is no backup of Redress ({unknown})") from None


def _dump_postgresql(settings: Settings, file: Path) -> None:
    _run(settings, "pg_dump", f"--dbname={_where(settings)}", "--format=custom", f"--file={file}")


def _load_postgresql(settings: Settings, file: Path) -> None:
    how = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
    _run(settings, "pg_restore", f"--dbname={_where(settings)}", *how, str(file))


def _where(settings: Settings) -> str:
    """The database without its password, as PostgreSQL's programs want it."""
    return make_url(settings.database).set(drivername="postgresql", password=None).render_as_string()


def _run(settings: Settings, program: str, *words: str) -> str:
    """Run one of PostgreSQL's programs; the password goes by the environment, where no list of processes shows it."""
    path = shutil.which(program)
    if path is None:
        raise Unknown(f"{program} is not installed; it comes with PostgreSQL's client programs")
    password = make_url(settings.database).password
    secret = {"PGPASSWORD": str(password)} if password else {}
    done = subprocess.run(  # noqa: S603 - our own words
        [path, *words], capture_output=True, text=True, check=False, env={**os.environ, **secret}
    )
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()
        raise Unknown(f"{program} failed: {reason[-1] if reason else 'no reason given'}")
    return done.stdout


def _sqlite_file(settings: Settings) -> Path:
    return Path(settings.database.removeprefix("sqlite:///"))
