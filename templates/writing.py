"""Turning a letter's words and facts into a subject, plain text and HTML: one text, every medium."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markdown_it import MarkdownIt
from markupsafe import Markup

from templates.environments import letters
from templates.languages import LANGUAGES, TO_STAFF, other, spoken
from templates.places import UNDERLINE, Places, hold_place

LETTERS = Path(__file__).parent / "letters"


@dataclass(frozen=True)
class Written:
    """A letter as it goes out."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Block:
    """A heading or a paragraph of a letter's plain text."""

    text: str
    is_heading: bool


def write(kind: str, facts: Mapping[str, Any], language: str = "en") -> Written:
    """Write a letter of this kind, in this language if the public gets it; it offers the other one in a line.

    The fact `to_staff`, if there is one, says that this letter goes to a member of staff, who is offered no other.

    Raises jinja2.UndefinedError when a fact is missing, ValueError when the subject has a line break.
    """
    language = "en" if kind in TO_STAFF else spoken(language)
    folder = f"{kind}/{language}"
    subject = letters(language).get_template(f"{folder}/subject.txt").render(facts).strip()
    if "\n" in subject or "\r" in subject:
        raise ValueError(f"the subject of {kind} has a line break in it")
    places = Places()
    marked = _marked(language).get_template(f"{folder}/letter.md").render(facts, places=places)
    body = Markup(places.filled_in_html("".join(_block(block) for block in _parts(marked))))  # noqa: S704 - see Places
    offered = other(language)
    offer = "" if kind in TO_STAFF or facts.get("to_staff") else phrases(offered)["offer"]["letters"]
    frame = letters(language).get_template("frame.html")
    html = frame.render(facts, subject=subject, body=body, offered=offered, offer=offer)
    return Written(subject, places.filled_in_text(_plain(f"{marked}\n\n{offer}")), html)


@cache
def headings(language: str = "en") -> Mapping[str, Mapping[str, str]]:
    """What each item of a letter's checklist is called in the letter, and what the handler is asked for."""
    return tomllib.loads((LETTERS / f"items.{language}.toml").read_text(encoding="utf-8"))


@cache
def _marked(language: str) -> Environment:
    """The same letters with a place for each fact, so that nobody's words become headings, links or pictures."""
    return letters(language).overlay(finalize=hold_place)


def _parts(marked: str) -> list[str]:
    return re.split(r"\n{2,}", marked.strip())


@lru_cache(maxsize=2_000)
def _block(marked: str) -> str:
    """A paragraph, heading or list as HTML, by a renderer without raw HTML; most of a letter is the same each time."""
    return str(_markdown().render(marked))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "html_inline", "html_block"])


def _plain(marked: str) -> str:
    """Markdown as a person would type it: headings underlined, links bare."""
    return "\n\n".join(_plain_block(block) for block in _parts(marked)).strip() + "\n"


@lru_cache(maxsize=2_000)
def _plain_block(marked: str) -> str:
    text = re.sub(r"\[([^\]\n]+)\]\((https?://[^)\s]+)\)", r"\1: \2", marked)
    text = re.sub(r"<(https?://[^>]+)>", r"\1", text)
    text = text.replace("**", "")
    return re.sub(r"(?m)^#+ +(.*)$", rf"\1\n{UNDERLINE}", text)


def blocks(text: str) -> list[Block]:
    """A letter's plain text taken apart again: blank lines part it, and what is underlined is a heading."""
    parts = [part.strip("\n") for part in re.split(r"\n{2,}", text) if part.strip()]
    headed = [(part, re.fullmatch(r"([^\n]+)\n-{3,}(?:\n(.+))?", part, re.DOTALL)) for part in parts]
    return [block for part, heading in headed for block in _blocks(part, heading)]


def _blocks(part: str, heading: re.Match[str] | None) -> list[Block]:
    if heading is None:
        return [Block(part, is_heading=False)]
    under = [Block(heading[2], is_heading=False)] if heading[2] else []
    return [Block(heading[1], is_heading=True), *under]


@cache
def feet() -> frozenset[str]:
    """What the foot of a letter to the people of a case is called: it only leads to the page where they follow it."""
    return frozenset(phrases(language)["foot"]["online"] for language in LANGUAGES)


@cache
def phrases(language: str = "en") -> Mapping[str, Mapping[str, str]]:
    """The sentences that letters put in by themselves, by group and name."""
    return tomllib.loads((LETTERS / f"phrases.{language}.toml").read_text(encoding="utf-8"))


@cache
def ombudsman(body: str, language: str = "en") -> Mapping[str, str]:
    """Name of an ombudsman, and its words for each time of a complaint; KeyError for one that has no words yet."""
    words: Mapping[str, Mapping[str, str]] = tomllib.loads(
        (LETTERS / f"ombudsmen.{language}.toml").read_text(encoding="utf-8")
    )
    return words[body]
