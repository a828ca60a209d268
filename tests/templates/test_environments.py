"""Letters stop where a fact is missing, pages show everything escaped, and dates read as people say them."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from templates.dates import in_words, with_time, with_weekday
from templates.environments import fingerprint, letters, pages, static_address


def test_a_letter_without_one_of_its_facts_is_never_written() -> None:
    letter = letters().from_string("Dear {{ name }}")

    with pytest.raises(UndefinedError):
        letter.render()


def test_a_page_may_leave_a_fact_out() -> None:
    assert pages().from_string("{{ case.handler.name }}").render() == ""


def test_what_people_write_is_escaped_on_every_page() -> None:
    assert pages().from_string("{{ words }}").render(words="<b>&") == "&lt;b&gt;&amp;"


def test_letters_are_escaped_in_html_only() -> None:
    escapes = letters().autoescape

    assert callable(escapes)
    assert escapes("receipt/en/email.html")
    assert not escapes("receipt/en/email.txt")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 3, 28, 23, 59, tzinfo=UTC), "28 March 2026, 11:59pm"),
        (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), "30 March 2026, 12:30am"),
        (datetime(2026, 7, 1, 11, 5, tzinfo=UTC), "1 July 2026, 12:05pm"),
    ],
)
def test_an_instant_reads_as_the_clocks_in_london_showed_it(moment: datetime, words: str) -> None:
    assert with_time(moment) == words


def test_a_date_reads_without_noughts() -> None:
    assert in_words(date(2026, 3, 5)) == "5 March 2026"
    assert with_weekday(date(2026, 3, 5)) == "Thursday 5 March 2026"
    assert in_words(datetime(2026, 7, 31, 23, 30, tzinfo=UTC)) == "1 August 2026"


def test_the_address_of_our_files_changes_with_their_content(tmp_path: Path) -> None:
    style = tmp_path / "style.css"
    style.write_text("a{}")
    before = fingerprint([style])

    style.write_text("b{}")

    assert fingerprint([style]) != before
    assert static_address().startswith("/static/")
