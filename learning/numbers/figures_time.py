"""Figures of time: acknowledged and answered by the rule and as promised, and how long complaints took."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import case, func
from sqlmodel import col, select

from learning.london_day import london_day
from learning.numbers.asking import Ask
from learning.numbers.behind import ACKNOWLEDGED, ANSWERED, NONE, duty_of
from learning.numbers.figure_table import HIDDEN, Column, Line, Table, Value, share
from learning.numbers.figure_words import name_of
from learning.numbers.figures_cases import COLUMNS, received_of, services_of, with_service
from learning.numbers.suppression import hidden_in_list
from storage.tables import Case, Deadline
from workflow import procedure as procedures
from workflow.working_days import calendar_for

Tallies = dict[tuple[str, str, str], int]  # key of a line, duty, kind of date and result -> how many dates
DATES = (("base", Deadline.base_due), ("due", Deadline.due), ("promised", Deadline.promised))
RESULTS = ("in_time", "late", "overdue", "waiting")
IN_TIME = (Column("all"), Column("in_time"), Column("late"), Column("overdue"), Column("waiting"),
           Column("share", "share", of=("all", "in_time", "late", "overdue", "waiting")))  # fmt: skip
WAYS = (Column("now"), Column("days", "days", of=("now",)), Column("working_days", "days", of=("now",)))
BY = (Column("received"), Column("acknowledged_share", "share"), Column("answered_share", "share"))


def in_time(ask: Ask) -> Table:
    """Dates to acknowledge and to answer, at every stage, of complaints received: by the rule, extended, promised."""
    found = _tallies(ask, None)
    lines = tuple(
        _line(found, duty, kind) for duty in (ACKNOWLEDGED, ANSWERED) for kind, _ in DATES if _has(found, duty, kind)
    )
    return Table("in_time", "received", IN_TIME, lines, cases="received", adds_up=True)


def in_time_by(ask: Ask, by: str) -> Table:
    """For each service, subject or channel: how many were received, and which part of their dates was kept."""
    found = _tallies(ask, by)
    numbers = received_of(ask, by)
    names = services_of(ask) if by == "service" else {}
    shares = [_shares(ask, found, list(numbers), duty) for duty in (ACKNOWLEDGED, ANSWERED)]
    lines = [
        Line(key, names.get(key) or name_of(by, key), (numbers[key], *(share_of[key] for share_of in shares)))
        for key in numbers
    ]
    columns = tuple(Column(one.id, one.unit, of=("received",) if one.unit == "share" else ()) for one in BY)
    return Table(f"in_time_by_{by}", "received", columns, tuple(sorted(lines, key=lambda line: line.name)),
                 cases="received", by=by)  # fmt: skip


def ways(ask: Ask) -> Table:
    """Complaints closed with an answer: at the first of several stages (early resolution), or after a closer look."""
    took: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    calendar = calendar_for(ask.scope.nation)
    for procedure, stage, received, closed, number in _spans(ask):
        days = (closed - received).days
        took[way_of(procedure, stage)].append((number, days, calendar.between(received, closed)))
    lines = tuple(_way(way, took[way]) for way in ("early", "closer"))
    return Table("ways", "closed", WAYS, lines, cases="closed", total_elsewhere=True)  # how complaints ended: answered


def way_of(procedure: str, stage: str) -> str:
    """`early` where the answer came at the first of a procedure's several stages; else `closer`."""
    worked = procedures.load(procedure).worked_stages
    return "early" if len(worked) > 1 and stage == worked[0].id else "closer"


def late_answers(ask: Ask) -> dict[str, tuple[int, int]]:
    """For each service: how many answers came late or are overdue, and how many were due."""
    found = _tallies(ask, "service")
    keys = {key for key, duty, _ in found if duty == ANSWERED}
    return {key: (sum(_of(found, key, ANSWERED, ("late", "overdue"))),
                  sum(_of(found, key, ANSWERED, ("in_time", "late", "overdue")))) for key in keys}  # fmt: skip


