"""The two ways templates become words: strict for letters, forgiving for pages (whose GOV.UK macros need that)."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

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

FOLDER = Path(__file__).parent
STATIC = FOLDER.parent / "web" / "static"
LONDON = ZoneInfo("Europe/London")


@cache
def letters() -> Environment:
    """For letters, named `<kind>/<language>/<medium>.*`: a fact that is missing stops the letter (UndefinedError)."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "letters"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return _with_filters(environment)


@cache
def pages() -> Environment:
    """For pages, named `web/…`, `desk/…`, `demo/…` and `shared/…`: all that is shown is escaped."""
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
    environment.globals["static"] = static_address()
    return _with_filters(environment)


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


def _with_filters(environment: Environment) -> Environment:
    environment.filters |= {"day": in_words, "weekday": with_weekday, "moment": with_time, "clock": on_the_clock}
    return environment


def in_words(when: date | datetime) -> str:
    """`5 March 2026`; an instant is the day it is in London."""
    day = _in_london(when)
    return f"{day.day} {day:%B %Y}"


def with_weekday(when: date | datetime) -> str:
    """`Thursday 5 March 2026`."""
    return f"{_in_london(when):%A} {in_words(when)}"


def with_time(when: datetime) -> str:
    """`5 March 2026, 9:05am`, as the clocks in London showed it."""
    here = when.astimezone(LONDON)
    return f"{in_words(here)}, {on_the_clock(here)}"


def on_the_clock(when: datetime) -> str:
    """`9:05am`, as the clocks in London showed it."""
    here = when.astimezone(LONDON)
    return f"{here.hour % 12 or 12}:{here:%M}{'am' if here.hour < 12 else 'pm'}"


def _in_london(when: date | datetime) -> date:
    return when.astimezone(LONDON) if isinstance(when, datetime) else when
