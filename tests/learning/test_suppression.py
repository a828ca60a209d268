"""Small numbers are hidden, and nobody can work them out from what is shown."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from learning.numbers.suppression import Counts, hidden, hidden_in_list, is_small, recoverable

TABLES = some.integers(1, 4).flatmap(
    lambda width: some.lists(some.lists(some.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=4)
)


def test_a_small_count_is_hidden_with_another_so_that_the_total_does_not_tell() -> None:
    hidden_rows, is_total_hidden = hidden_in_list([40, 3, 25], floor=8)

    assert (hidden_rows, is_total_hidden) == (frozenset({1, 2}), False)


def test_nothing_is_hidden_where_every_count_is_large_or_nobody() -> None:
    assert hidden_in_list([40, 0, 8], floor=8) == (frozenset(), False)


def test_two_small_counts_hide_each_other() -> None:
    assert hidden_in_list([40, 3, 2], floor=8) == (frozenset({1, 2}), False)


def test_where_all_together_are_few_the_total_is_hidden_too() -> None:
    assert hidden_in_list([3, 0, 2], floor=8) == (frozenset({0, 2}), True)


def test_an_empty_list_hides_nothing() -> None:
    assert hidden_in_list([]) == (frozenset(), False)


def test_one_hidden_cell_of_a_table_with_totals_takes_three_more() -> None:
    found = hidden(Counts([[20, 3, 9], [30, 40, 50], [10, 11, 12]]), floor=8)

    assert (0, 1) in found
    assert len(found) == 4


def test_a_single_hidden_cell_is_worked_out_from_its_total() -> None:
    assert recoverable(Counts([[20], [3]], row_totals=False), {(1, 0)}) == [(1, 0)]


def test_two_zeros_hidden_beside_each_other_are_worked_out() -> None:
    assert recoverable(Counts([[0], [0], [9]], row_totals=False), {(0, 0), (1, 0)}) == [(0, 0), (1, 0)]


@given(TABLES, some.booleans(), some.booleans(), some.integers(2, 10))
def test_no_hidden_cell_can_be_worked_out(rows: list[list[int]], across: bool, down: bool, floor: int) -> None:
    table = Counts(rows, row_totals=across, column_totals=down)

    found = hidden(table, floor)

    assert recoverable(table, found) == []
    assert all(cell in found for cell, n in table.values.items() if table.is_shown(cell) and is_small(n, floor))


@settings(max_examples=60)
@given(some.lists(some.lists(some.integers(0, 3), min_size=2, max_size=2), min_size=2, max_size=2), some.data())
def test_what_can_be_worked_out_is_what_is_the_same_in_every_table_that_fits(
    rows: list[list[int]], data: some.DataObject
) -> None:
    table = Counts(rows)
    hidden_cells = frozenset(data.draw(some.sets(some.sampled_from([(0, 0), (0, 1), (1, 0), (1, 1)]))))

    fitting = [other for values in product(range(7), repeat=4) if _fits(other := Counts([values[:2], values[2:]]),
               table, hidden_cells)]  # fmt: skip

    same = [cell for cell in hidden_cells if len({other.values[cell] for other in fitting}) == 1]
    assert recoverable(table, hidden_cells) == sorted(same)


def _fits(other: Counts, table: Counts, hidden_cells: frozenset[tuple[int, int]]) -> bool:
    return all(other.values[cell] == count for cell, count in table.values.items() if cell not in hidden_cells)


@pytest.mark.parametrize("counts", [[1], [7, 7], [1, 1, 1, 1, 1, 1, 1, 1, 1], [9, 1], [0, 1, 100]])
def test_lists_are_safe_at_their_edges(counts: list[int]) -> None:
    table = Counts([[count] for count in counts], row_totals=False)

    assert recoverable(table, hidden(table)) == []
