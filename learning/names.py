"""What in a text for the public would give a person away: names, references, addresses, numbers, postcodes."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from workflow.matching import REFERENCE

TITLES = (
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "sir",
    "lady",
    "lord",
    "cllr",
    "councillor",
    "rev",
)
SHORTEST = 2  # letters of a part of a name that is looked for by itself
EMAIL = re.compile(r"[^\s@<>()\[\]]+@[^\s@<>()\[\]]+\.\w+")
TELEPHONE = re.compile(
    r"(?<![\w£])\+?\(?\d(?:[\s().-]{0,2}\d){8,14}(?!\w)"
)  # 9 digits and more, however they are parted
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s{0,2}\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
TITLED = re.compile(rf"\b(?i:{'|'.join(TITLES)})\b\.?\s+[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)?")
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Found:
    """One thing that gives a person away: which sort (a key of the words), and the words themselves."""

    sort: str
    said: str


def found_in(text: str, people: Sequence[str]) -> list[Found]:
    """Everything in a text that gives someone away; `people`: the names that are known, in full. Pure.

    A whole name is found however it is written; a part of one, such as a first name, where it has a capital letter.
    """
    every = (
        *_patterns(text),
        *(Found("person", said) for name in people for said in _named(text, name)),
        *(Found("titled", found[0]) for found in TITLED.finditer(text)),
    )
    return list({one.said.casefold(): one for one in reversed(every)}.values())[::-1]


def whole_name_in(text: str, *people: str) -> str:
    """The first whole name of these as it stands in a text, or a part of one after a title (Mrs Bloggs); else empty.

    A first name or a surname alone may well be another word: these are looked for in what is published only. Pure.
    """
    found = (text[start:end] for name in _perhaps_in(text, people) for start, end in _whole(text, name))
    return next(found, "")


def without_whole_names(text: str, people: Sequence[str], instead: str) -> str:
    """The text with `instead` wherever one of these people is named, as `whole_name_in` finds it. Pure."""
    for name in _perhaps_in(text, people):
        for start, end in sorted(_whole(text, name), reverse=True):
            text = f"{text[:start]}{instead}{text[end:]}"
    return text


def _perhaps_in(text: str, people: Sequence[str]) -> list[str]:
    """Those who can be named at all: thousands may be behind one lesson, and each is looked for word by word."""
    said = set(_folded_words(text))
    titled = {word for found in TITLED.finditer(text) for word in _folded_words(found[0])}
    each = ((name, _parts(name)) for name in people)
    return [name for name, parts in each if (len(parts) > 1 and said.issuperset(parts)) or titled & set(parts)]


def _whole(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a whole name stands in a text; then where a part of it stands after a title, and not within the others."""
    parts = _parts(name)
    words = [(found.start(), found.end(), _fold(found[0])) for found in WORD.finditer(text)]
    found_at: list[tuple[int, int]] = []
    for first in range(len(words) if len(parts) > 1 else 0):
        run = words[first : first + len(parts)]
        is_free = not found_at or found_at[-1][1] <= run[0][0]
        if is_free and [word for _, _, word in run] == parts:
            found_at.append((run[0][0], run[-1][1]))
    yield from found_at
    for found in TITLED.finditer(text):
        is_within = any(start < found.end() and found.start() < end for start, end in found_at)
        if not is_within and set(parts) & set(_folded_words(found[0])):
            yield found.span()


def _patterns(text: str) -> Iterator[Found]:
    sorts = (("reference", REFERENCE), ("email", EMAIL), ("telephone", TELEPHONE), ("postcode", POSTCODE))
    for sort, pattern in sorts:
        yield from (Found(sort, found[0].strip()) for found in pattern.finditer(text))


def _named(text: str, name: str) -> Iterator[str]:
    """The name as it stands in the text: in full, else those of its parts that are written as names."""
    parts = _parts(name)
    words = [(found[0], _fold(found[0])) for found in WORD.finditer(text)]
    folded = [word for _, word in words]
    for start in range(len(words)):
        if len(parts) > 1 and folded[start : start + len(parts)] == parts:
            yield " ".join(word for word, _ in words[start : start + len(parts)])
            return
    for word, fold in words:
        if fold in parts and len(fold) >= SHORTEST and word[0].isupper():
            yield word


@lru_cache(20_000)  # the people of a lesson are looked for in one text after the other
def _parts(name: str) -> list[str]:
    """What a name is made of, without titles."""
    return [part for part in _folded_words(name) if part not in TITLES]


def _folded_words(name: str) -> list[str]:
    return [_fold(found[0]) for found in WORD.finditer(name)]


def _fold(word: str) -> str:
    """A word without its accents and capitals, so that José is found as Jose."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
