"""Tables of figures as people see them: words, formatted numbers, and the way to the cases behind each line."""

from collections.abc import Sequence
from dataclasses import dataclass

from learning.numbers.figure_table import HIDDEN, Line, Table, Unit, Value
from learning.numbers.figure_words import column_of, counts_of, definition_of, title_of
from learning.quarters import Period, short

MISSED = {"acknowledged-due": "acknowledged-late", "answered-due": "answered-late"}  # lines of the table of dates


@dataclass(frozen=True)
class Row:
    """One line; `path` leads to the cases behind it."""

    name: str
    cells: Sequence[str]
    path: str = ""


@dataclass(frozen=True)
class Sheet:
    """One table."""

    id: str
    title: str
    counts: str
    definition: str
    heads: Sequence[str]
    rows: Sequence[Row]
    total: Row | None
    is_empty: bool
    has_hidden: bool


def sheet(table: Table, period: Period) -> Sheet:
    """A table with its words."""
    names = {"period": short(period), "before": short(period.before), "year_before": short(period.a_year_before)}
    units = [column.unit for column in table.columns]
    return Sheet(
        table.id,
        title_of(table.id),
        counts_of(table.counts),
        definition_of(table.id),
        [column_of(column.id, names) for column in table.columns],
        [Row(line.name, _cells(line, units), _path(table, line, period)) for line in table.lines],
        Row("", _cells(table.total, units), _all(table, period)) if table.total else None,
        table.is_empty,
        table.has_hidden,
    )


def shown(value: Value, unit: Unit) -> str:
    """A number as a person reads it: 1,234; 87%; 12.3; £1,234.50. A dash where there is nothing to count."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return HIDDEN
    return {"count": f"{value:,}", "share": f"{value:.0%}", "days": f"{value:.1f}", "pence": f"£{value / 100:,.2f}"}[
        unit
    ]


def _cells(line: Line, units: Sequence[Unit]) -> list[str]:
    return [shown(value, unit) for value, unit in zip(line.values, units, strict=True)]


def _path(table: Table, line: Line, period: Period) -> str:
    """The cases behind a line; no way to them where there are none, or where their number is hidden."""
    missed = MISSED.get(line.key) if table.id == "in_time" else None
    if missed:
        return f"/desk/leader/{period.name}/cases/{missed}/all/all"
    if not table.cases or table.by == "all" or line.values[0] in (0, None, HIDDEN):
        return _all(table, period) if line.key == table.cases else ""
    return f"/desk/leader/{period.name}/cases/{table.cases}/{table.by}/{line.key}"


def _all(table: Table, period: Period) -> str:
    return f"/desk/leader/{period.name}/cases/{table.cases}/all/all" if table.cases else ""
