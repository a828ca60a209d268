"""Nothing that the public reads lacks its other language: same letters, same tables, same facts put into them."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta

from templates.dates import LONDON, how_long, with_time, with_weekday
from templates.environments import FOLDER, letters
from templates.languages import LANGUAGES, TO_STAFF
from templates.places import Link
from templates.sentences import sentences
from templates.writing import blocks, phrases, write
from workflow import procedure as procedures
from workflow.checklist import Item
from workflow.definition import Span

STAFF_ONLY = {"letters/phrases.en.toml": ("risks",), "letters/items.en.toml": ("ask",)}  # read by staff: English alone
PUBLIC = sorted(path.name for path in (FOLDER / "letters").iterdir() if path.is_dir() and path.name not in TO_STAFF)
STAFF_FILES = ("desk", "digest", "grounds")
TABLES = sorted(
    str(path.relative_to(FOLDER))
    for path in FOLDER.rglob("*.toml")
    if "en" in re.split(r"[/.]", str(path.relative_to(FOLDER))) and not any(name in str(path) for name in STAFF_FILES)
)
A_DAY = "dydd Llun 9 Mawrth 2026"  # what every other fact is
CHANGE = {"what": "Check the list each evening", "text": "I'w wneud erbyn 5 Mawrth 2026."}
CHANGES = ("intended", "done", "late", "coming", "dropped", "all_done", "all_dropped")
FACTS: dict[str, Any] = {
    **{part: [CHANGE] for part in CHANGES},
    "answers": [{"text": "Cytuno", "link": Link("https://redress.example/survey/abc?handling=agree")}],
    "survey_link": Link("https://redress.example/survey/abc"),
    "stop_link": Link("https://redress.example/survey/abc/stop"),
    "group": "complainant",
    "count": 12,
    "earlier": ["Tell the team"],
    "ways": ["Visit us"],
    "updates_link": Link("https://redress.example/updates/abc"),
    "name": "Ann Smith",
    "reference": "RD-BCDF-GHJK",
    "organisation": "Town Homes",
    "telephone": "01632 960 001",
    "signature": "Hana",
    "link": Link("https://redress.example/progress/abc"),
    "by_post": False,
    "by_chat": False,
    "items": [Item("reasons", "Pam", "The lift was old.\n\nThe part was late.")],
    "stage": "Cam 1",
    "steps": ["Erbyn dydd Llun 9 Mawrth 2026"],
    "question": "Which room?",
    "comes": "Dylech gael ein hateb.",
    "kind_in_words": "cwestiwn",
    "still_dissatisfied": True,
    "title": "Lifts",
    "you_said": "The lift did not work.",
    "we_did": "It is looked at each week.",
    "other_language": False,
    "stop": Link("https://redress.example/learning/stop/abc"),
}


@pytest.mark.parametrize("kind", PUBLIC)
def test_a_letter_to_the_public_can_be_written_in_every_language_from_the_same_facts(kind: str) -> None:
    asked = [_asked(f"{kind}/{language}/letter.md", language) for language in LANGUAGES]
    facts = {name: FACTS.get(name, A_DAY) for name in asked[0]}

    written = [write(kind, facts, language) for language in LANGUAGES]

    assert asked[0] == asked[1]
    assert _asked(f"{kind}/en/subject.txt", "en") == _asked(f"{kind}/cy/subject.txt", "cy")
    assert len({one.subject for one in written}) == len(LANGUAGES)
    for one, language in zip(written, LANGUAGES, strict=True):
        assert f'<html lang="{language}">' in one.html
        assert "{" not in one.text
        assert one.text.count("\n\n") == written[0].text.count("\n\n")


@pytest.mark.parametrize("kind", TO_STAFF)
def test_a_letter_to_staff_is_there_in_english_alone(kind: str) -> None:
    assert not (FOLDER / "letters" / kind / "cy").exists()


def test_each_letter_offers_the_other_language_in_that_language() -> None:
    english, welsh = (write("response", FACTS, language) for language in LANGUAGES)

    assert english.text.endswith("Os hoffech gael ein llythyrau yn Gymraeg, rhowch wybod i ni.\n")
    assert '<p lang="cy">Os hoffech' in english.html
    assert welsh.text.endswith("If you would like our letters in English, please tell us.\n")
    assert '<p lang="en">If you' in welsh.html


def test_a_letter_in_a_language_that_we_do_not_have_is_in_english() -> None:
    assert write("response", FACTS, "fr") == write("response", FACTS, "en")


def test_a_welsh_letter_falls_into_the_same_headings() -> None:
    whole = blocks(write("response", FACTS, "cy").text)

    assert [block.text for block in whole if block.is_heading] == ["Pam", "Eich cwyn ar-lein"]


@pytest.mark.parametrize("table", TABLES)
def test_each_table_of_words_has_the_same_keys_and_facts_in_welsh(table: str) -> None:
    english, welsh = (dict(_words(table, language)) for language in LANGUAGES)

    assert set(welsh) == {key for key in english if not _is_for_staff(table, key)}
    for key, words in welsh.items():
        assert sorted(_places(words)) == sorted(_places(english[key])), key
        assert _tags(words) == _tags(english[key]), key


def test_the_pages_say_every_sentence_that_there_is_and_no_other() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in (FOLDER / "web").glob("*.html"))
    said = set(re.findall(r'say\("([a-z_.]+)"[,)]', pages))
    code = "".join(path.read_text(encoding="utf-8") for path in (FOLDER.parent / "web").glob("*.py"))
    by_code = [f"{page}." for page in re.findall(r'sentences\(\w+\)\["(\w+)"\]', code)]
    begun = (*re.findall(r'say\("([a-z_.]+)" ~', pages), "done.", *by_code)

    ready = {f"{page}.{name}" for page, table in sentences("en").items() for name in table}

    assert said - ready == set()
    assert [key for key in ready - said if not key.startswith(begun)] == []


def test_every_welsh_file_says_that_nobody_has_reviewed_it() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file() and re.search(r"\bcy\b", str(path))]

    assert len(files) > 30
    for file in files:
        assert "ot yet reviewed by a Welsh speaker" in file.read_text(encoding="utf-8").partition("#}")[0][:200], file


@pytest.mark.parametrize("name", procedures.shipped())
def test_every_stage_of_the_shipped_procedures_has_a_welsh_title(name: str) -> None:
    titles = tomllib.loads((FOLDER / "procedures" / "cy.toml").read_text(encoding="utf-8"))

    assert {stage.title for stage in procedures.load(name).stages} <= set(titles)


@pytest.mark.parametrize("name", procedures.shipped())
def test_the_clock_of_every_shipped_procedure_has_its_own_words(name: str) -> None:
    clocks = {clock.id.rpartition(".")[2] for clock in procedures.load(name).clocks}

    for language in LANGUAGES:
        assert clocks <= set(phrases(language)["progress"])
        assert set(phrases(language)["progress"]) == set(phrases(language)["progress_late"])


def test_dates_and_lengths_of_time_read_in_welsh() -> None:
    assert with_weekday(date(2026, 3, 5), "cy") == "dydd Iau 5 Mawrth 2026"
    assert with_time(datetime(2026, 8, 1, 9, 5, tzinfo=LONDON), "cy") == "1 Awst 2026, 9:05am"
    assert how_long(Span("working_days", 10), "cy") == "10 diwrnod gwaith"
    assert how_long(Span("months", 1), "cy") == "1 mis"


def _asked(template: str, language: str) -> set[str]:
    """The facts that a letter puts in, those of the parts it includes among them."""
    environment = letters(language)
    source = Path(FOLDER, "letters", template).read_text(encoding="utf-8")
    tree = environment.parse(source)
    parts = [part for part in meta.find_referenced_templates(tree) if part]
    return meta.find_undeclared_variables(tree).union(*(_asked(part, language) for part in parts)) - {"may_withdraw"}


def _words(table: str, language: str) -> Iterator[tuple[str, str]]:
    path = FOLDER / re.sub(r"\ben\b", language, table)
    return _leaves(tomllib.loads(path.read_text(encoding="utf-8")))


def _leaves(table: dict[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{under}{key}.")
        else:  # of a list, such as words that mean the same, each language may have more or fewer
            yield f"{under}{key}", "\n".join(value) if isinstance(value, list) else str(value)


def _is_for_staff(table: str, key: str) -> bool:
    return any(part in STAFF_ONLY.get(table, ()) for part in key.split("."))


def _places(words: str) -> list[str]:
    return re.findall(r"\{(\w*)[^}]*\}", words)


def _tags(words: str) -> list[str]:
    return sorted(re.findall(r"</?(\w+)", words))
