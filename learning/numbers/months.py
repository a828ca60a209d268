"""Months beside their quarter, for readers from outside: what a month hides can't be had by taking the others away.

A cell of a quarter is hidden where the same cell of one of its months is. Whatever numbers fit the months' own tables
then fit the quarter's too, so a quarter tells no more of a month than that month's table does.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from learning.numbers.asking import Ask
from learning.numbers.figure_table import HIDDEN, Table, hiding
from learning.quarters import Period

COMPARED = ("now", "before", "year_before")  # columns that each are of another period
TOTAL = "all"
Hidden = Mapping[tuple[str, str, str], set[str]]  # by table, column and month: the keys of lines that are hidden


def may_be_shown(ask: Ask) -> bool:
    """Other bodies see months only where they get them, so that their quarters can be kept in agreement."""
    return ask.period.is_whole_quarters or not ask.scope.is_seen_from_outside or ask.scope.sees_months


def agreeing(ask: Ask, tables: Sequence[Table], make: Callable[[Ask], Sequence[Table]]) -> list[Table]:
    """The tables of quarters without what the tables of their months hide. `make` gives the tables of a month."""
    hidden: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for month in (*ask.period.months, *ask.period.before.months):
        of_month = ask.of(month)
        for table in make(of_month):
            for at, name, period in _columns(table, of_month):
                hidden[table.id, name, period.name] |= _hidden_in(table, at)
    return [without(table, ask, hidden) for table in tables]


def without(table: Table, ask: Ask, hidden: Hidden) -> Table:
    """The table of quarters, without the cells that one of their months hides."""
    rows = {line.key: row for row, line in enumerate(table.lines)} | {TOTAL: len(table.lines)}
    cells = {
        (rows[key], at)
        for at, name, period in _columns(table, ask)
        for month in period.months
        for key in hidden.get((table.id, name, month.name), ())
        if key in rows
    }
    return hiding(table, cells)


def _columns(table: Table, ask: Ask) -> Iterator[tuple[int, str, Period]]:
    """Each column: its place, what it counts or is a share of, and the period that it is of."""
    ids = tuple(column.id for column in table.columns)
    for at, column in enumerate(table.columns):
        is_compared = ids == COMPARED
        yield at, "now" if is_compared else column.id, ask.periods[at] if is_compared else ask.period


def _hidden_in(table: Table, at: int) -> set[str]:
    found = {line.key for line in table.lines if line.values[at] == HIDDEN}
    return found | ({TOTAL} if table.total and table.total.values[at] == HIDDEN else set())
