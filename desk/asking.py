"""A verb's fields as a form: what was typed, what is wrong with it, and what the verb is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.forms import Form
from workflow.casework import Field, Refused
from workflow.checklist import LetterIncomplete

PARTS = ("day", "month", "year")
Given = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """One field as the page shows it."""

    field: Field
    value: Any  # text; where several can be chosen, a list
    error: str = ""

    @property
    def id(self) -> str:
        """Where an error message leads."""
        return f"{self.field.name}-day" if self.field.kind == "date" else self.field.name

    @property
    def parts(self) -> Mapping[str, str]:
        """Day, month and year as they were typed."""
        year, month, day = [*str(self.value).split("-"), "", "", ""][:3]
        return {"day": day, "month": month, "year": year}


def asked(fields: Sequence[Field], given: Given | None, errors: Mapping[str, str]) -> list[Asked]:
    """The fields with what was typed, or else with what we suggest."""
    values = {field.name: field.value for field in fields} if given is None else given
    return [Asked(field, values.get(field.name, ""), errors.get(field.name, "")) for field in fields]


def given_in(form: Form, fields: Sequence[Field]) -> Given:
    """What was typed: a date, from its three parts, as YYYY-MM-DD even where that is none."""
    return {field.name: _date(form, field.name) if field.kind == "date" else form.one(field.name) for field in fields}


def problems(fields: Sequence[Field], given: Given) -> dict[str, str]:
    """What can be told to be wrong before the verb is asked: field -> words."""
    found = {field.name: _problem(field, given[field.name]) for field in fields}
    return {name: words for name, words in found.items() if words}


def problems_of(error: Refused | LetterIncomplete, fields: Sequence[Field]) -> dict[str, str]:
    """What the verb found wrong; under "" what belongs to no field."""
    names = {field.name: field for field in fields}
    if isinstance(error, LetterIncomplete):
        missing = [item for item in error.missing if item in names]
        return {item: f"The letter can’t go out without this: {_lower(names[item].label)}" for item in missing} or {
            "": str(error)
        }
    return {error.field if error.field in names else "": str(error)}


def is_date(value: str) -> bool:
    """Whether this is a day of the calendar, written YYYY-MM-DD."""
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return len(value) == 10


def _problem(field: Field, value: str) -> str:
    if not value:
        return _enter(field) if field.required and not field.item else ""
    if field.kind == "date" and not is_date(value):
        return f"{field.label} must be a real date, like 27 3 2026"
    if field.kind == "number" and not (value.isascii() and value.isdigit() and len(value) <= 4):
        return f"{field.label} must be a whole number, like 10"
    is_closed = field.options and field.kind in ("choice", "staff")
    return _enter(field) if is_closed and value not in dict(field.options) else ""


def _enter(field: Field) -> str:
    if field.kind == "yes_no":
        return f"Select yes or no: {_lower(field.label)}"
    return f"{'Select' if field.options else 'Enter'} {_lower(field.label)}"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _date(form: Form, name: str) -> str:
    day, month, year = (form.one(f"{name}-{part}") for part in PARTS)
    if day and month and year:
        return f"{year}-{month.zfill(2)}-{day.zfill(2)}"
    return f"{year}-{month}-{day}" if day or month or year else ""  # no date: kept as it was typed
