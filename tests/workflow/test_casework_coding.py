"""What a complaint is about and weighs, its remedies, and the question what was learnt."""

from typing import Any

import pytest
from sqlalchemy import Engine

from storage.tables import Event, Head, Task
from tests.town import Town, town
from workflow.casework import Refused


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine, "2026-01-05")


@pytest.fixture
def defined(here: Town) -> str:
    """A complaint about repairs that has been acknowledged."""
    reference = here.mail("There is damp in my bedroom.")
    assert reference
    here.do(reference, "assign", to="hana@town.example")
    here.do(reference, "acknowledge", complaint_definition="Damp.", outcomes_sought="A repair.",
            responsible_and_not_responsible="We are responsible for the wall.")  # fmt: skip
    here.send()
    return reference


def decide(here: Town, reference: str, outcome: str = "upheld", **given: str) -> None:
    said: dict[str, Any] = {"outcome": outcome, "reasons": "Nobody came.", "remedy": "An apology.", **given}
    here.do(reference, "decide", head="1", **said)


@pytest.mark.requirement("R055")
def test_subject_and_severity_are_kept_with_who_said_them(here: Town, defined: str) -> None:
    here.do(defined, "code", subject="property", severity="3", wider_implications="Other walls are wet too.")

    case, event = here.look(defined), here.all(Event, defined)[-1]
    assert (case.subject, case.severity) == ("property", 3)
    assert (event.name, event.by, event.because) == ("case.coded", "Hana", "Other walls are wet too.")


@pytest.mark.requirement("R353")
@pytest.mark.parametrize(("subject", "severity"), [("unheard of", "3"), ("property", "6"), ("property", "x")])
def test_only_a_subject_of_the_list_and_a_severity_from_one_to_five(
    here: Town, defined: str, subject: str, severity: str
) -> None:
    with pytest.raises(Refused):
        here.do(defined, "code", subject=subject, severity=severity)

    assert here.look(defined).subject is None


@pytest.mark.requirement("R051")
def test_the_remedy_is_kept_by_kind_and_amount(here: Town, defined: str) -> None:
    decide(here, defined, remedy_kind="payment", remedy_pounds="£1,250.50")

    head = here.all(Head, defined)[0]
    assert (head.remedy, head.remedy_kind, head.remedy_pence) == ("An apology.", "payment", 125050)
    assert here.all(Event, defined)[-1].by == "Hana"


@pytest.mark.parametrize(
    ("field", "given"),
    [("remedy_pounds", {"remedy_pounds": "a lot"}), ("remedy_pounds", {"remedy_pounds": "-5"}),
     ("remedy_kind", {"remedy_kind": "gold"})],
)  # fmt: skip
def test_a_remedy_that_is_none_is_refused(here: Town, defined: str, field: str, given: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        decide(here, defined, **given)

    assert refused.value.field == field
    assert here.all(Head, defined)[0].outcome is None


@pytest.mark.requirement("R098")
@pytest.mark.parametrize(("outcome", "asked"), [("upheld", ["what_was_learnt"]), ("not_upheld", [])])
def test_a_decision_that_finds_fault_asks_what_was_learnt(
    here: Town, defined: str, outcome: str, asked: list[str]
) -> None:
    decide(here, defined, outcome)

    assert here.tasks(defined) == asked


@pytest.mark.requirement("R056")
def test_what_went_wrong_in_dealing_with_a_complaint_is_kept_beside_what_it_was_about(here: Town, defined: str) -> None:
    decide(here, defined, "not_upheld")
    here.do(defined, "decide", head="Nobody rang back after she complained", outcome="upheld",
            reasons="The message was left on a desk.", remedy="An apology.")  # fmt: skip
    here.do(defined, "code", subject="complaint_handling", severity="2",
            wider_implications="Messages of complaints reach nobody on Fridays.")  # fmt: skip

    found, event = here.all(Head, defined), here.all(Event, defined)[-1]
    assert [(head.text, head.outcome) for head in found] == [
        ("Damp.", "not_upheld"), ("Nobody rang back after she complained", "upheld"),
    ]  # fmt: skip
    assert found[1].reasons == "The message was left on a desk."
    assert here.look(defined).subject == "complaint_handling"
    assert event.because == "Messages of complaints reach nobody on Fridays."


def test_it_asks_once_though_several_heads_were_upheld(here: Town, defined: str) -> None:
    decide(here, defined)
    here.do(defined, "decide", head="The reply came late", outcome="upheld", reasons="It did.")

    assert here.tasks(defined) == ["what_was_learnt"]


def test_nothing_new_needs_a_reason(here: Town, defined: str) -> None:
    decide(here, defined)

    with pytest.raises(Refused, match="why nothing new was learnt"):
        here.do(defined, "nothing_new", because="")
    assert here.tasks(defined) == ["what_was_learnt"]
    here.do(defined, "nothing_new", because="The lesson of May covers it.")

    event = here.all(Event, defined)[-1]
    assert here.tasks(defined) == []
    assert (event.name, event.because) == ("learning.nothing_new", "The lesson of May covers it.")


def test_the_question_is_not_finished_like_other_tasks(here: Town, defined: str) -> None:
    decide(here, defined)
    (task,) = [task for task in here.all(Task, defined) if task.kind == "what_was_learnt"]

    with pytest.raises(Refused, match="Write a lesson"):
        here.do(defined, "finish_task", task=str(task.id), because="Done.")


def test_nobody_is_asked_where_there_was_no_fault(here: Town, defined: str) -> None:
    assert here.may(defined, "nothing_new") == "Nobody asks what was learnt."
