"""The life of an action at work: agreed only when it is SMART, done with evidence, checked and audited by others."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from learning.verb import Refused
from storage.database import reading
from storage.tables import LearningEvent, Message, Staff
from tests.learning.academy import ACTION, PLAN, act_on, action, actions, agreed, do, drafted, happened, lesson, look
from tests.town import Town, at, town
from workflow.casework.verbs import ChangedMeanwhile

DONE = "Each evening the list is read out, as the log shows."


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine, "2026-01-05")


def at_work(here: Town) -> tuple[int, int]:
    """A lesson and its action, begun in time."""
    number, one = agreed(here)
    here.now = at("2026-01-12")
    act_on(here, one, "start")
    return number, one


def checked(here: Town) -> tuple[int, int]:
    """A lesson and its action, done and checked by Mina."""
    number, one = at_work(here)
    here.now = at("2026-02-20")
    act_on(here, one, "finish", evidence=DONE)
    here.now = at("2026-03-06")
    act_on(here, one, "check", by="mina", result_of="works", found="Seven lists of seven were read.")
    return number, one


def last(here: Town, name: str) -> LearningEvent:
    with reading(here.engine) as session:
        return session.exec(select(LearningEvent).where(LearningEvent.name == name)).all()[-1]


@pytest.mark.requirement("R006")
def test_a_plan_is_not_agreed_while_an_action_lacks_something(here: Town) -> None:
    number, one = drafted(here, target="better")

    with pytest.raises(Refused, match="see the check on this page"):
        do(here, number, "agree")

    assert action(here, one).state == "drafted"
    act_on(here, one, "change", given=ACTION)
    do(here, number, "agree")
    assert action(here, one).state == "agreed"


@pytest.mark.requirement("R093", "R094")
def test_a_plan_is_not_agreed_before_it_says_how_things_are_put_right_and_made_to_last(here: Town) -> None:
    number = lesson(here)
    do(here, number, "add_action", given=ACTION)

    missing = [one.field for one in look(here, number).plan_lacks]

    assert missing == ["put_right", "embedded_when", "owner"]
    with pytest.raises(Refused):
        do(here, number, "agree")


@pytest.mark.requirement("R052", "R053")
def test_an_agreed_plan_says_who_does_what_for_others_and_who_agreed_it(here: Town) -> None:
    number, one = agreed(here)

    there = look(here, number)
    assert there.plan is not None
    assert (there.plan.agreed_at, there.plan.agreed_by_id) == (here.now, here.staff("mina").id)
    assert (there.plan.put_right, there.plan.owner_id) == (PLAN["put_right"], here.staff("hana").id)
    assert (action(here, one).what, action(here, one).owner_id) == (ACTION["what"], here.staff("hana").id)


def test_a_handler_can_not_agree_a_plan(here: Town) -> None:
    number, _ = drafted(here)

    with pytest.raises(Refused, match="Only a manager or leader"):
        do(here, number, "agree", by="hana")


def test_an_owner_who_has_left_keeps_a_plan_from_being_agreed(here: Town) -> None:
    number, one = drafted(here)
    with reading(here.engine) as session:
        hana = session.get_one(Staff, here.staff("hana").id)
    hana.disabled_at = here.now
    here.change(hana)

    missing = [missing.words for missing in look(here, number).lacks(action(here, one))]

    assert missing == ["Element 2: name another person. The account of Hana is closed"]


def test_an_owner_is_told_once_that_an_action_is_theirs(here: Town) -> None:
    agreed(here)

    with reading(here.engine) as session:
        (mail,) = session.exec(select(Message).where(Message.kind == "action_given")).all()
    assert mail.address == "hana@town.example"
    assert "complete by Friday 27 February 2026" in mail.text


@pytest.mark.requirement("R007", "R025", "R304", "R305")
def test_an_action_goes_from_agreed_to_embedded_with_who_and_why_at_each_step(here: Town) -> None:
    number, one = checked(here)
    here.now = at("2026-06-05")

    act_on(here, one, "audit", by="mina", result_of="embedded", result="20 of 20", found="20 visits drawn by lot.")

    found = action(here, one)
    assert (found.state, found.evidence, found.result) == ("embedded", DONE, "20 of 20")
    assert (found.next_step, found.next_due) == (None, None)
    assert happened(here, number)[-6:] == [
        "action.agreed", "action.started", "action.done", "action.checked", "action.embedded", "plan.closed",
    ]  # fmt: skip
    assert (last(here, "action.checked").by, last(here, "action.checked").because) == (
        "Mina", "Seven lists of seven were read.",
    )  # fmt: skip
    assert look(here, number).lesson.closed_at == here.now


@pytest.mark.requirement("R095", "R261")
def test_a_review_of_progress_is_reported_and_sets_the_next_one(here: Town) -> None:
    _, one = at_work(here)
    here.now = at("2026-02-06")

    act_on(here, one, "report", progress="The list is printed.", review_on="2026-02-20")

    found = action(here, one)
    assert (found.progress, found.review_on, found.next_step) == ("The list is printed.", date(2026, 2, 20), "review")
    assert last(here, "action.progress").data == {"review_on": ["2026-02-06", "2026-02-20"]}


def test_without_another_review_the_completion_is_next(here: Town) -> None:
    _, one = at_work(here)

    act_on(here, one, "report", progress="The list is printed.")

    assert (action(here, one).review_on, action(here, one).next_step) == (None, "complete")


def test_nothing_is_done_without_evidence(here: Town) -> None:
    _, one = at_work(here)

    with pytest.raises(Refused, match="how one can see that it is done"):
        act_on(here, one, "finish", evidence=" ")

    assert action(here, one).state == "in_progress"


@pytest.mark.requirement("R105")
def test_the_owner_can_not_check_what_they_did_themselves(here: Town) -> None:
    _, one = at_work(here)
    act_on(here, one, "finish", evidence=DONE)

    with pytest.raises(Refused, match="somebody else must check"):
        act_on(here, one, "check", by="hana", result_of="works", found="It works.")

    assert action(here, one).state == "done"


def test_a_check_that_fails_waits_to_be_taken_up_again_with_a_new_date(here: Town) -> None:
    number, one = at_work(here)
    here.now = at("2026-02-20")
    act_on(here, one, "finish", evidence=DONE)

    act_on(here, one, "check", by="mina", result_of="fails", found="Two lists of seven were not read.")

    found = action(here, one)
    assert (found.state, found.next_step) == ("failed", "reopen")
    with pytest.raises(Refused, match="new day by which it is complete"):
        act_on(here, one, "take_up", because="Two officers share it.")
    act_on(here, one, "take_up", because="Two officers share it.", completes="2026-04-30", review_on="2026-04-02",
           check_on="2026-05-08", audit_on="2026-09-04")  # fmt: skip
    found = action(here, one)
    assert (found.state, found.completes, found.next_step) == ("in_progress", date(2026, 4, 30), "review")
    assert last(here, "action.reopened").data["dates"]["completes"] == ["2026-02-27", "2026-04-30"]
    assert happened(here, number)[-2:] == ["action.failed", "action.reopened"]


@pytest.mark.requirement("R106")
def test_an_audit_that_holds_so_far_is_repeated_on_a_day_that_must_be_named(here: Town) -> None:
    number, one = checked(here)
    here.now = at("2026-06-05")
    audit = {"result_of": "again", "result": "9 of 10", "found": "One was late."}

    with pytest.raises(Refused, match="day of the next audit"):
        act_on(here, one, "audit", by="mina", given=audit)
    act_on(here, one, "audit", by="mina", given=audit, audit_on="2026-12-04")

    found = action(here, one)
    assert (found.state, found.audit_on, found.result) == ("checked", date(2026, 12, 4), "9 of 10")
    assert happened(here, number)[-1] == "action.audited"


def test_what_was_embedded_and_did_not_last_opens_the_lesson_again(here: Town) -> None:
    number, one = checked(here)
    here.now = at("2026-06-05")
    act_on(here, one, "audit", by="mina", result_of="embedded", result="20 of 20", found="All.")
    here.now = at("2026-12-04")

    act_on(here, one, "audit", by="mina", result_of="fails", result="8 of 20", found="Nobody reads the list.")

    assert action(here, one).state == "failed"
    assert look(here, number).lesson.closed_at is None
    assert happened(here, number)[-2:] == ["action.failed", "plan.reopened"]


def test_dates_move_only_with_a_reason_in_order_and_the_old_ones_are_kept(here: Town) -> None:
    _, one = at_work(here)

    with pytest.raises(Refused, match="why the dates move"):
        act_on(here, one, "change_dates", completes="2026-03-06")
    with pytest.raises(Refused, match="completion must be checked on or after"):
        act_on(here, one, "change_dates", because="The printer broke.", completes="2026-03-13")
    act_on(here, one, "change_dates", because="The printer broke.", completes="2026-03-06")

    event = last(here, "action.dates_changed")
    assert action(here, one).completes == date(2026, 3, 6)
    assert (event.data, event.because) == ({"dates": {"completes": ["2026-02-27", "2026-03-06"]}}, "The printer broke.")


def test_a_date_can_not_move_into_the_past(here: Town) -> None:
    _, one = at_work(here)

    with pytest.raises(Refused, match="must be today or later"):
        act_on(here, one, "change_dates", because="It was done.", completes="2026-01-09", review_on="2026-01-09")

    assert action(here, one).completes == date(2026, 2, 27)


def test_an_agreed_action_is_not_rewritten(here: Town) -> None:
    _, one = agreed(here)

    with pytest.raises(Refused, match="change its dates or its owner instead"):
        act_on(here, one, "change", given={**ACTION, "target": "5 of 10"})


def test_an_action_is_handed_over_and_the_new_owner_told(here: Town) -> None:
    _, one = at_work(here)

    act_on(here, one, "hand_over", owner="ravi@town.example", because="Hana moves on.")

    assert action(here, one).owner_id == here.staff("ravi").id
    with reading(here.engine) as session:
        told = [mail.address for mail in session.exec(select(Message).where(Message.kind == "action_given"))]
    assert told == ["hana@town.example", "ravi@town.example"]


def test_an_action_is_dropped_with_a_reason_and_a_plan_of_nothing_else_ends(here: Town) -> None:
    number, one = agreed(here)

    with pytest.raises(Refused, match="why it is dropped"):
        act_on(here, one, "drop", by="mina")
    act_on(here, one, "drop", by="mina", because="The service moves to another provider.")

    assert action(here, one).state == "dropped"
    assert look(here, number).lesson.closed_at == here.now


def test_another_action_opens_a_closed_plan_again(here: Town) -> None:
    number, one = agreed(here)
    act_on(here, one, "drop", by="mina", because="Another provider.")

    do(here, number, "add_action", given=ACTION)
    do(here, number, "agree")

    assert [found.state for found in actions(here, number)] == ["dropped", "agreed"]
    assert look(here, number).lesson.closed_at is None


def test_the_second_of_two_people_at_an_action_is_told(here: Town) -> None:
    _, one = at_work(here)
    seen = action(here, one).version
    act_on(here, one, "report", progress="Printed.", version=seen)

    with pytest.raises(ChangedMeanwhile):
        act_on(here, one, "finish", evidence=DONE, version=seen)

    assert action(here, one).state == "in_progress"


def test_the_plan_has_an_owner_of_its_own(here: Town) -> None:
    number, _ = drafted(here)

    do(here, number, "set_plan", given={**PLAN, "owner": "mina@town.example"})

    there = look(here, number)
    assert there.plan is not None
    assert there.plan.owner_id == here.staff("mina").id
