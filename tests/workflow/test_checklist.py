"""A letter's checklist: what we can fill in, what a person must, and that every shipped item has its words."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from storage.tables import Case, Head
from templates.writing import headings, ombudsman
from workflow import procedure as procedures
from workflow.checklist import (
    LetterIncomplete,
    When,
    escalation,
    filled,
    known_of,
    next_stage,
    ombudsmen,
    signpost_item,
    suggestions,
)
from workflow.standing import Outcome, Standing

HOUSING, NHS, ASC = "housing-ombudsman-code-2024", "nhs-asc-england-2009", "asc-england-2006"


def test_what_the_handler_writes_comes_before_what_we_know() -> None:
    (item,) = filled(("reason",), {"reason": "the surveyor is ill"}, {"reason": "something"})

    assert (item.text, item.heading) == ("the surveyor is ill", "Why we need longer")


def test_every_missing_item_is_named_at_once() -> None:
    with pytest.raises(LetterIncomplete) as caught:
        filled(("reasons", "remedy", "advocacy"), {"reasons": " \n"}, {})

    assert caught.value.missing == ("reasons", "remedy")
    assert "How" not in str(caught.value)
    assert "What will be done, by whom and by when" in str(caught.value)


def test_a_sentence_of_ours_whose_date_is_not_known_is_left_to_a_person() -> None:
    assert suggestions(("due_date",), {"{due}": ""}) == {"due_date": ""}
    assert suggestions(("due_date",), {"{due}": "Tuesday 6 January 2026"}) == {
        "due_date": "We will answer you by Tuesday 6 January 2026."
    }


@pytest.mark.parametrize("name", [HOUSING, NHS, ASC])
def test_every_item_of_every_shipped_letter_has_a_heading_and_a_question(name: str) -> None:
    rules = procedures.load(name)
    wanted = {item for letter in rules.letters for item in letter.must_contain}
    wanted |= {item for clock in rules.clocks for rule in clock.extensions for item in rule.must_contain}
    wanted |= set(rules.raw.get("on_exclusion", {}).get("must_contain", ()))

    lacking = [item for item in wanted if not {"heading", "ask"} <= set(headings().get(item, {}))]

    assert lacking == []


@pytest.mark.requirement("R300")
@pytest.mark.parametrize(
    ("name", "organisation", "body"),
    [
        (HOUSING, "housing-association", "housing-ombudsman"),
        (HOUSING, "council", "housing-ombudsman"),
        (NHS, "council", "lgsco"),
        (NHS, "nhs-trust", "phso"),
        (ASC, "council", "lgo"),
    ],
)
def test_each_procedure_names_the_ombudsman_who_looks_into_such_a_body(name: str, organisation: str, body: str) -> None:
    for when in get_args(When):
        assert ombudsmen(procedures.load(name), when, organisation) == ombudsman(body)[when]


@pytest.mark.parametrize(
    ("name", "stage", "then"),
    [(HOUSING, "s1", "s2"), (HOUSING, "s2", None), (ASC, "s1", "s2"), (ASC, "s2", "s3"), (NHS, "s1", None)],
)
def test_what_comes_after_a_stage_is_read_from_the_procedure(name: str, stage: str, then: str | None) -> None:
    rules = procedures.load(name)

    onward = next_stage(rules, rules.stage(stage))

    assert (onward.id if onward else None) == then
    words = escalation(rules, rules.stage(stage), "council")
    assert (onward.title in words) if onward else (words == ombudsmen(rules, "after_final", "council"))


@pytest.mark.parametrize(
    ("stage", "outcome", "says"),
    [
        ("s1", None, "once you have had our final answer"),
        ("s1", "refused", "This is our final decision. You can take it to the Housing Ombudsman now."),
        ("s1", "answered", "This is our final decision."),
        ("s2", "answered", "You have had our final answer. You can now ask the Housing Ombudsman"),
    ],
)
def test_who_is_told_of_the_ombudsman_hears_where_they_stand_with_us(
    stage: str, outcome: Outcome | None, says: str
) -> None:
    rules, now_there = procedures.load(HOUSING), standing(stage, outcome)

    (item,) = filled(
        (signpost_item(rules, now_there),), {}, known_of(case(), rules, now_there, [], organisation="council")
    )

    assert says in item.text


def test_one_heads_decision_is_said_in_words_and_its_reasons_need_no_heading() -> None:
    known = known_of(
        case(), procedures.load(HOUSING), standing("s1"), [head("Lift out of order", "upheld")], organisation="council"
    )

    assert known["decision"] == "Lift out of order\n\nWe agree with you (upheld)."
    assert known["reasons"] == "Because of Lift out of order"


def test_several_heads_each_have_their_own_reasons_and_remedies() -> None:
    heads = [head("The lift.", "partly_upheld"), head("The stairs", "settled_early")]

    known = known_of(case(), procedures.load(HOUSING), standing("s1"), heads, organisation="council")

    assert known["decision"] == (
        "The lift.\n\nWe agree with part of it (partly upheld).\n\nThe stairs\n\nSettled early."
    )
    assert known["reasons"] == "The lift:\nBecause of The lift.\n\nThe stairs:\nBecause of The stairs"
    assert known["remedy"] == "The lift:\nWe mend The lift.\n\nThe stairs:\nWe mend The stairs"


def case() -> Case:
    return Case(
        reference="RD-1",
        organisation_id=1,
        service_id=1,
        procedure=HOUSING,
        procedure_hash="",
        channel="email",
        received_at=datetime(2025, 12, 15, 9, tzinfo=UTC),
    )


def standing(stage: str, outcome: Outcome | None = None) -> Standing:
    return Standing(stage, "closed" if outcome else "open", outcome, (), (), (), ())


def head(text: str, outcome: str) -> Head:
    return Head(case_id=1, text=text, outcome=outcome, reasons=f"Because of {text}", remedy=f"We mend {text}")
