"""The surveys' items: whom each is put to, which expectation of the Standards it measures, and its words."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import templates

FOLDER = Path(templates.__file__).parent / "surveys"
GROUPS = ("complainant", "supporter", "colleague", "complaints_staff")
SCALE = ("strongly_agree", "agree", "neither", "disagree", "strongly_disagree", "not_apply")
FIRST = "handling"  # the question that a mail or a message in a chat asks itself


@dataclass(frozen=True)
class Item:
    """One thing that people say how far they agree with; `about` is handling or outcome, which are never mixed."""

    id: str
    groups: tuple[str, ...]
    expectation: str
    about: str


@cache
def bank() -> Mapping[str, Item]:
    """Every item, by its id, in the order in which they are asked."""
    rows = _structure()["item"]
    return {row["id"]: Item(row["id"], tuple(row["groups"]), row["expectation"], row["about"]) for row in rows}


@cache
def pillars() -> Mapping[str, Sequence[str]]:
    """The four pillars of the Standards, each with its expectations."""
    return {name: tuple(expectations) for name, expectations in _structure()["pillars"].items()}


def items_for(group: str) -> list[Item]:
    """What a group is asked, in order."""
    return [item for item in bank().values() if group in item.groups]


@cache
def said(language: str = "en") -> Mapping[str, Any]:
    """The words of the surveys. FileNotFoundError for a language that we don't have."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def page(group: str, language: str = "en") -> Mapping[str, str]:
    """What the survey of this group says around its questions."""
    words = said(language)["page"]
    return {**{name: text for name, text in words.items() if isinstance(text, str)}, **words[group]}


def _structure() -> Mapping[str, Any]:
    return tomllib.loads((FOLDER / "items.toml").read_text(encoding="utf-8"))
