"""The verbs: what each does, who may do it, what is refused, and that a refused act leaves nothing behind."""

from typing import Any

import pytest

from storage.database import writing
from storage.tables import CaseRole, Event, Head, Letter, Message, Task
from tests.town import Town, at
from tests.workflow.acts import ITEMS, MINA, acknowledged, answered, kinds
from workflow import casework
from workflow.casework import VERBS, Refused
from workflow.casework.verbs import ChangedMeanwhile


@pytest.fixture
def damp(here: Town) -> str:
    reference = here.mail("There is damp in my bedroom.")
    assert reference
    return reference


WITH_JO: dict[str, Any] = {"with": "Jo"}


# Who may do what


def test_a_verb_that_does_not_exist_names_those_that_do(here: Town, damp: str) -> None:
    with pytest.raises(Refused, match="There is no verb 'fly'"):
        here.do(damp, "fly")


@pytest.mark.parametrize(
    ("verb", "given", "why"),
    [
        ("ask", {"question": "Which room?", "answer_by": "2025-12-01"}, "must not be past"),
        ("correct_receipt", {"date": "2024-03-31", "because": "a slip"}, "this procedure began on Monday 1 April 2024"),
    ],
)
def test_a_date_that_can_not_be_is_refused(here: Town, damp: str, verb: str, given: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        here.do(damp, verb, by=MINA, **given)


@pytest.mark.parametrize("verb", ["correct_receipt", "refuse"])
def test_a_handler_can_not_do_what_a_manager_must(here: Town, damp: str, verb: str) -> None:
    assert here.may(damp, verb) == "Only a manager or leader can do this."
    assert here.may(damp, verb, by=MINA) is None


def test_nobody_can_act_on_a_case_that_is_about_them(here: Town, damp: str) -> None:
    here.do(damp, "assign", to="hana@town.example")

    here.do(damp, "name_staff", by=MINA, who="hana@town.example", because="she names her")

    assert {here.may(damp, verb) for verb in VERBS} == {"This case is about you."}
    assert here.look(damp).handler_id is None
    assert here.tasks(damp) == ["assign"]
    assert here.events(damp)[-1] == "case.about_staff"
    assert [role for role in here.all(CaseRole, damp) if role.until is None] == []
    with pytest.raises(Refused, match="it is about them"):
        here.do(damp, "assign", by=MINA, to="hana@town.example")


def test_giving_it_to_somebody_else_does_the_task(here: Town, damp: str) -> None:
    here.do(damp, "name_staff", by=MINA, who="hana@town.example")

    here.do(damp, "assign", by=MINA, to="ravi@town.example")

    assert here.tasks(damp) == []


def test_someone_whose_account_is_closed_is_given_nothing(here: Town, damp: str) -> None:
    ravi = here.staff("ravi")
    ravi.disabled_at = here.now
    here.change(ravi)

    with pytest.raises(Refused, match="no active user"):
        here.do(damp, "assign", to="ravi@town.example")


# Two people at one case


def test_the_second_of_two_people_is_told_and_nothing_is_overwritten(here: Town, damp: str) -> None:
    here.do(damp, "converse", said="She rang.", version=1)

    with pytest.raises(ChangedMeanwhile, match="Nothing was overwritten"):
        here.do(damp, "converse", said="He rang.", version=1)

    assert here.events(damp).count("conversation.recorded") == 1
    assert here.look(damp).version == 2


def test_a_refused_act_leaves_nothing_behind_even_where_the_transaction_goes_on(here: Town, damp: str) -> None:
    acknowledged(here, damp)
    before = here.events(damp)

    with writing(here.engine) as session:
        case = here.case(session, damp)
        with pytest.raises(Refused):
            casework.do(here.act(session), case, "extend", {"days": "30", "reason": "it is hard"})

    assert here.events(damp) == before
    assert here.look(damp).version == 2
    assert "extension_notice" not in here.mails(damp)


# Assigning, moving, re-filing


def test_a_case_is_given_from_one_handler_to_another(here: Town, damp: str) -> None:
    here.do(damp, "assign", to="hana@town.example")
    here.do(damp, "assign", to="ravi@town.example", because="Hana is away")

    holders = [
        (role.role, role.name, role.until is None) for role in here.all(CaseRole, damp) if role.role == "handler"
    ]
    assert here.look(damp).handler_id == here.staff("ravi").id
    assert holders == [("handler", "Hana", False), ("handler", "Ravi", True)]


def test_moving_keeps_the_day_of_receipt_and_takes_the_tasks_along(here: Town, damp: str) -> None:
    here.do(damp, "assign", to="hana@town.example")
    here.reply(damp, "More.")

    here.do(damp, "move", service="care", because="it is about her carer")

    case = here.look(damp)
    assert (case.procedure, case.handler_id, case.received_at) == ("nhs-asc-england-2009", None, at("2025-12-18"))
    assert str(here.clock(damp, "s1.acknowledge").due) == "2025-12-23"
    assert {task.service_id for task in here.all(Task, damp)} == {case.service_id}


def test_an_answered_case_can_not_be_moved(here: Town, damp: str) -> None:
    answered(here, damp)

    assert here.may(damp, "move") == "The procedure can only be changed before the first answer."


@pytest.mark.parametrize(("tell", "letters"), [("yes", ["refiled"]), ("no", [])])
def test_refiling_closes_it_and_reopening_undoes_that_with_the_first_instant(
    here: Town, damp: str, tell: str, letters: list[str]
) -> None:
    here.send()
    here.do(damp, "refile", kind="enquiry", because="she asks when", tell=tell)
    assert (here.look(damp).state, here.look(damp).kind, kinds(here, damp)) == ("closed", "enquiry", letters)

    here.now = at("2025-12-22")
    here.do(damp, "reopen", because="she says it is a complaint")

    case = here.look(damp)
    assert (case.state, case.kind, case.received_at, case.closed_at) == ("open", "complaint", at("2025-12-18"), None)
    assert str(here.clock(damp, "s1.acknowledge").due) == "2025-12-29"


def test_nobody_answers_spam(here: Town, damp: str) -> None:
    here.send()

    here.do(damp, "refile", kind="spam", because="advertising", tell="yes")

    assert kinds(here, damp) == []


def test_a_corrected_day_of_receipt_changes_every_date(here: Town, damp: str) -> None:
    here.do(damp, "correct_receipt", by=MINA, date="2025-12-10", because="the envelope is stamped")

    assert str(here.clock(damp, "s1.acknowledge").due) == "2025-12-17"


@pytest.mark.requirement("R184", "R238")
def test_a_conversation_is_written_down_with_its_own_day(here: Town, damp: str) -> None:
    here.now = at("2025-12-22")

    here.do(damp, "converse", said="She told me more.", on="2025-12-19", agreed="yes", **WITH_JO)

    event = here.all(Event, damp)[-1]
    assert (event.because, event.at, event.by) == ("She told me more.", at("2025-12-19 08:00"), "Hana")
    assert event.data == {"with": "Jo", "agreed": True}


# Acknowledging and promising


@pytest.mark.requirement("R049", "R236", "R295")
def test_an_acknowledgement_settles_the_complaint_what_is_hoped_for_and_its_heads(here: Town, damp: str) -> None:
    acknowledged(here, damp, heads="- Damp in the bedroom\n- Nobody rang back\n")

    case = here.look(damp)
    assert (case.definition, case.outcomes_sought) == ("Damp", "A repair")
    assert [head.text for head in here.all(Head, damp)] == ["Damp in the bedroom", "Nobody rang back"]


def test_an_earlier_promise_is_the_date_that_everybody_sees_and_is_reminded_of(here: Town, damp: str) -> None:
    acknowledged(here, damp, promised="2025-12-30")

    case, clock = here.look(damp), here.clock(damp, "s1.respond")
    assert case.next_due == at("2025-12-31 00:00")
    assert (str(clock.due), str(clock.promised)) == ("2026-01-06", "2025-12-30")
    assert here.tick("2025-12-19 08:00") == [("reminder", MINA)]
    assert here.tick("2025-12-24 08:00") == [("reminder", MINA)]
    assert here.tick("2025-12-29 08:00") == []
    assert "Tuesday 30 December 2025" in next(m.text for m in here.all(Message, damp) if m.kind == "acknowledgement")


@pytest.mark.parametrize(("promised", "why"), [("2026-01-07", "must not be after"), ("2025-12-17", "must not be past")])
def test_a_promise_is_neither_past_nor_after_the_rules_date(here: Town, damp: str, promised: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        here.do(damp, "acknowledge", promised=promised, **ITEMS)


def test_a_promise_of_a_letter_that_was_taken_back_was_never_made(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", promised="2025-12-30", **ITEMS)

    here.do(damp, "recall_letter", letter=here.all(Letter, damp)[-1].id)

    assert here.clock(damp, "s1.respond").promised is None


# Extending


@pytest.mark.requirement("R252")
def test_an_extension_moves_the_date_keeps_the_reason_and_tells_the_person(here: Town, damp: str) -> None:
    acknowledged(here, damp)

    here.do(damp, "extend", days="10", reason="the surveyor is ill")

    (letter,) = here.send()
    clock = here.clock(damp, "s1.respond")
    assert (str(clock.due), str(clock.promised)) == ("2026-01-20", "2026-01-20")
    assert here.all(Event, damp)[-3].because == "the surveyor is ill"
    assert letter.kind == "extension_notice"
    assert "by Tuesday 6 January 2026" in letter.text
    assert "by Tuesday 20 January 2026" in letter.text
    assert "the surveyor is ill" in letter.text


def test_an_extension_the_rule_does_not_allow_is_refused_with_the_reason_and_nobody_is_told(
    here: Town, damp: str
) -> None:
    acknowledged(here, damp)

    with pytest.raises(Refused, match="without a good reason"):
        here.do(damp, "extend", days="30", reason="it is hard")

    assert "clock.extended" not in here.events(damp)
    assert kinds(here, damp) == []


def test_nothing_is_extended_while_a_letter_with_a_date_is_on_its_way(here: Town, damp: str) -> None:
    here.do(damp, "acknowledge", **ITEMS)

    with pytest.raises(Refused, match="take it back first"):
        here.do(damp, "extend", days="10", reason="the surveyor is ill")
    here.send()
    here.do(damp, "extend", days="10", reason="the surveyor is ill")

    assert str(here.clock(damp, "s1.respond").due) == "2026-01-20"
    with pytest.raises(Refused, match="take it back first"):
        here.do(damp, "extend", days="5", reason="the surveyor is still ill", good_reason="illness")


@pytest.mark.requirement("R154")
def test_under_the_regulations_of_2009_only_the_person_can_agree_to_longer(here: Town) -> None:
    reference = here.mail("My carer did not come.", to="care@town.example")

    with pytest.raises(Refused, match="complainant has not agreed"):
        here.do(reference, "extend", clock="s1.respond", to="2026-07-31", reason="the inquest")
    here.do(reference, "extend", clock="s1.respond", to="2026-07-31", reason="the inquest", complainant_agrees="yes")

    assert str(here.clock(reference, "s1.respond").due) == "2026-07-31"
    event = next(one for one in here.all(Event, reference) if one.name == "clock.extended")
    assert {"role": "complainant", "on": "2025-12-18"} in event.data["agreed"]


@pytest.mark.parametrize(("given", "field"), [({"days": "²"}, "Days"), ({"to": "31/1/2026"}, "To"), ({}, "how many")])
def test_what_is_no_number_or_date_is_refused(here: Town, damp: str, given: dict[str, Any], field: str) -> None:
    acknowledged(here, damp)

    with pytest.raises(Refused, match=field):
        here.do(damp, "extend", reason="it is hard", **given)
