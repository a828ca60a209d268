"""The sentences of the public's pages: one folder of files per language, a table in them for each page."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "web"


def saying(language: str) -> Callable[..., Markup]:
    """How pages of this language say something: `say("start.lead", body="Town Homes")`.

    The sentences are ours and may hold markup; facts put into them are escaped. KeyError for one that is not there.
    """

    def say(key: str, **facts: object) -> Markup:
        page, _, name = key.partition(".")
        return Markup(sentences(language)[page][name]).format(**facts)  # noqa: S704 - see above

    return say


@cache
def sentences(language: str) -> Mapping[str, Mapping[str, str]]:
    """Every sentence, by page and name. FileNotFoundError for a language that we don't have."""
    said: dict[str, Mapping[str, str]] = {}
    for file in sorted((FOLDER / language).iterdir()):
        said |= tomllib.loads(file.read_text(encoding="utf-8"))
    return said
