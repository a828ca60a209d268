"""`make setup` finds a Python that is new enough, or says plainly that there is none."""

import shutil
import subprocess
from pathlib import Path

from tests.project.tree import OURS, ROOT

TOO_OLD = "#!/bin/sh\nexit 1\n"  # what asking an old one for its version comes to
TELLS = '#!/bin/sh\ncase "$1" in -c) exit 0;; esac\necho "$(basename "$0") $*" > "$TOLD"\nexit 1\n'
WILLING = """#!/bin/sh
echo "$*" >> "$TOLD"
case "$*" in "-m venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python; cp "$0" .venv/bin/pip;; esac
"""


def setup(folder: Path, **pythons: str) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the script of `make setup` where only these Pythons are; nothing is installed."""
    (folder / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "setup", folder / "scripts" / "setup")
    programs = folder / "bin"
    programs.mkdir()
    for name, text in pythons.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    for name in ("sh", "dirname", "basename", "rm", "mkdir", "cp"):
        (programs / name).symlink_to(str(shutil.which(name)))
    environment = {"PATH": str(programs), "TOLD": str(folder / "told")}
    script = [programs / "sh", folder / "scripts" / "setup"]
    return subprocess.run(script, env=environment, capture_output=True, text=True, check=False), folder / "told"


def test_an_old_python3_is_passed_over_for_a_newer_one(tmp_path: Path) -> None:
    _ended, told = setup(tmp_path, **{"python3": TOO_OLD, "python3.12": TELLS})

    assert told.read_text() == "python3.12 -m venv .venv\n"


def test_without_any_python_it_says_what_is_needed(tmp_path: Path) -> None:
    ended, told = setup(tmp_path, python3=TOO_OLD)

    assert ended.returncode == 1
    assert "Redress needs Python 3.11 or newer" in ended.stderr
    assert "make setup PYTHON=" in ended.stderr
    assert not told.exists()


def test_a_python_that_makes_no_environments_is_named_with_the_cure(tmp_path: Path) -> None:
    ended, _told = setup(tmp_path, python3=TELLS)

    assert ended.returncode == 1
    assert "apt install python3-venv" in ended.stderr


def test_the_libraries_are_compiled_once_so_that_no_start_has_to(tmp_path: Path) -> None:
    ended, told = setup(tmp_path, python3=WILLING)

    asked = told.read_text().splitlines()
    assert ended.returncode == 0, ended.stderr
    assert asked[-2].startswith("-m pip install")
    assert asked[-1] == "-m compileall -qq -j 0 .venv/lib"


def test_our_own_code_is_compiled_whenever_it_has_changed() -> None:
    asked = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "setup"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert asked.stdout.splitlines()[-1].split() == [".venv/bin/python", "-m", "compileall", "-q", *OURS]
