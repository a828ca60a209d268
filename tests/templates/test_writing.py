"""A letter says in HTML just what it says in plain text: nobody's words become markup."""

import html
import re

import pytest

from templates.writing import Written, write
from workflow.checklist import Item

FACTS = {
    "name": "Jo",
    "reference": "RD-BBBB-CCCC",
    "answer_by": "",
    "link": "https://town.example/p/1",
    "telephone": "",
    "organisation": "Town Council",
    "by_post": False,
    "by_chat": False,
    "signature": "Complaints team",
}


def asked(question: str) -> Written:
    return write("question", {**FACTS, "question": question})


@pytest.mark.parametrize(
    "words",
    [
        "Was it Smith &copy; Sons, or R&D &#38; Co?",
        "Did *he* say _that_, or [this](https://elsewhere.example)?",
        "1. What happened?",
        "- Who was there?",
        "# Where <b>was</b> it?",
    ],
)
def test_what_a_person_typed_reads_the_same_in_both(words: str) -> None:
    letter = asked(words)

    assert words in letter.text
    assert words in html.unescape(letter.html)


def test_paragraphs_and_lines_stay_as_they_were_typed() -> None:
    letter = asked("Which room?\r\nWhich wall?\r\n\r\n  And since when?")

    assert "Which room?\nWhich wall?\n\nAnd since when?\n" in letter.text
    assert re.search(r"<p[^>]*>Which room\?<br />\nWhich wall\?</p>\n<p[^>]*>And since when\?</p>", letter.html)


def test_a_heading_is_underlined_as_far_as_its_words_go() -> None:
    facts = {**FACTS, "items": [Item("reasons", "Why we think so, in short", "It was old.")]}

    assert "\nWhy we think so, in short\n-------------------------\n\nIt was old.\n" in write("response", facts).text


def test_words_that_look_like_a_place_of_ours_stay_words() -> None:
    letter = asked("https://place.invalid/0/ and \ue0000\ue000")

    assert "https://place.invalid/0/ and \ue0000\ue000" in letter.text
    assert "Jo and" not in letter.html
