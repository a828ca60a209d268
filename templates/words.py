"""Words that are data rather than pages or letters: the questions we ask and what stages are called, by language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def questionnaire(language: str = "en") -> Mapping[str, Any]:
    """The texts of every question, by its id. FileNotFoundError for a language that we don't have."""
    with (HERE / "questionnaire" / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def chat(language: str = "en") -> Mapping[str, Any]:
    """What we say in a chat, by group and name. FileNotFoundError for a language that we don't have."""
    with (HERE / "chat" / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


def titled(title: str, language: str) -> str:
    """A stage's title, which its procedure has in English; as it stands where we have no words for it."""
    return title if language == "en" else _titles(language).get(title, title)


def channel(name: str, *, begins: bool = False) -> str:
    """A channel as people write its name: Telegram, email; one that we have no words for by its own name.

    `begins`: where it begins a line.
    """
    written = str(_channels().get(name, name.replace("_", " ").capitalize()))
    return written[:1].upper() + written[1:] if begins else written


@cache
def _channels() -> Mapping[str, str]:
    with (HERE / "desk" / "words.en.toml").open("rb") as file:
        return dict(tomllib.load(file)["channel"])


@cache
def _titles(language: str) -> Mapping[str, str]:
    with (HERE / "procedures" / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)
