"""A letter's checklist: what we can fill in, what a person must, and that every shipped item has its words."""

import pytest

from templates.writing import headings, ombudsman
from workflow import procedure as procedures
from workflow.checklist import LetterIncomplete, escalation, filled, next_stage, ombudsmen, suggestions

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


@pytest.mark.requirement("R185", "R300")
@pytest.mark.parametrize(("name", "bodies"), [(HOUSING, ["housing-ombudsman"]), (NHS, ["lgsco"]), (ASC, ["lgo"])])
def test_each_procedure_names_its_own_ombudsman(name: str, bodies: list[str]) -> None:
    assert ombudsmen(procedures.load(name)) == "\n\n".join(ombudsman(body)["text"] for body in bodies)


@pytest.mark.parametrize(
    ("name", "stage", "then"),
    [(HOUSING, "s1", "s2"), (HOUSING, "s2", None), (ASC, "s1", "s2"), (ASC, "s2", "s3"), (NHS, "s1", None)],
)
def test_what_comes_after_a_stage_is_read_from_the_procedure(name: str, stage: str, then: str | None) -> None:
    rules = procedures.load(name)

    onward = next_stage(rules, rules.stage(stage))

    assert (onward.id if onward else None) == then
    words = escalation(rules, rules.stage(stage))
    assert (onward.title in words) if onward else (words == ombudsmen(rules))
