"""Places for facts in a letter: its sentences are laid out once, and nobody's words are ever read as markup."""

import html
import re
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

SIGN = "\ue000"  # for private use: no letter has it
UNDERLINE = "\ue001"  # stands below a heading, which is underlined when its words are known
PLACE = re.compile(rf"{SIGN}(\d+){SIGN}|https://place\.invalid/(\d+)/")
LINE_END = re.compile(r"\r\n|\r|\n")


class Link(str):
    """An address of our own pages: a link in HTML, itself in plain text."""


class Places:
    """What belongs in the places of one letter."""

    def __init__(self) -> None:
        self._held: list[str] = []

    def of(self, line: str) -> str:
        """A new place for some words of one line; nothing for nothing."""
        if not line:
            return ""
        self._held.append(line)
        return f"{SIGN}{len(self._held) - 1}{SIGN}"

    def of_link(self, link: str) -> str:
        """A new place for an address, itself an address, so that what makes a link of one makes one of it."""
        self._held.append(link)
        return f"https://place.invalid/{len(self._held) - 1}/"

    def filled_in_html(self, laid_out: str) -> str:
        """All facts in their places, as text: whatever is markup in them is shown as it was typed."""
        return PLACE.sub(lambda place: html.escape(self._at(place), quote=False).replace('"', "&quot;"), laid_out)

    def filled_in_text(self, laid_out: str) -> str:
        """All facts in their places, as they were typed; headings underlined."""
        filled = PLACE.sub(self._at, laid_out)
        return re.sub(rf"(.*)\n{UNDERLINE}", lambda heading: f"{heading[1]}\n{'-' * len(heading[1])}", filled)

    def _at(self, place: re.Match[str]) -> str:
        return self._held[int(place[1] or place[2])]


@pass_context
def hold_place(context: Context, value: Any) -> Any:
    """Instead of a fact, the place where it belongs; one of several lines has a place for each."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    places: Places = context["places"]
    if isinstance(value, Link):
        return places.of_link(value)
    return "\n".join(places.of(line.lstrip(" \t")) for line in LINE_END.split(value))
