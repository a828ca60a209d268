"""What would give a person away in a text for the public is found, and what only looks like it is let through."""

import pytest

from learning.names import found_in


def said(text: str, *people: str) -> list[tuple[str, str]]:
    return [(one.sort, one.said) for one in found_in(text, people)]


@pytest.mark.parametrize(
    "text",
    [
        "Jo Bloggs waited.",
        "JO BLOGGS waited.",
        "jo bloggs waited",
        "We told Jo-Bloggs.",
        "It was Bloggs’s flat",
        "Jo’s lift",
    ],
)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    assert [sort for sort, _ in said(text, "Jo Bloggs")] == ["person"]


def test_accents_hide_nobody() -> None:
    assert said("Jose Nunez wrote.", "José Núñez") == [("person", "Jose Nunez")]
    assert said("Siân wrote.", "Sian Jones") == [("person", "Siân")]


def test_a_word_that_is_a_name_too_is_let_through_where_it_is_no_name() -> None:
    assert said("We will mark each letter with hope.", "Will Hope", "Mark Grace") == []


def test_parts_of_other_words_are_no_names() -> None:
    assert said("The Joint team and the Bloggsworth office.", "Jo Bloggs") == []


def test_a_title_makes_a_name_of_whatever_follows() -> None:
    assert said("Mrs Okafor and Dr. Lee Wong wrote.") == [("titled", "Mrs Okafor"), ("titled", "Dr. Lee Wong")]
    assert said("We miss nothing. Dr who? Ms.") == []


@pytest.mark.parametrize(
    ("sort", "words"),
    [
        ("reference", "RD-4K7M-2Q9X"),
        ("email", "jo@citizen.example"),
        ("telephone", "01632 960 111"),
        ("telephone", "+44 (0)1632 960111"),
        ("telephone", "943 476 5919"),
        ("postcode", "SW1A 2AA"),
        ("postcode", "m1 1ae"),
    ],
)
def test_numbers_and_addresses_of_people_are_found(sort: str, words: str) -> None:
    assert said(f"They gave {words}, and more.") == [(sort, words)]


@pytest.mark.parametrize(
    "text",
    [
        "From 2 of 10 to 9 of 10 in 2025.",
        "It cost £1,250,000.00 in 2025-26.",
        "Between 1 and 31 March 2026",
        "Model B2 and form C1A",
    ],
)
def test_figures_and_dates_are_let_through(text: str) -> None:
    assert said(text) == []


def test_each_thing_is_told_once_in_the_order_of_its_sort() -> None:
    assert said("Jo, Jo and jo@x.example, Jo.", "Jo Bloggs") == [("email", "jo@x.example"), ("person", "Jo")]
