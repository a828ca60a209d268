"""The words of other insight and of what we publish, for staff, from templates/desk/insight.en.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import templates

FILE = Path(templates.__file__).parent / "desk" / "insight.en.toml"


@cache
def said() -> Mapping[str, Mapping[str, str]]:
    """Every table of words."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def word(table: str, name: str, /, **facts: object) -> str:
    """One sentence with its facts put in; KeyError where the file has none."""
    return said()[table][name].format(**facts)


def options(table: str) -> tuple[tuple[str, str], ...]:
    """A table as the choices of a form, in its own order."""
    return tuple(said()[table].items())