def _line(found: Tallies, duty: str, kind: str) -> Line:
    counts = [found.get(("all", duty, f"{kind}:{result}"), 0) for result in RESULTS]
    kept, *missed = counts[:3]
    return Line(f"{duty}-{kind}", name_of("in_time", f"{duty}_{kind}"),
                (sum(counts), *counts, share(kept, kept + sum(missed))))  # fmt: skip


def _has(found: Tallies, duty: str, kind: str) -> bool:
    return kind != "promised" or any(found.get(("all", duty, f"promised:{result}")) for result in RESULTS)


def _shares(ask: Ask, found: Tallies, keys: list[str], duty: str) -> dict[str, Value]:
    """The share of each that was kept; for readers from outside, none that tells a small number kept or missed."""
    kept = [sum(_of(found, key, duty, ("in_time",))) for key in keys]
    missed = [sum(_of(found, key, duty, ("late", "overdue"))) for key in keys]
    told = [share(one, one + other) for one, other in zip(kept, missed, strict=True)]
    if not ask.scope.is_seen_from_outside:
        return dict(zip(keys, told, strict=True))
    secret = hidden_in_list(kept)[0] | hidden_in_list(missed)[0]
    return {key: HIDDEN if at in secret else told[at] for at, key in enumerate(keys)}


def _of(found: Tallies, key: str, duty: str, results: Iterable[str]) -> list[int]:
    return [found.get((key, duty, f"due:{result}"), 0) for result in results]


def _tallies(ask: Ask, by: str | None) -> Tallies:
    """Each date that was given, by what became of it; without `by`, all together."""
    each = ask.once(("dates", by or "service"), lambda: _counted(ask, by or "service"))
    if by:
        return each
    found: Tallies = defaultdict(int)
    for (_, duty, result), number in each.items():
        found["all", duty, result] += number
    return found


def _counted(ask: Ask, by: str) -> Tallies:
    """Counted in the database, for all three kinds of date at once."""
    key: Any = COLUMNS[by]
    results = [_result(ask, column).label(name) for name, column in DATES]
    query = (
        select(key, Case.procedure, Deadline.clock, *results, func.count())  # type: ignore[call-overload]  # seven columns: four are typed
        .select_from(Case)
        .join(Deadline, col(Deadline.case_id) == Case.id)
        .where(*ask.counting("received"))
        .group_by(key, Case.procedure, Deadline.clock, *results)
    )
    found: Tallies = defaultdict(int)
    for one, procedure, clock, *became, number in ask.session.exec(with_service(query, by)):
        duty = duty_of(procedure, clock)
        for (kind, _), result in zip(DATES, became, strict=True):
            if duty and result:
                found[_key(one), duty, f"{kind}:{result}"] += number
    return found


def _key(value: object) -> str:
    return NONE if value is None else str(value)


def _result(ask: Ask, due: Any) -> Any:
    """What became of a date; NULL where there was none, or the duty ended unmet as when someone withdrew."""
    met_on = london_day(Deadline.met_at)
    return case(
        (due.is_(None), None),
        (met_on <= due, "in_time"),
        (met_on > due, "late"),
        (col(Deadline.state) == "stopped", None),
        (due < ask.today, "overdue"),
        else_="waiting",
    )


def _spans(ask: Ask) -> list[tuple[Any, ...]]:
    """Procedure, stage, the London days of receipt and of closing, and how many complaints share all four."""
    days = london_day(Case.received_at), london_day(Case.closed_at)
    query = (
        select(Case.procedure, Case.stage, *days, func.count())  # type: ignore[call-overload]  # five columns: four are typed
        .where(*ask.counting("closed"), Case.outcome == "answered")
        .group_by(Case.procedure, Case.stage, *days)
    )
    return list(ask.session.exec(query))


def _way(way: str, took: list[tuple[int, int, int]]) -> Line:
    number = sum(one[0] for one in took)
    means = (round(sum(one[0] * one[at] for one in took) / number, 1) if number else None for at in (1, 2))
    return Line(way, name_of("way", way), (number, *means))
