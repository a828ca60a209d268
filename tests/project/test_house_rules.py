"""The rules of the house that no linter knows."""

import ast
import re
from pathlib import Path

import pytest

from tests.project.tree import OURS, ROOT, files, python_files

LONGEST = 300  # lines of a file
# Put together here, so that this file does not hold them itself.
NOT_OURS = [
    "/".join(("", "work", "")),
    "/".join(("", "root", "")),
    "/".join(("", "home", "")),
    ".".join(("pypi", "org")),
    ".".join(("files", "pythonhosted")),
    ".".join(("registry", "npmjs")),
]


def names_of(found: list[Path]) -> list[str]:
    return [str(file.relative_to(ROOT)) for file in found]


def test_every_file_says_first_what_it_is_for() -> None:
    silent = [file for file in python_files(*OURS, "tests") if not _docstring(file)]

    assert not names_of(silent)


def test_no_file_is_too_long_to_read() -> None:
    ours = [file for file in python_files(*OURS, "tests") if "migrations" not in file.parts]

    long = [file for file in ours if _lines(file) > LONGEST]

    assert not names_of(long)


@pytest.mark.parametrize("words", NOT_OURS)
def test_no_file_names_a_place_on_someones_machine_or_a_registry(words: str) -> None:
    begins = re.compile(rb"(?<![\w}])" + re.escape(words.encode()))

    telling = [file for file in files() if file.suffix != ".eml" and begins.search(file.read_bytes())]

    assert not names_of(telling)


def test_every_link_from_page_to_page_leads_somewhere() -> None:
    pages = [file for file in files() if file.suffix == ".md"]

    links = [
        (page, target) for page in pages for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    ]
    broken = [f"{page.name}: {target}" for page, target in links if not (page.parent / target).exists()]

    assert links
    assert not broken


def _docstring(file: Path) -> str | None:
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())
