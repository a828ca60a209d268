"""Behind `make test`: everything that CI checks, with the count of all at the end."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[1]
WORKERS = str((os.cpu_count() or 1) + 1)  # tests wait too: for a browser, a server, a second that must pass


@dataclass
class Count:
    """How many tests and checks did what."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def main() -> int:
    """Run all of it, whatever fails. Exit status 0 only if nothing did."""
    count = Count()
    with tempfile.TemporaryDirectory(prefix="redress-test-") as folder, Beside("types", "mypy") as types:
        check(count, "style", "ruff", "check", ".")
        check(count, "layout", "ruff", "format", "--check", ".")
        check(count, "layers", "lint-imports")
        test(count, Path(folder), "sqlite")
        test(count, Path(folder), "postgresql")
        add_check(count, well=types.ends_well())
        measured = {"COVERAGE_FILE": str(Path(folder) / "coverage")}
        run("together", "coverage", "combine", "--quiet", **measured)
        check(count, "coverage", "coverage", "report", **measured)
        check(count, "requirements", "python", "-m", "tests.requirements", "--short")
    # Linters and the like count as one check each, so that this line can't look well when one of them failed.
    print(count, flush=True)
    return 1 if count.failed else 0


def check(count: Count, title: str, *command: str, **environment: str) -> None:
    """One command that counts as one check."""
    add_check(count, well=run(title, *command, **environment))


def add_check(count: Count, *, well: bool) -> None:
    if well:
        count.passed += 1
    else:
        count.failed += 1


def test(count: Count, folder: Path, database: str) -> None:
    """The test suite on one kind of database."""
    results = folder / f"{database}.xml"
    well = run(
        f"tests on {database}",
        *("pytest", "-q", "-n", WORKERS, "--dist", "worksteal", f"--junitxml={results}"),
        REDRESS_TEST_DATABASE=database,
        REDRESS_TEST_MEASURE="1",
        COVERAGE_FILE=str(folder / "coverage"),
    )
    failed_before = count.failed
    add(count, results)
    if not well and count.failed == failed_before:
        count.failed += 1  # it ended before it could say what failed


def add(count: Count, results: Path) -> None:
    """Add what pytest wrote about its run."""
    if not results.exists():
        return
    for suite in ElementTree.parse(results).getroot().iter("testsuite"):
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        count.failed += bad
        count.skipped += skipped
        count.passed += int(suite.get("tests", 0)) - bad - skipped


def run(title: str, program: str, *arguments: str, **environment: str) -> bool:
    """Run a program of .venv and show what it says; whether it ended well."""
    print(f"\n--- {title}", flush=True)
    began = time.monotonic()
    ended = subprocess.run([BIN / program, *arguments], cwd=ROOT, env=os.environ | environment, check=False)
    well = ended.returncode == 0
    print(f"--- {title}: {'ok' if well else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
    return well


class Beside:
    """A program of .venv that runs while others do. What it says is shown when its end is asked for."""

    def __init__(self, title: str, program: str, *arguments: str) -> None:
        self.title, self.command = title, [str(BIN / program), *arguments]

    def __enter__(self) -> "Beside":
        self.said = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(self.command, cwd=ROOT, stdout=self.said, stderr=subprocess.STDOUT)
        return self

    def ends_well(self) -> bool:
        well = self.process.wait() == 0
        self.said.seek(0)
        print(f"\n--- {self.title}\n{self.said.read()}--- {self.title}: {'ok' if well else 'FAILED'}", flush=True)
        return well

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()
        self.said.close()


if __name__ == "__main__":
    sys.exit(main())
