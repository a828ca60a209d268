"""What a casework verb is: what it asks for, when it may be done, and what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from storage.tables import Case
from workflow.casework.situation import Situation
from workflow.office import Act

Given = Mapping[str, Any]
YES, NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")


class Refused(Exception):
    """An act that can't be done: the text says why and what to do, `field` what to mend if it is one field."""

    def __init__(self, why: str, field: str | None = None) -> None:
        self.field = field
        super().__init__(why)


@dataclass(frozen=True)
class Field:
    """One thing that a verb asks for. Kinds: text, long_text, date, number, yes_no, choice, staff."""

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()  # value and label
    value: str = ""  # what we suggest
    item: bool = False  # an item of the letter's checklist


Fields = Callable[[Act, Situation], tuple[Field, ...]]
May = Callable[[Situation], str | None]  # why not; None when it may be done


@dataclass(frozen=True)
class Verb:
    """A casework verb as the desk, the command line and the documentation know it."""

    name: str
    title: str
    does: str
    act: Callable[[Act, Case, Given], object]
    fields: Fields
    may: May
    roles: tuple[str, ...] = ("handler", "manager", "leader", "administrator")
    events: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()


def needed(given: Given, name: str, what: str) -> str:
    """A field that may not be empty."""
    value = str(given.get(name) or "").strip()
    if not value:
        raise Refused(f"Enter {what}", name)
    return value


def text(given: Given, name: str) -> str:
    return str(given.get(name) or "").strip()


def yes(given: Given, name: str) -> bool:
    """Yes; or no, which an empty field is too. Refused for anything else."""
    value = str(given.get(name) or "no").strip().lower()
    if value not in (*YES, *NO):
        raise Refused(f"{name.replace('_', ' ').capitalize()} must be yes or no", name)
    return value in YES


def yes_or_no(given: Given, name: str, what: str) -> bool:
    """A question that may not be left open."""
    if given.get(name) is None or given[name] == "":
        raise Refused(f"Say {what}: yes or no", name)
    return yes(given, name)


def day(given: Given, name: str) -> date | None:
    """A date as YYYY-MM-DD, or as three fields of a form; None when empty. Refused when it is not a date."""
    value = given.get(name)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not value and given.get(f"{name}-year"):
        value = "-".join(str(given.get(f"{name}-{part}") or "").zfill(2) for part in ("year", "month", "day"))
    if not value:
        return None
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise Refused(f"{name.replace('_', ' ').capitalize()} must be a real date, such as 2026-03-27", name) from None


def whole_number(given: Given, name: str) -> int | None:
    value = str(given.get(name) or "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 6):
        raise Refused(f"{name.replace('_', ' ').capitalize()} must be a whole number, such as 10", name)
    return int(value)


def row_id(wanted: str) -> int | None:
    """The number of a row as a form or the command line gives it; None when it can't be one."""
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) <= 18 else None
