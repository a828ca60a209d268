"""What we say in a chat, in each language: the same sentences with the same facts."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import templates
from templates.languages import LANGUAGES
from templates.words import chat

LISTS = {"meaning"}  # what people say, which differs between languages


def sentences(table: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from sentences(value, f"{under}{name}.")
        elif isinstance(value, str):
            yield f"{under}{name}", value


def facts(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", sentence))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things_with_the_same_facts(language: str) -> None:
    english, other = dict(sentences(chat("en"))), dict(sentences(chat(language)))

    assert english.keys() == other.keys()
    assert {key: facts(one) for key, one in english.items()} == {key: facts(one) for key, one in other.items()}
    assert chat("en")["meaning"].keys() == chat(language)["meaning"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_command_of_the_menu_and_no_button_is_too_long_for_a_messenger(language: str) -> None:
    assert all(3 <= len(one) <= 256 for one in chat(language)["menu"].values())
    assert all(len(one.encode()) <= 64 for one in chat(language)["move"].values())


def test_welsh_words_say_that_no_welsh_speaker_has_reviewed_them() -> None:
    first = (Path(templates.__file__).parent / "chat" / "cy.toml").read_text().splitlines()[0]

    assert "Not yet reviewed by a Welsh speaker" in first
