"""Figures of the complaints themselves: how many, about what, how they ended, what was decided and put right."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from learning.numbers.asking import Ask
from learning.numbers.behind import NONE
from learning.numbers.figure_table import Column, Line, Table, totalled
from learning.numbers.figure_words import name_of
from storage.tables import Case, Head, Service

COMPARED = (Column("now"), Column("before"), Column("year_before"))
Group = Mapping[str, int]


def received_by_service(ask: Ask) -> Table:
    return _compared(ask, "received_by_service", "received", "service", services_of(ask))


def received_by_channel(ask: Ask) -> Table:
    return _compared(ask, "received_by_channel", "received", "channel")


def received_by_subject(ask: Ask) -> Table:
    return _compared(ask, "received_by_subject", "received", "subject")


def received_by_severity(ask: Ask) -> Table:
    return _compared(ask, "received_by_severity", "received", "severity")


def closed_by_ending(ask: Ask) -> Table:
    return _compared(ask, "closed_by_ending", "closed", "ending")


def decisions(ask: Ask) -> Table:
    """Heads of complaint by their decision; of complaints that were closed in the period."""
    groups = [_heads(ask, at, col(Head.outcome)) for at in range(3)]
    lines = _lines(groups, lambda key: name_of("decision", key))
    return Table("decisions", "closed", COMPARED, lines, totalled(lines), cases="closed", by="decision")


def remedies(ask: Ask) -> Table:
    """Remedies by their kind, and what was paid, in pence; of complaints that were closed in the period."""
    query = (
        select(Head.remedy_kind, func.count(), func.coalesce(func.sum(Head.remedy_pence), 0))
        .join(Case, col(Head.case_id) == Case.id)
        .where(*ask.counting("closed"), col(Head.remedy_kind).is_not(None))
        .group_by(Head.remedy_kind)
        .order_by(func.count().desc(), col(Head.remedy_kind))
    )
    rows = ask.session.exec(query).all()
    lines = tuple(Line(kind or "", name_of("remedy", kind or ""), (n, int(pence or 0))) for kind, n, pence in rows)
    columns = (Column("now"), Column("money", "pence", of=("now",)))
    return Table("remedies", "closed", columns, lines, totalled(lines), cases="closed", by="remedy")


def received_of(ask: Ask, by: str, at: int = 0) -> Group:
    """How many complaints were received by service, channel, subject or severity; 1: before, 2: a year before."""
    return _cases(ask, at, "received", by)


def services_of(ask: Ask) -> dict[str, str]:
    """The services of the scope: short name, name."""
    query = select(Service.slug, Service.name).where(col(Service.id).in_(ask.scope.services))
    return dict(ask.session.exec(query.order_by(Service.name)).all())


def _compared(ask: Ask, id_: str, count: str, by: str, names: Mapping[str, str] | None = None) -> Table:
    groups = [_cases(ask, at, count, by) for at in range(3)]
    lines = _lines(groups, lambda key: (names or {}).get(key) or name_of(by, key), names or ())
    return Table(id_, count, COMPARED, lines, totalled(lines), cases=count, by=by)


def _lines(groups: list[Group], name: Callable[[str], str], always: Iterable[str] = ()) -> tuple[Line, ...]:
    """A line for each key of any period, the most frequent one first; what was not said comes last."""
    keys = {key: None for group in (dict.fromkeys(always, 0), *groups) for key in group}
    lines = [Line(key, name(key), tuple(group.get(key, 0) for group in groups)) for key in keys]
    return tuple(sorted(lines, key=lambda line: (line.key == NONE, [-int(n or 0) for n in line.values], line.name)))


def _cases(ask: Ask, at: int, count: str, by: str) -> Group:
    """By one of the columns: added up from groups by all of them, for which the cases are read but once."""
    columns = RECEIVED if count == "received" else CLOSED
    groups = ask.once((count, at), lambda: _groups(ask, at, count, columns))
    place, found = columns.index(by), Counter[str]()
    for *key, number in groups:
        found[NONE if key[place] is None else str(key[place])] += number
    return found


def _groups(ask: Ask, at: int, count: str, by: tuple[str, ...]) -> list[Any]:
    columns = [COLUMNS[one] for one in by]
    query: Any = select(*columns, func.count())  # type: ignore[call-overload]  # as many columns as are asked for
    query = query.select_from(Case).where(*ask.counting(count, ask.periods[at]))
    return list(ask.session.exec(with_service(query, by[0]).group_by(*columns)))


def with_service(query: Any, by: str | None) -> Any:
    """A query for cases, with their services where it parts by these."""
    return query.join(Service, col(Service.id) == Case.service_id) if by == "service" else query


def _heads(ask: Ask, at: int, column: Any) -> Group:
    query = select(column, func.count()).join(Case, col(Head.case_id) == Case.id)
    return _group(ask.session.exec(query.where(*ask.counting("closed", ask.periods[at])).group_by(column)).all())


def _group(rows: Iterable[Any]) -> Group:
    return {NONE if key is None else str(key): int(number) for key, number in rows}


RECEIVED, CLOSED = ("service", "channel", "subject", "severity"), ("ending",)
COLUMNS: Mapping[str, Any] = {
    "service": Service.slug,
    "channel": Case.channel,
    "subject": Case.subject,
    "severity": Case.severity,
    "ending": Case.outcome,
}
