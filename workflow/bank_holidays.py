"""Bank holidays as a dated table that ships with us, so that no date depends on the network."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

NATIONS: tuple[str, ...] = ("england-and-wales", "scotland", "northern-ireland")


@dataclass(frozen=True)
class BankHolidays:
    """One nation's bank holidays: day -> name, from and until when the table is whole, and where it is from."""

    nation: str
    days: Mapping[date, str]
    covers_from: date
    covers_until: date
    source: str


@lru_cache(maxsize=8)
def bank_holidays(nation: str) -> BankHolidays:
    """The table of one nation; ValueError where we have none."""
    if nation not in NATIONS:
        raise ValueError(f"no calendar for {nation!r}; there is {', '.join(NATIONS)}")
    table = _table()
    days = {date.fromisoformat(day): name for day, name in table[nation].items()}
    source = f"bank holidays for {nation.replace('-', ' ').title().replace(' And ', ' and ')}, {table['source']}"
    return BankHolidays(nation, MappingProxyType(days), table["covers_from"], table["covers_until"], source)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return tomllib.loads(files("workflow").joinpath("bank_holidays.toml").read_text(encoding="utf-8"))
