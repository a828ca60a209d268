"""`make test` ends with a line that tells the truth about all that it ran."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import everything
from tests.everything import Beside, Count, add, check

FOUR = """
import pytest

def test_that_passes():
    pass

def test_that_fails():
    assert 1 == 2

def test_that_is_skipped():
    pytest.skip("not here")

@pytest.fixture
def broken():
    raise RuntimeError

def test_that_cannot_begin(broken):
    pass
"""


def results(folder: Path) -> Path:
    """What pytest writes about a test that passes, one that fails, one that is skipped and one that can't begin."""
    (folder / "test_four.py").write_text(FOUR)
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--junitxml={folder / 'four.xml'}",
        str(folder),
    ]
    subprocess.run(command, cwd=folder, env={}, capture_output=True, check=False)
    return folder / "four.xml"


def test_every_test_is_counted_by_what_came_of_it(tmp_path: Path) -> None:
    count = Count()

    add(count, results(tmp_path))

    assert str(count) == "1 passed, 2 failed, 1 skipped"


def test_a_check_that_fails_is_counted_with_the_failed(capfd: pytest.CaptureFixture[str]) -> None:
    count = Count()

    check(count, "well", "python", "-c", "pass")
    check(count, "badly", "python", "-c", "raise SystemExit(1)")

    assert str(count) == "1 passed, 1 failed"
    assert "badly: FAILED" in capfd.readouterr().out


@pytest.mark.parametrize(("status", "told"), [("0", "ok"), ("1", "FAILED")])
def test_what_runs_beside_is_shown_whole_with_how_it_ended(
    capfd: pytest.CaptureFixture[str], status: str, told: str
) -> None:
    with Beside("types", "python", "-c", f"print('all of it'); raise SystemExit({status})") as beside:
        well = beside.ends_well()

    assert well == (status == "0")
    assert f"all of it\n--- types: {told}" in capfd.readouterr().out


def test_a_run_that_ends_before_it_can_say_what_failed_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = Count()
    monkeypatch.setattr(everything, "run", lambda *_words, **_environment: False)

    everything.test(count, tmp_path, "sqlite")

    assert str(count) == "0 passed, 1 failed"
