"""The checkout as the tests of the project see it: its files as git knows them."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("app", "bot", "desk", "learning", "mailroom", "storage", "templates", "web", "workflow")


def files() -> list[Path]:
    """Every file that is committed or would be by the next `git add --all`."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def python_files(*folders: str) -> list[Path]:
    """Our own Python files that say anything, in these folders of the checkout."""
    return [file for file in files() if file.suffix == ".py" and _folder(file) in folders and file.stat().st_size]


def imports(file: Path) -> Iterator[str]:
    """The top names of what a Python file imports, absolutely."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _folder(file: Path) -> str:
    return file.relative_to(ROOT).parts[0]
