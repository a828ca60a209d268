"""The published procedures we ship: found, read, checked, frozen, and told apart by date."""

import hashlib
import json
import tomllib
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from workflow.definition import Clock, Extension, Letter, NudgeRule, Procedure, Span, Stage
from workflow.procedure_checks import check
from workflow.procedure_errors import ProcedureError
from workflow.procedure_keys import check_keys
from workflow.procedure_parts import build

__all__ = [
    "Clock",
    "Extension",
    "Letter",
    "NudgeRule",
    "Procedure",
    "ProcedureError",
    "Span",
    "Stage",
    "in_force",
    "load",
    "parse",
    "shipped",
]


def shipped() -> tuple[str, ...]:
    """The ids of every procedure in workflow/procedures/, in order of name."""
    names = (file.name for file in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@lru_cache(maxsize=64)
def load(id: str) -> Procedure:  # noqa: A002 - the field's own word
    """The shipped procedure with this id; ProcedureError if there is none or it is not sound."""
    if id not in shipped():
        raise ProcedureError(f"there is no procedure {id!r}; choose one of {', '.join(shipped())}")
    return parse(_folder().joinpath(f"{id}.toml").read_text(encoding="utf-8"), f"{id}.toml")


def parse(text: str, name: str) -> Procedure:
    """Read a procedure from its TOML text; ProcedureError names the file, the line and what to do."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProcedureError(f"{name}: not readable as TOML: {error}. Mend that line and load again") from error
    check_keys(data, text, name)
    digest = hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()
    procedure = build(data, digest)
    check(procedure, text, name)
    return procedure


def in_force(ids: tuple[str, ...], on: date) -> tuple[Procedure, ...]:
    """Those of these procedures that apply to a complaint received on this London date."""
    procedures = (load(each) for each in ids)
    return tuple(p for p in procedures if p.valid_from <= on and (p.valid_to is None or on <= p.valid_to))


def _folder() -> Traversable:
    return files("workflow") / "procedures"
