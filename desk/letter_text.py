"""A letter's plain text taken apart again into headings and paragraphs, for pages that show or print it."""

import re
from dataclasses import dataclass

UNDERLINED = re.compile(r"(?P<heading>[^\n]+)\n[-=]{3,}")


@dataclass(frozen=True)
class Block:
    """A heading or a paragraph."""

    text: str
    is_heading: bool


def blocks(text: str) -> list[Block]:
    """Blank lines part them; what is underlined is a heading."""
    parts = [part.strip("\n") for part in re.split(r"\n{2,}", text) if part.strip()]
    return [_block(part) for part in parts]


def _block(part: str) -> Block:
    heading = UNDERLINED.fullmatch(part)
    return Block(heading["heading"], is_heading=True) if heading else Block(part, is_heading=False)
