"""What is installed: exactly what the lock files name, wherever it is fetched from."""

import importlib.metadata
import re
import sys
import tomllib

import pytest

from tests.project.tree import OURS, ROOT, imports, python_files

LOCKS = ("requirements.lock", "docker/requirements.lock")


def pins(lock: str) -> dict[str, list[str]]:
    """Each line that pins a package, and the lines that follow it."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if re.match(r"[a-z0-9]", line):
            found[line.rstrip(" \\")] = []
        elif found:
            found[list(found)[-1]].append(line.strip(" \\"))
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_says_where_to_fetch_from(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index|--extra-index|--find-links|--trusted-host)", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_version_and_hash(lock: str) -> None:
    for pin, rest in pins(lock).items():
        assert re.match(r"^[a-z0-9.-]+(\[[a-z0-9,-]+\])?==[^ ]+( ; .+)?$", pin)
        assert any(re.match(r"^--hash=sha256:[0-9a-f]{64}$", line) for line in rest), pin


def test_the_image_installs_nothing_that_was_not_tested() -> None:
    assert set(pins("docker/requirements.lock")) <= set(pins("requirements.lock"))


def test_everything_that_we_import_is_named_in_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {_normal(re.split(r"[\[<>=;, ]", line)[0]) for line in project["dependencies"]}
    where = importlib.metadata.packages_distributions()

    imported = {name for file in python_files(*OURS) for name in imports(file)}
    outside = imported - set(sys.stdlib_module_names) - set(OURS)
    unnamed = {name for name in outside if not named & {_normal(package) for package in where.get(name, ())}}

    assert not unnamed


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()
