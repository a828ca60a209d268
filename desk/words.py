"""The desk's words that are data: what each event of a case is called, and the states of clocks and channels."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import templates
from templates import words as names

FOLDER = Path(templates.__file__).parent / "desk"


@cache
def said(language: str = "en") -> Mapping[str, Any]:
    """Every table of words. FileNotFoundError for a language that we don't have."""
    with (FOLDER / f"words.{language}.toml").open("rb") as file:
        return tomllib.load(file)


def event(name: str, facts: Mapping[str, Any]) -> str:
    """What happened, in plain words; a stage's own event goes by its last part, and an unknown one by its name."""
    words = said()["event"]
    sentence = words.get(name) or words.get(name.rpartition(".")[2]) or plain(name.rpartition(".")[2])
    return str(sentence).format_map(defaultdict(str, facts)).strip()


def plain(name: str) -> str:
    """A name from the data as a person would write it."""
    return name.replace("_", " ").replace("-", " ").capitalize()


def remedy(kind: str | None, pence: int | None, told: str) -> str:
    """What was decided as a remedy: what sort, how much money, and in whose words."""
    parts = (plain(kind) if kind else "", f"£{pence / 100:.2f}" if pence else "", told)
    return ". ".join(part for part in parts if part)


def state(name: str) -> str:
    return str(said()["clock"].get(name, plain(name)))


def channel(name: str) -> str:
    return names.channel(name)
