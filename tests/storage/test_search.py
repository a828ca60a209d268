"""Finding cases by their words, the same on every database."""

import pytest
from sqlalchemy import Engine

from storage import search
from storage.database import reading, writing


@pytest.fixture
def words(engine: Engine) -> Engine:
    with writing(engine) as session:
        search.begin(session, 1, "RD-BBBB-CCCC Jo Bloggs jo@citizen.example Damp in the café's wall, flat 3/2")
        search.begin(session, 2, "The lift is broken. See https://photos.example/lift_17.png")
        search.begin(session, 3, "Damp again")
    return engine


def found(engine: Engine, query: str, most: int = 50) -> list[int]:
    with reading(engine) as session:
        return search.find(session, query, most=most)


@pytest.mark.parametrize(
    ("query", "cases"),
    [
        ("damp", [3, 1]),
        ("DAMP wall", [1]),
        ("dam", [3, 1]),
        ("dam wall", []),
        ("cafe", [1]),
        ("CAFÉ", [1]),
        ("jo@citizen.example", [1]),
        ("citizen", [1]),
        ("RD-BBBB-CCCC", [1]),
        ("rd-bbbb", [1]),
        ("lift_17", [2]),
        ("photos", [2]),
        ("3/2", [1]),
        ("", []),
        ("...", []),
        ("nothing", []),
    ],
)
def test_words_are_found_alike_on_every_database(words: Engine, query: str, cases: list[int]) -> None:
    assert found(words, query) == cases


@pytest.mark.parametrize("query", ['"', "a AND", "damp*", "NEAR(damp)", "' OR 1=1 --", "damp & | !", "^damp", "-damp"])
def test_signs_of_a_query_language_are_only_signs(words: Engine, query: str) -> None:
    assert found(words, query) in ([3, 1], [])


def test_the_newest_come_first_and_no_more_than_asked(words: Engine) -> None:
    assert found(words, "damp", most=1) == [3]


def test_words_that_came_at_different_times_are_found_together(words: Engine) -> None:
    with writing(words) as session:
        search.add_words(session, 3, "and the boiler")

    assert found(words, "boiler damp") == [3]


def test_words_can_be_added_to_a_case_that_has_none_yet(words: Engine) -> None:
    with writing(words) as session:
        search.add_words(session, 9, "boiler")
        search.add_words(session, 9, "   ")

    assert found(words, "boiler") == [9]


def test_a_huge_contact_fails_nothing(words: Engine) -> None:
    huge = " ".join(f"word{number}\U0001f600𝔘" for number in range(60_000))

    with writing(words) as session:
        for _ in range(6):
            search.add_words(session, 3, huge + "\0")

    assert found(words, "word17") != []
