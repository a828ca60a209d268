"""In which language someone is written to: the one they chose, else Welsh where they plainly wrote in it."""

import re

from templates.languages import LANGUAGES
from workflow.contact import Reading

# Common Welsh words that are no English ones: a Welsh sentence has several, an English text hardly ever one.
WORD = re.compile(r"\w+")
WELSH = frozenset(
    WORD.findall(
        """
        arall arno ati atoch bod bydd byth cael chi cwyn cwyno dal ddim diolch dydd eich ein eisiau ers eto fel
        felly fod fyddai fydd gael gyda hefyd hwn hynny iawn mae maen mai mewn neb neu nid nos nawr oedd oes pob
        pryd roedd rydw rydym rwy rwyf sydd tŷ unrhyw wedi wnaeth wrth wythnos wythnosau ydw ydy ydych yma yn
        ynglŷn yw
        """
    )
)
LEAST_WORDS = 4  # different ones
LEAST_SHARE = 0.2  # of all the words: a quotation or a place name in an English letter stays below it
ENOUGH = 3_000  # characters: who writes more is known by their beginning


def language_of(reading: Reading) -> str:
    """`cy` or `en`. What they chose counts; no language that we can't write is ever kept."""
    chosen = reading.answers.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return "cy" if is_welsh(f"{reading.subject}\n{reading.reply or reading.text}") else "en"


def is_welsh(text: str) -> bool:
    """Whether a text is plainly Welsh; one that is mixed, or too short to tell, is not."""
    words = WORD.findall(text[:ENOUGH].lower())
    welsh = [word for word in words if word in WELSH]
    return len(set(welsh)) >= LEAST_WORDS and len(welsh) >= LEAST_SHARE * len(words)
