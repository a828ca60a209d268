"""Which tests run where: nothing is skipped in CI, nothing long is run unasked, and each database gets its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.tree import ROOT

SKIPPED = "import pytest\n\ndef test_of_a_browser():\n    pytest.skip('needs a browser')\n"
SKIPPED_WHOLE = "import pytest\n\npytest.skip('needs a browser', allow_module_level=True)\n"
LONG = "import pytest\n\n@pytest.mark.campaign\ndef test_of_hours():\n    pass\n"
OF_ONE = "import pytest\n\n@pytest.mark.only_on('postgresql')\ndef test_of_one(all_databases):\n    pass\n"
OF_NONE = "def test_of_arithmetic():\n    pass\n"
MEASURED = """
import os
import coverage
import pytest

ON_SQLITE = os.environ["REDRESS_TEST_DATABASE"] == "sqlite"

def counts():
    return coverage.Coverage.current() is not None

def test_of_anything(all_databases):
    assert counts() == ON_SQLITE

@pytest.mark.timed
def test_of_time(all_databases):
    assert not counts()

@pytest.mark.only_on("postgresql")
def test_of_one(all_databases):
    assert counts()
"""
DATABASES = "import pytest\n\n@pytest.fixture\ndef all_databases():\n    return None\n\n"


def outcome(folder: Path, test: str, *arguments: str, **environment: str) -> str:
    """What pytest's last line says of this one test."""
    (folder / "test_one.py").write_text(DATABASES + test)
    clean = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("REDRESS_")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--rootdir={folder}",
        "-c",
        str(ROOT / "pyproject.toml"),
    ]
    ended = subprocess.run(
        [*command, *arguments, str(folder / "test_one.py")],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout.strip().splitlines()[-1].rpartition(" in ")[0]


@pytest.mark.parametrize("test", [SKIPPED, SKIPPED_WHOLE])
def test_a_skip_is_a_failure_in_ci_and_nowhere_else(tmp_path: Path, test: str) -> None:
    assert outcome(tmp_path, test) == "1 skipped"
    assert outcome(tmp_path, test, CI="true").startswith(("1 failed", "1 error"))


def test_what_takes_hours_is_run_only_when_asked_for(tmp_path: Path) -> None:
    assert outcome(tmp_path, LONG) == "1 deselected"
    assert outcome(tmp_path, LONG, "-m", "campaign") == "1 passed"


@pytest.mark.parametrize(
    ("test", "on_sqlite", "on_postgresql"),
    [(OF_ONE, "1 deselected", "1 passed"), (OF_NONE, "1 passed", "1 deselected")],
)
def test_a_database_gets_the_tests_that_say_something_about_it(
    tmp_path: Path, test: str, on_sqlite: str, on_postgresql: str
) -> None:
    assert outcome(tmp_path, test, REDRESS_TEST_DATABASE="sqlite") == on_sqlite
    assert outcome(tmp_path, test, REDRESS_TEST_DATABASE="postgresql") == on_postgresql


@pytest.mark.parametrize(("database", "told"), [("sqlite", "2 passed, 1 deselected"), ("postgresql", "3 passed")])
def test_covered_lines_are_counted_once_and_never_while_time_is(tmp_path: Path, database: str, told: str) -> None:
    measured = {"REDRESS_TEST_MEASURE": "1", "COVERAGE_FILE": str(tmp_path / "coverage")}

    assert outcome(tmp_path, MEASURED, REDRESS_TEST_DATABASE=database, **measured) == told
