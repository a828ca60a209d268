"""What figures are called: titles, definitions and the names of what is counted, from templates/digest/*.en.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import templates
from learning.numbers.behind import NONE
from templates.words import questionnaire
from workflow.subjects import severities, subjects

FOLDER = Path(templates.__file__).parent / "digest"


@cache
def definitions() -> Mapping[str, Mapping[str, Any]]:
    """By table: its title, what it says in full, and its columns."""
    return tomllib.loads((FOLDER / "definitions.en.toml").read_text(encoding="utf-8"))


@cache
def said() -> Mapping[str, Mapping[str, str]]:
    """The words of the digest and of the leader's page, by group."""
    return tomllib.loads((FOLDER / "words.en.toml").read_text(encoding="utf-8"))


def word(group: str, name: str, /, **facts: object) -> str:
    """A sentence with its facts put in; KeyError where the file has none."""
    return said()[group][name].format(**facts)


def name_of(group: str, key: str) -> str:
    """What something is called; a code that is nowhere in our words is shown as a person would write it."""
    if key == NONE:
        return said()["none"].get(group, said()["none"]["other"])
    named = {"subject": subjects(), "severity": severities()}.get(group) or said().get(group, {})
    return named.get(key) or key.replace("_", " ").replace("-", " ").capitalize()


def title_of(table_id: str) -> str:
    """A table's title; each question about equality is a table of its own."""
    question = table_id.removeprefix("equality_")
    if question != table_id:
        title = questionnaire()["equality"][question]["title"]
        return str(definitions()["equality"]["title"]).format(question=title)
    return str(definitions()[table_id]["title"])


def definition_of(table_id: str) -> str:
    """What a table says, in full."""
    name = "equality" if table_id.startswith("equality_") else table_id
    return str(definitions()[name]["definition"])


def counts_of(counts: str) -> str:
    """Whether a table counts complaints received, or closed, or something else."""
    return str(definitions()["counts"][counts])


def column_of(column: str, periods: Mapping[str, str]) -> str:
    """The head of a column; `periods` are the names of this period and of those it is compared with."""
    return str(definitions()["columns"][column]).format_map(periods)


def listed() -> list[tuple[str, str]]:
    """Every table's title and definition, in the order of the digest; the questions about equality once."""
    tables = {name: said for name, said in definitions().items() if "title" in said}
    equality = word("sheet", "equality")
    titles = {name: equality if name == "equality" else str(said["title"]) for name, said in tables.items()}
    return [(title, str(tables[name]["definition"])) for name, title in titles.items()]
