"""What is wrong with a procedure file, where, and what to do about it."""

import re
from collections.abc import Sequence

Path = tuple[str | int, ...]


class ProcedureError(ValueError):
    """A procedure can't be used; the words name the file, the line or key, and what to do."""


def wrong(name: str, text: str, path: Sequence[str | int], what: str) -> ProcedureError:
    """The error for the key at this path, with the line it stands on."""
    return ProcedureError(f"{name}, line {line_of(text, path)}, {dotted(path)}: {what}")


def dotted(path: Sequence[str | int]) -> str:
    """stage[2].clock[1].limit: list places counted from 1, as a person counts headings."""
    words = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path)
    return words.lstrip(".") or "the file"


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line (from 1) where the key or heading at this path stands; its nearest heading where it has no own."""
    lines = lines_of_keys(text)
    steps = tuple(path)
    while steps and steps not in lines:
        steps = steps[:-1]
    return lines.get(steps, 1)


def lines_of_keys(text: str) -> dict[Path, int]:
    """Where each heading and key of a TOML text stands; keys inside one-line tables count with their line."""
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    here: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        if heading := re.match(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]", line):
            here = _place(heading[2].split("."), heading[1] == "[[", counts)
            lines.setdefault(here, number)
        elif key := re.match(r"\s*([\w\-]+)\s*=", line):
            lines.setdefault((*here, key[1]), number)
    return lines


def _place(names: list[str], is_list: bool, counts: dict[Path, int]) -> Path:
    """The path of a heading, counting how often each list has been headed before."""
    here: Path = ()
    for name in names[:-1]:
        here = (*here, name)
        if here in counts:
            here = (*here, counts[here] - 1)
    here = (*here, names[-1])
    if is_list:
        counts[here] = counts.get(here, 0) + 1
        here = (*here, counts[here] - 1)
    return here
