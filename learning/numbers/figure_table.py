"""A table of figures: its lines and columns, and how small numbers are hidden in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from learning.numbers.suppression import FLOOR, Counts, hidden, hidden_in_list

HIDDEN = "*"
Value = int | float | str | None  # HIDDEN is the only text; None: there is nothing to count
Unit = Literal["count", "share", "days", "pence"]


@dataclass(frozen=True)
class Column:
    """A column: its name in the words, its unit, and for a share or average the columns it is worked out from."""

    id: str
    unit: Unit = "count"
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line. `key` names it in addresses, such as the service's short name."""

    key: str
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """Some figures. `counts` says what: received, closed, now or period; `by` and `cases` lead to the cases behind.

    `about`: whether its small numbers are hidden: of people always, of cases for readers from outside, else never.
    `adds_up`: its first column is the sum of the other counts, and there is no total below. `total_elsewhere`: its sum
    stands in another table.
    """

    id: str
    counts: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    about: Literal["people", "cases", "things"] = "cases"
    cases: str = ""  # a count of learning/numbers/behind.py; empty: no list of cases
    by: str = "all"
    adds_up: bool = False
    total_elsewhere: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(value for line in self.lines for value in line.values)

    @property
    def is_empty_now(self) -> bool:
        """Whether there is nothing in the first column, that of the period itself."""
        return not any(line.values[0] for line in self.lines)

    @property
    def has_hidden(self) -> bool:
        return any(HIDDEN in line.values for line in (*self.lines, *([self.total] if self.total else [])))

    def values(self, column: str) -> list[Value]:
        """One column from top to bottom, without the total."""
        at = [each.id for each in self.columns].index(column)
        return [line.values[at] for line in self.lines]


def share(part: int, whole: int) -> float | None:
    """The part of a whole from 0 to 1; None of nothing."""
    return part / whole if whole else None


def totalled(lines: Sequence[Line]) -> Line | None:
    """The sums of columns that are all counts; None where there is nothing to add."""
    if not lines:
        return None
    width = len(lines[0].values)
    return Line("all", "", tuple(sum(_whole(line.values[at]) for line in lines) for at in range(width)))


def with_small_numbers_hidden(table: Table, floor: int = FLOOR) -> Table:
    """The table with what is small hidden, what would give it away, and every share or average of either."""
    counted = [at for at, column in enumerate(table.columns) if column.unit == "count"]
    found = _hidden_across(table, counted, floor) if table.adds_up else _hidden_down(table, counted, floor)
    return hiding(table, found)


def hiding(table: Table, cells: set[tuple[int, int]]) -> Table:
    """The table without these cells (line and column; the total is the line after the last), nor what tells of them."""
    ids = [column.id for column in table.columns]
    derived = {at: [ids.index(one) for one in column.of] for at, column in enumerate(table.columns) if column.of}
    found = cells | {(row, at) for at, of in derived.items() for row in range(len(table.lines) + 1)
                     if any((row, one) in cells for one in of)}  # fmt: skip
    lines = tuple(_masked(line, row, found) for row, line in enumerate(table.lines))
    total = _masked(table.total, len(table.lines), found) if table.total else None
    return replace(table, lines=lines, total=total)


def _hidden_down(table: Table, counted: Sequence[int], floor: int) -> set[tuple[int, int]]:
    """Each column is a list, with its total where there is one.

    What is hidden of it depends on nothing but its own counts, so that a period hides the same in each table that
    compares with it: a 0 tells of nobody, and lines go by their names.
    """
    found: set[tuple[int, int]] = set()
    has_total = table.total is not None or table.total_elsewhere
    for at in counted:
        lines = sorted((line.key, row) for row, line in enumerate(table.lines) if _whole(line.values[at]))
        counts = [_whole(table.lines[row].values[at]) for _, row in lines]
        places, is_total_hidden = hidden_in_list(counts, floor, has_total=has_total)
        found |= {(lines[place][1], at) for place in places}
        found |= {(len(table.lines), at)} if is_total_hidden else set()
    return found


def _hidden_across(table: Table, counted: Sequence[int], floor: int) -> set[tuple[int, int]]:
    """The first count of each line is the sum of its others."""
    first, *others = counted
    rows = [[_whole(line.values[at]) for at in others] for line in table.lines]
    found = hidden(Counts(rows, column_totals=False), floor) if rows else frozenset()
    return {(row, others[at] if at < len(others) else first) for row, at in found if row < len(rows)}


def _masked(line: Line, row: int, found: set[tuple[int, int]]) -> Line:
    return replace(line, values=tuple(HIDDEN if (row, at) in found else value for at, value in enumerate(line.values)))


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else 0
