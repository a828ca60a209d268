"""Small numbers that other tables, other days or words would give away are hidden too."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from learning.leading import first_screen
from learning.numbers import figures, figures_beyond
from learning.numbers.asking import Ask
from learning.numbers.figure_table import HIDDEN, Table
from learning.scopes import scope_of
from storage.tables import EqualityAnswer, Insight, Organisation, Service, Staff
from tests.learning.quarter import RULE, Quarter, quarter
from tests.town import at, town

KEPT: dict[str, Any] = {"due": "2026-08-10", "acknowledged": "2026-08-05"}
MISSED: dict[str, Any] = {"due": "2026-08-10", "acknowledged": "2026-08-20"}


@pytest.fixture
def homes(engine: Engine) -> Quarter:
    """The housing association on 14 October 2026."""
    return quarter(town(engine, "2026-10-14"))


@pytest.fixture
def dee(homes: Quarter) -> Staff:
    """A leader of the department that oversees it."""
    department = Organisation(slug="ministry", name="Ministry", kind="department")
    homes.keep(department)
    dee = Staff(organisation_id=department.id or 0, email="dee@town.example", name="Dee", role="leader")
    with homes.asking() as ask:
        body = ask.session.get_one(Organisation, homes.homes)
        body.parent_id = department.id
    homes.keep(body, dee)
    return dee


def table_of(ask: Ask, id_: str) -> Table:
    return next(one for one in figures.gather(ask) if one.id == id_)


def equality_tables(homes: Quarter, period: str) -> list[Table]:
    with homes.asking(period) as ask:
        return figures_beyond.equality(ask)


def test_who_complains_is_told_of_whole_quarters_once_they_are_over(homes: Quarter) -> None:
    homes.keep(*(EqualityAnswer(organisation_id=homes.homes, service_id=homes.repairs, month=month,
                                answers={"age": "25-44"})
                 for month in (date(2026, 8, 1), date(2026, 10, 1)) for _ in range(9)))  # fmt: skip

    assert [one.values("number")[2] for one in equality_tables(homes, "2026Q2") if one.id == "equality_age"] == [9]
    assert equality_tables(homes, "2026Q3") == []  # each new answer could be told from yesterday's numbers
    assert equality_tables(homes, "2026-08") == []  # two months would tell what is hidden in the third


def test_a_share_does_not_tell_how_few_dates_were_missed(homes: Quarter, dee: Staff) -> None:
    homes.complaints(30, "2026-08-03", **KEPT)
    homes.complaints(2, "2026-08-03", **MISSED)

    with homes.asking() as ours, homes.asking(who=dee) as theirs:
        own, from_outside = (table_of(ask, "in_time_by_service").lines[0].values for ask in (ours, theirs))

    assert own == (32, 30 / 32, None)
    assert from_outside == (32, HIDDEN, None)


def test_neither_does_the_share_of_the_other_service(homes: Quarter, dee: Staff) -> None:
    other = Service(organisation_id=homes.homes, slug="lettings", name="Lettings", procedure=RULE)
    homes.keep(other)
    for service, missed in ((homes.repairs, 2), (other.id, 20)):
        homes.complaints(30, "2026-08-03", service=service, **KEPT)
        homes.complaints(missed, "2026-08-03", service=service, **MISSED)

    with homes.asking(who=dee) as ask:
        shares = table_of(ask, "in_time_by_service").values("acknowledged_share")

    assert shares[:2] == [HIDDEN, HIDDEN]


def test_how_many_were_answered_at_once_does_not_tell_how_few_were_not(homes: Quarter, dee: Staff) -> None:
    homes.complaints(20, "2026-07-06", closed="2026-08-03", stage="s1")
    homes.complaints(3, "2026-07-06", closed="2026-08-03", stage="s2")

    with homes.asking(who=dee) as ask:
        ways, endings = table_of(ask, "ways"), table_of(ask, "closed_by_ending")

    assert endings.values("now") == [23]
    assert ways.values("now") == [HIDDEN, HIDDEN]


def test_the_first_screen_says_to_others_without_numbers_what_is_few(homes: Quarter, dee: Staff) -> None:
    cases = homes.complaints(6, "2026-08-03", subject="delay", next_due=at("2026-09-01"), state="open")
    homes.action("Train everyone", "done", cases=tuple(cases[:2]), done_at=at("2026-09-01"))

    with homes.asking() as ours, homes.asking(who=dee) as theirs:
        own, from_outside = first_screen.first_screen(ours), first_screen.first_screen(theirs)

    assert "subject-delay" in [one.key for one in own.questions]
    assert [one.key for one in from_outside.questions if one.key.startswith("subject-")] == []
    assert own.late[0].text == "6 complaints have gone past their date and are still open"
    assert from_outside.late[0].text == "Fewer than 8 complaints have gone past their date and are still open"
    assert (own.changed[0].complaints, from_outside.changed[0].complaints) == (2, 0)


def test_who_does_not_lead_is_told_nothing_of_whistleblowers(homes: Quarter) -> None:
    homes.keep(Insight(kind="whistleblowing", on_day=date(2026, 8, 3), organisation_id=homes.homes, how_many=9,
                       entered_at=at("2026-08-03")))  # fmt: skip

    with homes.asking() as ask:
        scope = scope_of(ask.session, homes.olu)
        manager = Ask(ask.session, scope, ask.period, ask.now, leads=False)
        led, managed = figures_beyond.other_insight(ask), figures_beyond.other_insight(manager)

    assert [one.key for one in led.lines] == ["whistleblowing"]
    assert managed.lines == ()
