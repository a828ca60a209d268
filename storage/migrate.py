"""Bringing a database to the tables of this version, and refusing one that is newer than the code."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent / "migrations"
LOCK = 0x52656472657373  # a number of our own, so that of two processes that start together one migrates


class WrongSchema(Exception):
    """The database and the program don't belong together; the text says what to do."""


def migrate(engine: Engine) -> None:
    """Run every migration that this database has not seen, each whole or not at all; a second process waits.

    Raises WrongSchema for a database of a newer program.
    """
    current = version_of(engine)
    if current == versions()[-1]:
        return
    refuse_newer(current)
    from alembic import command  # slow to load, and most starts find nothing to do

    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # SQLite's transactions begin by locking the file
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(engine: Engine) -> None:
    """Raise WrongSchema unless the database is exactly at this program's version."""
    current = version_of(engine)
    if current == versions()[-1]:
        return
    refuse_newer(current)
    raise WrongSchema("The database is older than this program. Run: redress migrate")


def versions() -> list[str]:
    """What this program's migrations are called, oldest first: what stands before their files' first underscore."""
    return sorted(file.name.partition("_")[0] for file in (HERE / "versions").glob("[0-9]*_*.py"))


def alembic_config() -> "Config":
    """Where Alembic finds the migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    return config


def refuse_newer(current: str | None) -> None:
    """Raise WrongSchema for a database, at this version, of a newer program; an older one can be migrated."""
    if current is not None and current not in versions():
        raise WrongSchema(
            f"The database is newer than this program (it is at {current}). Install the newer version of Redress."
        )


def version_of(engine: Engine) -> str | None:
    """The last migration that this database has seen; None where it has seen none."""
    with engine.connect().execution_options(redress_reading=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
