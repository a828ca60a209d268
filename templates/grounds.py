"""The sentences for the grounds on which a complaint may be refused."""

import tomllib
from collections.abc import Mapping
from functools import cache

from templates.environments import FOLDER


@cache
def grounds(language: str = "en") -> Mapping[str, str]:
    """Ground -> one sentence that says when it applies. FileNotFoundError for a language that we don't have."""
    return tomllib.loads((FOLDER / "letters" / f"grounds.{language}.toml").read_text(encoding="utf-8"))
