"""Every key a procedure file may hold and what kind of value it takes; anything else is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from storage.tables.office import ORGANISATIONS
from workflow.procedure_errors import ProcedureError, wrong

Table = Mapping[str, "Kind"]


@dataclass(frozen=True)
class Kind:
    """What a key takes: a Python type, one of some words, a table with keys of its own, or a list of such."""

    type: type
    words: tuple[str, ...] = ()
    table: Table | None = None
    items: "Kind | None" = None
    required: bool = False


TEXT, NUMBER, TRUTH, DAY = Kind(str), Kind(int), Kind(bool), Kind(date)
WORDS = Kind(list, items=TEXT)
FREE = Kind(dict)  # facts for people and for later parts, read as they are


def a(*words: str) -> Kind:
    return Kind(str, words=words)


def needed(kind: Kind) -> Kind:
    return Kind(kind.type, kind.words, kind.table, kind.items, required=True)


def tables(**keys: Kind) -> Kind:
    return Kind(list, items=table(**keys))


def table(**keys: Kind) -> Kind:
    return Kind(dict, table={name.rstrip("_"): kind for name, kind in keys.items()})


SPAN = table(working_days=NUMBER, calendar_days=NUMBER, weeks=NUMBER, months=NUMBER)
NUDGE = tables(at=needed(SPAN), to=needed(WORDS), task=TEXT)
EXTENSION = tables(
    add=SPAN, to_total=SPAN, times=NUMBER, agree=WORDS, notify=WORDS, before_expiry=TRUTH, reason_required=TRUTH,
    letter=TEXT, must_contain=WORDS, soft_ceiling=TRUTH, update_interval=FREE,
)  # fmt: skip
CLOCK = tables(
    id=needed(TEXT), title=TEXT, start=needed(TEXT), when=TEXT, limit=SPAN, limit_by=Kind(dict, items=SPAN), stop=WORDS,
    stop_requires=WORDS, pause=WORDS, resume=WORDS, count=a("after", "commencing"),
    roll=a("none", "next_working_day"), expiry_opens=TEXT, source=TEXT,
    extension=EXTENSION, reminder=NUDGE, escalation=NUDGE,
)  # fmt: skip
LETTER = tables(id=needed(TEXT), on=needed(TEXT), must_contain=WORDS, attach=WORDS, plain_language=TRUTH, formats=WORDS)
STAGE = tables(
    id=needed(TEXT), kind=needed(a("pre", "internal", "independent", "ombudsman")), title=TEXT, entry=WORDS,
    handler=FREE, optional=TRUTH, reasons_required=TRUTH, panel=FREE, new_issue=FREE, close=FREE, clock=CLOCK,
    letter=LETTER, body=TEXT, body_by_organisation=table(**dict.fromkeys(ORGANISATIONS, TEXT)), joint_with=WORDS,
    findings=WORDS, outcomes_recorded=WORDS,
)  # fmt: skip
PROCEDURE = table(
    id=needed(TEXT), title=needed(TEXT), valid_from=needed(DAY), valid_to=DAY,
    binding=needed(a("statutory", "code-must", "code-should", "local", "historic")),
    calendar=needed(a("england-and-wales", "scotland", "northern-ireland")), non_working=WORDS,
    receipt_cutoff=TEXT, roles=needed(WORDS), max_stages=NUMBER, checked_on=needed(DAY), sources=needed(WORDS),
    unverified=WORDS, notice=TEXT,
)  # fmt: skip
FILE: Table = {
    "schema": needed(NUMBER),
    "procedure": needed(PROCEDURE),
    "definition": FREE,
    "eligibility": FREE,
    "exclusion": tables(id=needed(TEXT), discretion=TRUTH, label=TEXT),
    "on_exclusion": FREE,
    "outcome": tables(id=needed(TEXT), well_founded=TRUTH, label=TEXT),
    "stage": needed(STAGE),
    "target": tables(stage=needed(TEXT), bands=Kind(list)),
    "remedy": FREE,
    "advocacy": FREE,
    "report": Kind(list, items=FREE),
}


def check_keys(data: Mapping[str, Any], text: str, name: str) -> None:
    """ProcedureError at the first key that is unknown, missing, or of the wrong kind."""
    _check_table(data, FILE, (), text, name)


def _check_table(data: Mapping[str, Any], keys: Table, path: tuple[str | int, ...], text: str, name: str) -> None:
    for key, value in data.items():
        if key not in keys:
            raise wrong(name, text, (*path, key), f"unknown key{_meant(key, keys)}")
        if problem := _check_value(value, keys[key], (*path, key), text, name):
            raise problem
    for key, kind in keys.items():
        if kind.required and key not in data:
            raise wrong(name, text, path, f"{key} is missing; add it")


def _check_value(value: Any, kind: Kind, path: tuple[str | int, ...], text: str, name: str) -> ProcedureError | None:
    given: type = type(value)
    if given is not kind.type:  # exactly: true is no whole number, an instant no date
        return wrong(name, text, path, f"needs {_called(kind.type)}, not {_called(given)}")
    if kind.words and value not in kind.words:
        return wrong(name, text, path, f"{value!r} is not known; write one of {', '.join(kind.words)}")
    if kind.table is not None:
        _check_table(value, kind.table, path, text, name)
    if kind.items is not None:
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        problems = (_check_value(item, kind.items, (*path, at), text, name) for at, item in parts)
        return next((problem for problem in problems if problem), None)
    return None


def _meant(key: str, keys: Table) -> str:
    near = get_close_matches(key, keys, 1)
    return f"; did you mean {near[0]}?" if near else f"; known here are {', '.join(sorted(keys))}"


def _called(kind: type) -> str:
    names = {
        str: "a text",
        int: "a whole number",
        bool: "true or false",
        date: "a date",
        list: "a list",
        dict: "a table",
    }
    return names.get(kind, kind.__name__)
