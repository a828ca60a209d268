"""Bringing a database to the tables of this version, and refusing one that is newer than the code."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

HERE = Path(__file__).parent / "migrations"
LOCK = 0x52656472657373  # a number of our own, so that of two processes that start together one migrates


class WrongSchema(Exception):
    """The database and the program don't belong together; the text says what to do."""


def migrate(engine: Engine) -> None:
    """Run every migration that this database has not seen, each whole or not at all; a second process waits."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # SQLite's transactions begin by locking the file
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(engine: Engine) -> None:
    """Raise WrongSchema unless the database is exactly at this program's version."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(_config())
    head = script.get_current_head()
    if current == head:
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if current in known or current is None:
        raise WrongSchema("The database is older than this program. Run: redress migrate")
    raise WrongSchema(
        f"The database is newer than this program (it is at {current}). Install the newer version of Redress."
    )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    return config
