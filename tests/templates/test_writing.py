"""A letter says in HTML just what it says in plain text: nobody's words become markup."""

import html

import pytest

from templates.writing import Written, write

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
