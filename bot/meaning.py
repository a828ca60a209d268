"""What free words in a chat most likely mean: pure rules over plain text, in English and Welsh alike."""

import re
from enum import StrEnum
from functools import cache

from templates.languages import LANGUAGES
from templates.words import chat

FEW, MANY = 3, 60  # words: fewer say little; more are rarely an addition to something told before


class Meaning(StrEnum):
    """What somebody wants who just writes."""

    NOTHING = "nothing"  # a greeting, thanks
    STATUS = "status"
    ANOTHER = "another"  # a new complaint, in so many words
    STORY = "story"  # enough words to be a complaint, or an addition to one
    UNSURE = "unsure"


def meaning(text: str) -> Meaning:
    """Read alone, whoever says it."""
    words = text.split()
    if is_asking_for_status(text) and len(words) <= MANY:
        return Meaning.STATUS
    if _found("another", text):
        return Meaning.ANOTHER
    if says_nothing(text) or (not is_sentence(text) and _found("greeting", text)):
        return Meaning.NOTHING
    return Meaning.STORY if len(words) >= FEW else Meaning.UNSURE


def is_asking_for_status(text: str) -> bool:
    return _found("status", text)


def says_nothing(text: str) -> bool:
    """No letter and no number: a question mark, or a thumb."""
    return bool(text) and not re.search(r"\w", text)


def is_sentence(text: str) -> bool:
    """Enough words to tell us something, whatever we had asked for."""
    return len(text.split()) >= FEW * 2


def is_only_a_greeting(text: str) -> bool:
    """Nothing but hello, thanks or the like."""
    plain = " ".join(re.findall(r"[\w']+", text.casefold()))
    return any(plain == greeting for language in LANGUAGES for greeting in chat(language)["meaning"]["greeting"])


def _found(what: str, text: str) -> bool:
    return _pattern(what).search(" ".join(text.casefold().replace("’", "'").split())) is not None


@cache
def _pattern(what: str) -> re.Pattern[str]:
    """The phrases of every language: people write in either, whichever we answer in."""
    phrases = [phrase for language in LANGUAGES for phrase in chat(language)["meaning"][what]]
    each = (re.escape(phrase.casefold()).replace(r"\*", r"[\w' ]*") for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)")
