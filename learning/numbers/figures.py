"""Every figure of a quarter, month or other time: one visible table of them, counted in the database."""

from collections.abc import Callable, Sequence
from typing import Any

from learning.numbers import figures_beyond, figures_cases, figures_expectations, figures_time, months
from learning.numbers.asking import Ask
from learning.numbers.figure_table import Table, with_small_numbers_hidden

TABLES: tuple[Callable[[Ask], Table | list[Table]], ...] = (
    figures_cases.received_by_service,
    figures_cases.received_by_channel,
    figures_cases.received_by_subject,
    figures_cases.received_by_severity,
    figures_time.in_time,
    lambda ask: figures_time.in_time_by(ask, "service"),
    figures_time.ways,
    figures_cases.closed_by_ending,
    figures_cases.decisions,
    figures_cases.remedies,
    figures_beyond.ombudsman,
    figures_beyond.recommendations,
    figures_beyond.plans,
    figures_beyond.feedback,
    figures_expectations.expectations,
    figures_beyond.equality,
    figures_beyond.other_insight,
)


def gather(ask: Ask) -> list[Table]:
    """All tables in the order of the digest, small numbers hidden where their reader must not see them."""
    found = _made(ask)
    if ask.has_months_beside:
        return months.agreeing(ask, found, _made)
    return found


def _made(ask: Ask) -> list[Table]:
    """What this period by itself may show to this reader."""
    found: list[Table] = []
    for make in TABLES:
        made = make(ask)
        found += made if isinstance(made, list) else [made]
    return [_for_reader(ask, table) for table in found]


def by(ask: Ask, what: str) -> Table:
    """Complaints received, and how many of their dates were kept, by service, subject or channel."""
    return figures_time.in_time_by(ask, what)


def as_data(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """The figures for other programs: shares from 0 to 1, money in pence, times in days; `*` where it is hidden."""
    return [
        {
            "table": table.id,
            "counts": table.counts,
            "lines": [_data(table, line.key, line.name, line.values) for line in table.lines],
            "total": _data(table, "all", "", table.total.values) if table.total else None,
        }
        for table in tables
    ]


def _for_reader(ask: Ask, table: Table) -> Table:
    """Numbers of people are never small to anybody; those of cases not to readers of other bodies."""
    if table.about == "people" or (table.about == "cases" and ask.scope.is_seen_from_outside):
        return with_small_numbers_hidden(table)
    return table


def _data(table: Table, key: str, name: str, values: Sequence[Any]) -> dict[str, Any]:
    return {"key": key, "name": name} | dict(zip((column.id for column in table.columns), values, strict=True))
