"""Writing a digest: a mail of tables for mail programs that know little, and the same as plain text."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from templates.dates import in_words, with_weekday
from templates.environments import FOLDER
from templates.writing import Written


def write_digest(facts: Mapping[str, Any]) -> Written:
    """The mail of these facts. Raises jinja2.UndefinedError when one is missing."""
    environment = _environment()
    text = environment.get_template("digest.txt").render(facts)
    html = environment.get_template("digest.html").render(facts)
    return Written(str(facts["subject"]), _without_gaps(text), html)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "digest"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": in_words, "weekday": with_weekday}
    return environment


def _without_gaps(text: str) -> str:
    """At most one empty line after another, so that a list that has nothing leaves no hole."""
    lines = [line.rstrip() for line in text.splitlines()]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip() + "\n"
