"""Which clocks are counted for which duty."""

from learning.numbers.behind import ACKNOWLEDGED, ANSWERED, duty_of

HOUSING = "housing-ombudsman-code-2024"


def test_a_clock_is_counted_by_what_ends_it() -> None:
    assert duty_of(HOUSING, "s1.acknowledge") == ACKNOWLEDGED
    assert duty_of(HOUSING, "s2.respond") == ANSWERED


def test_the_alarm_of_an_urgent_case_is_of_no_procedure_and_counts_for_no_duty() -> None:
    assert duty_of(HOUSING, "safety.review") is None
