"""Dates, times and lengths of time as people say them, in each language; by the clocks of London."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def in_words(when: date | datetime, language: str = "en") -> str:
    """`5 March 2026`, `5 Mawrth 2026`; an instant is the day it is in London."""
    day = _in_london(when)
    return f"{day.day} {_said(language)['months'][day.month - 1]} {day.year}"


def with_weekday(when: date | datetime, language: str = "en") -> str:
    """`Thursday 5 March 2026`, `dydd Iau 5 Mawrth 2026`."""
    return f"{_said(language)['weekdays'][_in_london(when).weekday()]} {in_words(when, language)}"


def with_time(when: datetime, language: str = "en") -> str:
    """`5 March 2026, 9:05am`, as the clocks in London showed it."""
    here = when.astimezone(LONDON)
    return f"{in_words(here, language)}, {on_the_clock(here, language)}"


def on_the_clock(when: datetime, language: str = "en") -> str:
    """`9:05am`, as the clocks in London showed it."""
    here = when.astimezone(LONDON)
    return f"{here.hour % 12 or 12}:{here:%M}{_said(language)['am' if here.hour < 12 else 'pm']}"


class Length(Protocol):
    """A length of time in a unit of the procedures: working_days, calendar_days, weeks or months."""

    @property
    def unit(self) -> str: ...

    @property
    def number(self) -> int: ...


def how_long(length: Length, language: str = "en") -> str:
    """`5 working days`, `5 diwrnod gwaith`."""
    words = _said(language)["one" if abs(length.number) == 1 else "many"]
    return str(words[length.unit]).format(number=length.number)


@cache
def _said(language: str) -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "dates" / f"{language}.toml").read_text(encoding="utf-8"))


def _in_london(when: date | datetime) -> date:
    return when.astimezone(LONDON) if isinstance(when, datetime) else when
