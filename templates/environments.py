"""The two ways templates become words: strict for letters, forgiving for pages (whose GOV.UK macros need that)."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    select_autoescape,
)

from templates.dates import how_long, in_words, on_the_clock, with_time, with_weekday
from templates.sentences import saying

FOLDER = Path(__file__).parent
STATIC = FOLDER.parent / "web" / "static"


@cache
def letters(language: str = "en") -> Environment:
    """For letters, named `<kind>/<language>/<medium>.*`: a fact that is missing stops the letter (UndefinedError)."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "letters"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return _in_language(environment, language)


@cache
def pages(language: str = "en") -> Environment:
    """For pages, named `web/…`, `desk/…`, `demo/…` and `shared/…`: all that is shown is escaped.

    The public's pages find their sentences with `say`; the desk's and the demonstration's are in English only.
    """
    ours = ("web", "desk", "demo", "shared")
    folders: dict[str, BaseLoader] = {name: FileSystemLoader(FOLDER / name) for name in ours}
    govuk = PackageLoader("govuk_frontend_jinja")
    environment = Environment(
        loader=PrefixLoader({**folders, "govuk_frontend_jinja": govuk}),
        undefined=ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    say = saying(language)
    environment.globals |= {"static": static_address(), "say": say, "wrong": partial(_mistake, say("page.error"))}
    return _in_language(environment, language)


def _mistake(spoken: str, text: str) -> Mapping[str, str] | None:
    """What is wrong with a field, as the GOV.UK macros want it; `spoken` says so to who can't see it is red."""
    return {"text": text, "visuallyHiddenText": spoken} if text else None


@cache
def static_address() -> str:
    """Where css and js are served: the address changes with their content, so that browsers may keep them."""
    return f"/static/{fingerprint(path for path in sorted(STATIC.rglob('*')) if path.is_file())}"


def fingerprint(files: Iterable[Path]) -> str:
    """Twelve hex digits that change when a file does."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _in_language(environment: Environment, language: str) -> Environment:
    said: Mapping[str, Callable[..., str]]
    said = {"day": in_words, "weekday": with_weekday, "moment": with_time, "clock": on_the_clock, "how_long": how_long}
    environment.filters |= {name: partial(words, language=language) for name, words in said.items()}
    environment.globals["language"] = language
    return environment
