"""Small numbers hidden so that nobody is recognised by them, and so that totals don't give them away. Pure.

A count of 1 to floor - 1 is hidden (a 0 tells of nobody); then others, until no hidden count can be worked out from
what is shown: the rule of threshold and complementary suppression. Totals are cells like all others here.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

FLOOR = 8  # counts of 1 to 7 are hidden: the NHS's rule for figures below the national level
Cell = tuple[int, int]
Node = tuple[str, int]


@dataclass(frozen=True)
class Counts:
    """A table of counts with its totals: those of rows stand in one more column, those of columns in one more row."""

    rows: Sequence[Sequence[int]]
    row_totals: bool = True  # whether they are shown
    column_totals: bool = True
    values: dict[Cell, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        height, width = len(self.rows), len(self.rows[0]) if self.rows else 0
        values = {(row, column): self.rows[row][column] for row in range(height) for column in range(width)}
        values |= {(row, width): sum(self.rows[row]) for row in range(height)}
        values |= {(height, column): sum(line[column] for line in self.rows) for column in range(width)}
        object.__setattr__(self, "values", values | {(height, width): sum(map(sum, self.rows))})

    @property
    def corner(self) -> Cell:
        """Where the total of all stands."""
        return max(self.values)

    def is_shown(self, cell: Cell) -> bool:
        """Whether this cell is in the table that is shown, be it as a number or as a mark for a hidden one."""
        is_of_row, is_of_column = cell[1] == self.corner[1], cell[0] == self.corner[0]
        return (self.row_totals or not is_of_row) and (self.column_totals or not is_of_column)

    def ends(self, cell: Cell) -> tuple[Node, Node]:
        """What a cell counts in. Seen as a flow all round: from all to a row, to a column, and back to all."""
        row, column = cell
        below, right = self.corner
        to_column: Node = ("columns", 0) if column == right else ("column", column)
        if row == below:  # of a column, or of all
            return to_column, ("rows", 0) if column == right else ("columns", 0)
        return (("rows", 0), ("row", row)) if column == right else (("row", row), to_column)


def hidden_in_list(counts: Sequence[int], floor: int = FLOOR, *, has_total: bool = True) -> tuple[frozenset[int], bool]:
    """Which places of a list are hidden, and whether its total, where it is shown below it, is hidden too."""
    if not counts:
        return frozenset(), False
    found = hidden(Counts([[count] for count in counts], row_totals=False, column_totals=has_total), floor)
    return frozenset(row for row, _ in found if row < len(counts)), (len(counts), 0) in found


def is_small(count: int, floor: int = FLOOR) -> bool:
    """Whether so few people are behind a count that it must not be shown."""
    return 0 < count < floor


def hidden(table: Counts, floor: int = FLOOR) -> frozenset[Cell]:
    """The cells to hide, totals among them."""
    small = {cell for cell, count in table.values.items() if table.is_shown(cell) and is_small(count, floor)}
    found = set(small)
    while open_ones := recoverable(table, found):
        found.add(_next(table, found, open_ones[0]))
    for cell in sorted(found - small, key=lambda one: -table.values[one]):
        found = _without(table, found, small, cell)
    return frozenset(found)


def _without(table: Counts, found: set[Cell], small: set[Cell], cell: Cell) -> set[Cell]:
    """What is hidden when this cell need not be after all, nor what only it hid; as it was where it must be."""
    fewer = found - {cell}
    while open_ones := set(recoverable(table, fewer)):
        if open_ones & small:
            return found
        fewer -= open_ones
    return fewer


def recoverable(table: Counts, hidden_cells: set[Cell] | frozenset[Cell]) -> list[Cell]:
    """The hidden cells that can be worked out: only one whole number of 0 or more fits what is shown.

    Exact: the tables that fit are whole-numbered flows, and a cell may differ in one of them if and only if a chain
    of other cells that are not known can make up for one more, or one less, in it.
    """
    unknown = hidden_cells | {cell for cell in table.values if not table.is_shown(cell)}
    return sorted(cell for cell in hidden_cells if not _may_differ(table, unknown, cell))


def _may_differ(table: Counts, unknown: set[Cell] | frozenset[Cell], cell: Cell) -> bool:
    start, end = table.ends(cell)
    steps = _steps(table, unknown - {cell})
    return _leads(steps, end, start) or (table.values[cell] > 0 and _leads(steps, start, end))


def _steps(table: Counts, cells: set[Cell] | frozenset[Cell]) -> dict[Node, set[Node]]:
    """Along each cell one can go one way (more in it), and the other (less) where it has any."""
    steps: dict[Node, set[Node]] = {}
    for cell in cells:
        start, end = table.ends(cell)
        steps.setdefault(start, set()).add(end)
        if table.values[cell] > 0:
            steps.setdefault(end, set()).add(start)
    return steps


def _leads(steps: dict[Node, set[Node]], start: Node, goal: Node) -> bool:
    seen, waiting = {start}, deque([start])
    while waiting:
        at = waiting.popleft()
        if at == goal:
            return True
        onward = steps.get(at, set()) - seen
        seen |= onward
        waiting.extend(onward)
    return False


def _next(table: Counts, found: set[Cell], cell: Cell) -> Cell:
    """The cell to hide beside this one: in its row or column, no total, the smallest that counts somebody."""
    shown = [one for one in table.values if one not in found and table.is_shown(one)]
    beside = [one for one in shown if one[0] == cell[0] or one[1] == cell[1]]
    return min(beside or shown, key=lambda one: (_is_total(table, one), table.values[one] == 0, table.values[one], one))


def _is_total(table: Counts, cell: Cell) -> bool:
    return cell[0] == table.corner[0] or cell[1] == table.corner[1]
