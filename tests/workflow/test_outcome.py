"""What the decisions on the heads of a complaint amount to."""

import pytest

from workflow import procedure as procedures
from workflow.outcome import is_well_founded, overall

KNOWN = procedures.load("asc-england-2006").outcomes


@pytest.mark.parametrize(
    ("heads", "whole"),
    [
        (["upheld"], "upheld"),
        (["upheld", "upheld"], "upheld"),
        (["upheld", "not_upheld"], "partly_upheld"),
        (["partly_upheld"], "partly_upheld"),
        (["upheld", "partly_upheld"], "partly_upheld"),
        (["not_upheld", "not_upheld"], "not_upheld"),
        (["upheld", "withdrawn"], "upheld"),
        (["withdrawn"], None),
        (["upheld", None], None),
        ([], None),
    ],
)
def test_a_complaint_is_upheld_in_all_in_part_or_not(heads: list[str | None], whole: str | None) -> None:
    assert overall(heads, KNOWN) == whole


def test_the_complaints_where_something_had_gone_wrong_can_be_counted() -> None:
    complaints = [["upheld"], ["not_upheld"], ["not_upheld", "partly_upheld"], ["withdrawn"]]

    wrong = [heads for heads in complaints if any(is_well_founded(head, KNOWN) for head in heads)]

    assert len(wrong) == 2


def test_a_procedure_without_its_own_word_for_it_is_read_by_name() -> None:
    known = procedures.load("housing-ombudsman-code-2024").outcomes

    assert [is_well_founded(str(one["id"]), known) for one in known] == [True, True, False]
