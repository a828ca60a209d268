"""What complaints are about, and how much they weigh: the codes of workflow/subjects.toml and their plain names."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

Options = tuple[tuple[str, str], ...]


def subjects() -> Mapping[str, str]:
    """Code -> plain name, in the list's own order."""
    return _file()["subjects"]


def severities() -> Mapping[str, str]:
    """`1`, the least, to `5` -> what it means."""
    return _file()["severity"]


@cache
def _file() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((Path(__file__).parent / "subjects.toml").read_text(encoding="utf-8"))
