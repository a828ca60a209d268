"""Whoever has the months and their quarter from another body can't work out a small number from all of them."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Engine
from sqlmodel import select

from learning.leading import digest
from learning.leading.first_screen import questions
from learning.numbers import figures
from learning.numbers.figure_table import HIDDEN, Column, Line, Table, totalled, with_small_numbers_hidden
from learning.numbers.months import may_be_shown, without
from learning.numbers.suppression import FLOOR, Counts, recoverable
from learning.quarters import parse
from storage.database import reading
from storage.tables import Organisation, Staff
from tests.learning.quarter import Quarter, quarter
from tests.town import town

MONTHS = ("2026-07", "2026-08", "2026-09")
COUNTS = some.integers(1, 5).flatmap(
    lambda height: some.lists(
        some.lists(some.integers(0, 25), min_size=3, max_size=3), min_size=height, max_size=height
    )
)


@pytest.fixture
def homes(engine: Engine) -> Quarter:
    """The housing association on 14 October 2026."""
    return quarter(town(engine, "2026-10-14"))


@pytest.fixture
def dee(homes: Quarter) -> Staff:
    """A leader of the department that oversees it, which gets the digest of every month."""
    department = Organisation(slug="ministry", name="Ministry", kind="department", digest_every="month")
    homes.keep(department)
    dee = Staff(organisation_id=department.id or 0, email="dee@town.example", name="Dee", role="leader")
    with reading(homes.town.engine) as session:
        body = session.get_one(Organisation, homes.homes)
    body.parent_id = department.id
    homes.keep(body, dee)
    return dee


def table(rows: list[int]) -> Table:
    lines = tuple(Line(f"line{at}", "", (count,)) for at, count in enumerate(rows))
    return Table("one", "received", (Column("number"),), lines, totalled(lines))


def shown(homes: Quarter, dee: Staff, period: str, table_id: str = "received_by_subject") -> dict[str, Any]:
    with homes.asking(period, who=dee) as ask:
        found = next(one for one in figures.gather(ask) if one.id == table_id)
    return {line.key: line.values for line in (*found.lines, *([found.total] if found.total else []))}


@given(COUNTS)
def test_no_small_number_can_be_worked_out_from_the_months_and_their_quarter(counts: list[list[int]]) -> None:
    months = [with_small_numbers_hidden(table([row[at] for row in counts])) for at in range(3)]
    hidden = {("one", "number", name): _hidden(one) for name, one in zip(MONTHS, months, strict=True)}

    found = without(with_small_numbers_hidden(table([sum(row) for row in counts])), _Asked(), hidden)  # type: ignore[arg-type]  # of an Ask only its periods are looked at

    together = Counts(counts)
    cells = {(row, at) for at, one in enumerate((*months, found)) for row in range(len(counts) + 1)
             if _values(one)[row] == HIDDEN}  # fmt: skip
    known = recoverable(together, cells)
    assert [cell for cell in known if 0 < together.values[cell] < FLOOR] == []


def test_a_month_of_few_is_hidden_in_its_quarter_too_for_who_gets_both(homes: Quarter, dee: Staff) -> None:
    for day, delay, conduct in (("2026-07-06", 10, 20), ("2026-08-03", 12, 20), ("2026-09-07", 3, 20)):
        homes.complaints(delay, day, subject="delay")
        homes.complaints(conduct, day, subject="conduct")

    months, whole = [shown(homes, dee, name) for name in MONTHS], shown(homes, dee, "2026Q2")

    assert [month["delay"][0] for month in months] == [10, 12, HIDDEN]
    assert whole["delay"][0] == HIDDEN  # 25, from which 10 and 12 would leave 3
    assert (whole["all"][0], whole["conduct"][0]) == (85, HIDDEN)


def test_a_share_that_a_month_hides_is_hidden_in_its_quarter_too(homes: Quarter, dee: Staff) -> None:
    for month, late in (("2026-07", 12), ("2026-08", 12), ("2026-09", 3)):
        homes.complaints(20, f"{month}-06", due=f"{month}-13", acknowledged=f"{month}-10")
        homes.complaints(late, f"{month}-06", due=f"{month}-13", acknowledged=f"{month}-20")

    months = [shown(homes, dee, name, "in_time_by_service")["repairs"] for name in MONTHS]
    whole = shown(homes, dee, "2026Q2", "in_time_by_service")["repairs"]

    assert [values[:2] for values in months] == [(32, 20 / 32), (32, 20 / 32), (23, HIDDEN)]
    assert whole[:2] == (87, HIDDEN)  # 69 %, from which 63 % of 32 and of 32 would leave 3


def test_who_gets_quarters_alone_is_shown_the_quarter_and_no_month(homes: Quarter, dee: Staff) -> None:
    with reading(homes.town.engine) as session:
        ministry = session.exec(select(Organisation).where(Organisation.slug == "ministry")).one()
    ministry.digest_every = None
    homes.keep(ministry)
    homes.complaints(22, "2026-08-03", subject="delay")
    homes.complaints(3, "2026-09-07", subject="delay")

    with homes.asking("2026-09", who=dee) as ask:
        may = may_be_shown(ask)

    assert not may
    assert shown(homes, dee, "2026Q2")["delay"][0] == 25


def test_the_quarter_before_and_the_year_before_agree_with_their_months_too(homes: Quarter, dee: Staff) -> None:
    for year, month in product(("2025", "2026"), ("04", "05", "06")):
        homes.complaints(3 if month == "06" else 20, f"{year}-{month}-08", subject="delay")
        homes.complaints(20, f"{year}-{month}-08", subject="conduct")

    before, a_year_before = shown(homes, dee, "2026Q2")["delay"][1], shown(homes, dee, "2026Q1")["delay"][2]

    assert (before, a_year_before) == (HIDDEN, HIDDEN)


def test_a_month_hides_the_same_wherever_it_is_compared_with(homes: Quarter, dee: Staff) -> None:
    for subject, number in (("delay", 3), ("conduct", 9), ("charges", 9)):
        homes.complaints(number, "2026-07-06", subject=subject)
    homes.complaints(30, "2026-08-03", subject="charges")

    own, later = shown(homes, dee, "2026-07"), shown(homes, dee, "2026-08")

    assert {key: values[0] for key, values in own.items()} == {key: values[1] for key, values in later.items()}


def test_neither_a_picture_nor_a_question_tells_the_number(homes: Quarter, dee: Staff) -> None:
    for day, number in (("2026-07-06", 20), ("2026-08-03", 20), ("2026-09-07", 3)):
        homes.complaints(number, day, subject="delay")

    with homes.asking("2026Q2", who=dee) as ask:
        over_time = dict(digest.gather(ask).over_time)
        asked = [one.text for one in questions(ask) if one.key.startswith(("subject-", "late-"))]

    assert "Jul to Sep 2026" not in over_time
    assert [text for text in asked if any(sign.isdigit() for sign in text)] == []


class _Asked:
    """July to September 2026."""

    period = parse("2026Q2")
    periods = (period, period.before, period.a_year_before)


def _values(one: Table) -> list[object]:
    assert one.total
    return [line.values[0] for line in (*one.lines, replace(one.total))]


def _hidden(one: Table) -> set[str]:
    keys = [*(line.key for line in one.lines), "all"]
    return {key for key, value in zip(keys, _values(one), strict=True) if value == HIDDEN}
