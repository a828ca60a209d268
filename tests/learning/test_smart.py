"""What a plan still lacks before it can be agreed, element by element, in plain words."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from learning.plan import smart
from learning.plan.smart import Owner
from storage.tables import Action, ActionPlan
from tests.learning.academy import ACTION, PLAN

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
TODAY = date(2026, 1, 5)
HERE = Owner("Hana", is_active=True)
DATES = ("starts", "completes", "review_on", "check_on", "audit_on")


def action(**changed: Any) -> Action:
    """An action that lacks nothing, but for what is changed."""
    said: dict[str, Any] = {**ACTION, **changed}
    given = {name: value for name, value in said.items() if name != "owner"}
    for name in DATES:
        given[name] = date.fromisoformat(given[name]) if given[name] else None
    return Action(plan_id=1, organisation_id=1, service_id=1, **given)


def lacks(owner: Owner | None = HERE, **changed: str) -> list[str]:
    return [one.field for one in smart.of_action(action(**changed), owner, TODAY)]


@pytest.mark.requirement("R006")
def test_an_action_with_all_nine_elements_that_is_smart_lacks_nothing() -> None:
    assert lacks() == []


@pytest.mark.requirement("R099", "R101", "R102", "R103", "R104", "R105", "R106", "R107")
@pytest.mark.parametrize("name", [name for name in ACTION if name != "owner"])
def test_each_element_that_is_left_empty_is_missed_by_name(name: str) -> None:
    found = smart.of_action(action(**{name: ""}), HERE, TODAY)

    assert [one.field for one in found] == [name]
    assert found[0].words.startswith("Element ")


@pytest.mark.requirement("R100")
def test_a_person_or_a_team_must_be_named() -> None:
    assert lacks(None) == ["owner"]
    assert lacks(None, team="Night team") == []


def test_somebody_whose_account_is_closed_can_not_answer_for_it() -> None:
    (found,) = smart.of_action(action(), Owner("Ravi", is_active=False), TODAY)

    assert found.words == "Element 2: name another person. The account of Ravi is closed"


@pytest.mark.parametrize("what", ["Consider a better list of visits", "Remind staff to look at the list",
                                  "We will be more careful with visits"])  # fmt: skip
def test_what_changes_nothing_is_not_specific(what: str) -> None:
    assert lacks(what=what) == ["what"]


def test_two_words_are_not_specific() -> None:
    assert lacks(what="Check visits") == ["what"]


@pytest.mark.parametrize(
    ("target", "missing"),
    [("10 of 10", []), ("None", []), ("Every visit", []), ("better", ["target"]), ("3 of 10", ["target"])],
)
def test_a_target_can_be_counted_and_differs_from_where_it_stands_now(target: str, missing: list[str]) -> None:
    assert lacks(target=target) == missing


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"completes": "2026-01-11", "review_on": "2026-01-12"}, ["completes"]),
        ({"review_on": "2026-01-09"}, ["review_on"]),
        ({"review_on": "2026-02-28"}, ["review_on"]),
        ({"review_on": "2026-02-27"}, []),
        ({"check_on": "2026-02-26"}, ["check_on"]),
        ({"check_on": "2026-02-27"}, []),
        ({"audit_on": "2026-03-06"}, ["audit_on"]),
        ({"starts": "2025-11-03", "review_on": "2025-12-01", "completes": "2026-01-04"}, ["completes"]),
        ({"starts": "2025-11-03", "review_on": "2025-12-01", "completes": "2026-01-05"}, []),
    ],
)
def test_dates_are_in_order_and_the_end_is_not_past(changed: dict[str, str], missing: list[str]) -> None:
    assert lacks(HERE, **changed) == missing


def test_what_is_missing_is_told_in_the_order_of_the_elements() -> None:
    found = smart.of_action(Action(plan_id=1, organisation_id=1, service_id=1), None, TODAY)

    assert [one.element for one in found] == sorted(one.element for one in found)
    assert {one.element for one in found} == set(range(1, 10))


@pytest.mark.requirement("R093", "R094")
def test_a_plan_says_how_it_is_put_right_for_the_person_and_how_the_learning_lasts() -> None:
    bare = ActionPlan(lesson_id=1, drafted_at=NOW)
    full = ActionPlan(lesson_id=1, drafted_at=NOW, put_right=PLAN["put_right"], embedded_when=PLAN["embedded_when"])

    missing = [one.field for one in smart.of_plan(bare, [action()], HERE)]

    assert missing == ["put_right", "embedded_when"]
    assert smart.of_plan(full, [action()], HERE) == []
    assert [one.field for one in smart.of_plan(full, [], None)] == ["actions", "owner"]
