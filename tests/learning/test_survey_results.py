"""What surveys found is shown only in sums of enough people's answers, from which no fewer can be worked out."""

from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Engine
from sqlmodel import Session

from learning.feedback.survey_items import bank, items_for, pillars
from learning.feedback.survey_release import Tally, released
from learning.feedback.survey_results import Results, results
from storage.database import reading, writing
from storage.tables import Organisation, Service, SurveyAnswer

SPRING, SUMMER = (date(2026, 4, 1), date(2026, 7, 1)), (date(2026, 7, 1), date(2026, 10, 1))


def tally(answers: int, service: int | None = 1, quarter: str = "2026Q1", item: str = "easy") -> Tally:
    return Tally("complainant", 1, service, quarter, item, agree=answers)


@pytest.fixture
def session(engine: Engine) -> Session:
    """A body with two services."""
    with writing(engine) as there:
        there.add(Organisation(id=1, slug="town", name="Town"))
        there.flush()
        there.add(Service(id=1, organisation_id=1, slug="a", name="A", procedure="nhs-asc-england-2009"))
        there.add(Service(id=2, organisation_id=1, slug="b", name="B", procedure="nhs-asc-england-2009"))
    return Session(engine)


def answer(session: Session, people: int, said: str = "agree", *, service: int = 1, quarter: str = "2026Q1",
           group: str = "complainant", items: tuple[str, ...] = ("easy",)) -> None:  # fmt: skip
    answers: dict[str, Any] = dict.fromkeys(items, said)
    with writing(session.get_bind()) as there:  # type: ignore[arg-type]  # it was made with an engine
        there.add_all(
            SurveyAnswer(grp=group, organisation_id=1, service_id=service, quarter=quarter, answers=answers)
            for _ in range(people)
        )


def found(session: Session, start: date = SPRING[0], end: date = SPRING[1], floor: int = 10) -> Results:
    with reading(session.get_bind()) as there:  # type: ignore[arg-type]  # it was made with an engine
        return results(there, [1], start, end, floor)


@pytest.mark.requirement("R018", "R020", "R063")
def test_what_people_who_complained_say_is_counted_against_each_expectation(session: Session) -> None:
    answer(session, 8, items=("easy", "handling"))
    answer(session, 4, "strongly_disagree", items=("easy", "outcome"))

    easy, *others = found(session).of("complainant", item="easy")

    assert (easy.agree, easy.disagree, easy.answers) == (8, 4, 12)
    assert easy.expectation == "received_openly"
    assert easy.share == pytest.approx(8 / 12)
    assert others == []


@pytest.mark.requirement("R264", "R241")
def test_handling_and_outcome_are_never_in_one_figure(session: Session) -> None:
    answer(session, 12, items=("handling",))
    answer(session, 12, "disagree", items=("outcome",))

    told = {(one.about, one.agree, one.disagree) for one in found(session).of("complainant", item=None)}

    assert told == {("handling", 12, 0), ("outcome", 0, 12)}


def test_nine_answers_are_not_shown_and_ten_are(session: Session) -> None:
    answer(session, 9)
    before = found(session).figures
    answer(session, 1)

    assert before == ()
    assert found(session).of("complainant", item="easy")[0].answers == 10


def test_a_small_service_cannot_be_worked_out_from_the_total_of_its_body(session: Session) -> None:
    answer(session, 18, service=1)
    answer(session, 7, "disagree", service=2)

    figures = found(session).figures

    assert {one.service_id for one in figures} == {None, 1}
    assert {one.answers for one in figures} == {18}


def test_what_was_too_few_counts_with_later_quarters_once_it_is_enough(session: Session) -> None:
    answer(session, 7)
    answer(session, 6, quarter="2026Q2")

    assert found(session, *SPRING).figures == ()
    assert found(session, *SUMMER).of("complainant", item="easy")[0].answers == 13


def test_a_quarter_that_is_not_over_is_not_shown(session: Session) -> None:
    answer(session, 30)

    assert found(session, SPRING[0], date(2026, 6, 30)).figures == ()


def test_does_not_apply_is_no_answer(session: Session) -> None:
    answer(session, 9)
    answer(session, 5, "not_apply")

    assert found(session).figures == ()


def test_each_group_stands_by_itself(session: Session) -> None:
    answer(session, 9)
    answer(session, 9, group="supporter")

    assert found(session).figures == ()


@given(
    some.lists(
        some.tuples(some.integers(1, 25), some.sampled_from([None, 1, 2, 3]), some.sampled_from(["2026Q1", "2026Q2"])),
        max_size=12,
    ),
    some.integers(2, 12),
)
def test_whatever_sums_are_taken_from_each_other_what_is_left_is_nobody_or_enough(
    rows: list[tuple[int, int | None, str]], floor: int
) -> None:
    blocks = released([tally(*row) for row in rows], floor)

    assert all(block.answers >= floor for block in blocks)
    assert sum(block.answers for block in blocks) <= sum(row[0] for row in rows)
    sums = [sum(one.answers for one in some_of) for size in range(len(blocks) + 1)
            for some_of in combinations(blocks, size)]  # fmt: skip
    assert all(one == 0 or one >= floor for one in sums)


def test_every_item_measures_an_expectation_of_one_pillar() -> None:
    named = [one for expectations in pillars().values() for one in expectations]

    assert len(named) == len(set(named))
    assert {item.expectation for item in bank().values()} == set(named)
    assert {"easy", "open", "glad", "lessons", "handling", "outcome"} <= {one.id for one in items_for("complainant")}
    assert "recommendations" in {one.id for one in items_for("complaints_staff")}
