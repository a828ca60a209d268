"""Words that are data rather than pages or letters: the questions we ask, one file per language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "questionnaire"


@cache
def questionnaire(language: str = "en") -> Mapping[str, Any]:
    """The texts of every question, by its id. FileNotFoundError for a language that we don't have."""
    with (FOLDER / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)
