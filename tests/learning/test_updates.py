"""Updates on each person's own rhythm, never empty, until they hear what changed because of them."""

import pytest

from learning.afterwards import informed, satisfied, updates
from storage.database import reading, writing
from storage.tables import Participant, Task, UpdateSent
from tests.learning.academy import ACTION, act_on, actions, agreed, do, happened
from tests.learning.people import answered, choice, chooses, sent, sweep
from tests.town import Town, at


@pytest.fixture
def visit(here: Town) -> str:
    """A complaint about a visit that was missed."""
    return answered(here)


@pytest.fixture
def promised(here: Town, visit: str) -> tuple[int, int]:
    """A lesson and its action, due on 27 February; the person hears every four weeks."""
    numbers = agreed(here, visit)
    chooses(here, visit, "email", 4)
    return numbers


def ended(here: Town, action: int) -> None:
    """Everything was done, checked and found to have lasted."""
    act_on(here, action, "finish", evidence="The list is signed each evening.")
    act_on(here, action, "check", by="mina", result_of="works", found="A week of lists, all signed.")
    here.now = at("2026-06-05")
    act_on(here, action, "audit", by="mina", result_of="embedded", result="10 of 10", found="20 visits")


def test_where_nothing_is_new_the_update_says_what_is_awaited_and_by_when(
    here: Town, visit: str, promised: tuple[int, int]
) -> None:
    assert sweep(here, "2026-01-15") == 1

    [update] = sent(here, visit)
    assert "Nothing has changed since we last wrote. This is what is still to come" in update.text
    assert (
        "The duty officer checks the list of visits each evening at six\n  To be done by 27 February 2026."
        in update.text
    )
    assert "You asked to hear from us every four weeks." in update.text
    assert choice(here, visit).next_at == at("2026-02-12 08:00")


@pytest.mark.requirement("R108")
def test_what_is_done_is_told_with_its_evidence_and_what_comes_next(
    here: Town, visit: str, promised: tuple[int, int]
) -> None:
    act_on(here, promised[1], "start")
    act_on(here, promised[1], "finish", evidence="The list is signed each evening.")

    sweep(here, "2026-01-15")

    text = sent(here, visit)[0].text
    assert "What is done" in text
    assert "Done on 18 December 2025. How you can see it: The list is signed each evening." in text
    assert "By 6 March 2026 somebody else will check that it works." in text
    assert "Nothing has changed" not in text


def test_what_is_late_is_told_with_the_reason_and_an_apology(here: Town, visit: str, promised: tuple[int, int]) -> None:
    act_on(here, promised[1], "start")
    act_on(here, promised[1], "report", progress="Two officers are ill.")
    here.now = at("2026-03-01")
    sweep(here)

    text = sent(here, visit)[-1].text
    assert "We said that this would be done by 27 February 2026. It is late, and we are sorry." in text
    assert "Why: Two officers are ill." in text


def test_a_date_that_was_moved_is_told_beside_the_old_one(here: Town, visit: str, promised: tuple[int, int]) -> None:
    act_on(here, promised[1], "change_dates", completes="2026-03-31", check_on="2026-04-10", because="We hire first.")

    sweep(here, "2026-01-15")

    text = sent(here, visit)[0].text
    assert "by 27 February 2026. It will now be done by 31 March 2026. Why: We hire first." in text


def test_what_is_dropped_is_told_with_the_reason_and_nothing_more_comes(
    here: Town, visit: str, promised: tuple[int, int]
) -> None:
    act_on(here, promised[1], "drop", by="mina", because="The service moves to the county.")

    sweep(here, "2026-01-15")

    [last] = sent(here, visit, "changed")
    assert "not as we meant it to" in last.text
    assert "We will not do this after all. Why: The service moves to the county." in last.text
    assert choice(here, visit).next_at is None


def test_updates_go_on_long_after_the_case_was_closed(here: Town, visit: str, promised: tuple[int, int]) -> None:
    here.do(visit, "close")

    for day in ("2026-01-15", "2026-02-12", "2026-08-01"):
        sweep(here, day)

    assert here.look(visit).state == "closed"
    assert len(sent(here, visit)) == 3


def test_after_an_outage_one_update_comes_and_not_one_for_each_that_was_missed(
    here: Town, visit: str, promised: tuple[int, int]
) -> None:
    sweep(here, "2026-05-01")
    sweep(here, "2026-05-01 10:00")

    assert len(sent(here, visit)) == 1
    assert choice(here, visit).next_at == at("2026-05-07 08:00")


def test_an_update_that_another_worker_has_written_is_not_written_again(
    here: Town, visit: str, promised: tuple[int, int]
) -> None:
    here.now = at("2026-01-15")
    number = choice(here, visit).id or 0
    did = []
    for _ in range(2):
        with writing(here.engine) as session:
            did.append(updates.send(here.act(session), number))

    assert did == [True, False]
    assert len(here.all(UpdateSent, visit)) == 2  # what was intended, and this


def test_a_way_that_is_no_longer_safe_is_not_used_though_it_was_chosen(
    here: Town, visit: str, promised: tuple[int, int]
) -> None:
    here.do(visit, "change_contact", postal_address="2 High Street", avoid="email", because="he reads her mail")

    sweep(here, "2026-01-15")

    assert [one.channel for one in sent(here, visit)] == ["post"]


def test_a_chat_that_was_chosen_gets_the_update_as_a_page_to_open(here: Town, visit: str) -> None:
    agreed(here, visit)
    person = here.person(visit)
    person.chat = "telegram:12345"
    here.change(person)
    chooses(here, visit, "chat", 4)

    sweep(here, "2026-01-15")

    [update] = sent(here, visit)
    assert (update.channel, update.address) == ("telegram", "12345")
    assert update.extra is not None
    assert update.extra["document"]


@pytest.mark.requirement("R259", "R008")
def test_at_the_end_they_hear_what_changed_because_of_them(here: Town, visit: str, promised: tuple[int, int]) -> None:
    act_on(here, promised[1], "start")
    ended(here, promised[1])

    sweep(here)

    [last] = sent(here, visit, "changed")
    assert last.subject == f"What changed because of you: {visit}"
    assert "How you can see it: The list is signed each evening." in last.text
    assert "What we measured: Missed visits noticed the same day: 10 of 10" in last.text
    assert "Are you satisfied" in last.text
    assert choice(here, visit).next_at is None


def says(here: Town, reference: str, is_satisfied: bool, why: str = "") -> None:
    with writing(here.engine) as session:
        person = session.get_one(Participant, here.person(reference).id)
        satisfied.answer(informed.as_complainant(here.act(session)), person, is_satisfied, why)


@pytest.mark.requirement("R115")
def test_who_is_not_satisfied_is_heard_by_a_person(here: Town, visit: str, promised: tuple[int, int]) -> None:
    act_on(here, promised[1], "start")
    ended(here, promised[1])
    sweep(here)

    says(here, visit, False, "It happened to my neighbour last week.")
    says(here, visit, False, "It happened to my neighbour last week.")

    [task] = [one for one in here.all(Task, visit) if one.kind == "not_satisfied"]
    assert "It happened to my neighbour last week." in task.text
    assert happened(here, promised[0]).count("person.not_satisfied") == 1


@pytest.mark.requirement("R115")
def test_who_is_satisfied_is_counted_with_the_lesson_and_the_last_answer_counts(
    here: Town, visit: str, promised: tuple[int, int]
) -> None:
    act_on(here, promised[1], "start")
    ended(here, promised[1])
    sweep(here)

    says(here, visit, False)
    says(here, visit, True)

    with reading(here.engine) as session:
        assert satisfied.counted(session, promised[0]) == {True: 1, False: 0}
        assert satisfied.said(session, here.person(visit)) is True


def test_nobody_is_asked_before_the_end(here: Town, visit: str, promised: tuple[int, int]) -> None:
    says(here, visit, True)

    with reading(here.engine) as session:
        assert not satisfied.is_asked(session, here.person(visit))
        assert satisfied.said(session, here.person(visit)) is None
    assert "person.satisfied" not in happened(here, promised[0])


def test_an_improvement_that_fails_later_is_told_of_again(here: Town, visit: str, promised: tuple[int, int]) -> None:
    act_on(here, promised[1], "start")
    act_on(here, promised[1], "finish", evidence="The list is signed.")
    sweep(here, "2026-01-15")
    act_on(here, promised[1], "check", by="mina", result_of="fails", found="It was not signed.")

    sweep(here, "2026-02-12")

    assert "found that it did not work, so we will try again" in sent(here, visit)[-1].text


def test_an_improvement_that_did_not_last_begins_the_updates_again(
    here: Town, visit: str, promised: tuple[int, int]
) -> None:
    act_on(here, promised[1], "start")
    ended(here, promised[1])
    sweep(here)
    here.now = at("2026-12-04")

    act_on(here, promised[1], "audit", by="mina", result_of="fails", result="2 of 10", found="Nobody looks.")
    sweep(here, "2027-01-15")

    assert "found that it did not work, so we will try again" in sent(here, visit)[-1].text
    assert choice(here, visit).next_at is not None


def test_what_was_dropped_before_anyone_promised_it_is_told_to_nobody(
    here: Town, visit: str, promised: tuple[int, int]
) -> None:
    act_on(here, promised[1], "start")
    ended(here, promised[1])
    sweep(here)
    do(here, promised[0], "add_action", given={**ACTION, "what": "Buy tablets for everyone"})
    act_on(here, actions(here, promised[0])[-1].id or 0, "drop", by="mina", because="Nobody would use them.")

    sweep(here, "2026-08-03")

    [last] = sent(here, visit, "changed")
    assert "tablets" not in last.text
    assert choice(here, visit).next_at is None


def test_a_date_moved_for_another_reason_does_not_explain_the_one_we_promised(
    here: Town, visit: str, promised: tuple[int, int]
) -> None:
    act_on(here, promised[1], "change_dates", completes="2026-03-31", check_on="2026-04-10", because="We hire first.")
    act_on(here, promised[1], "change_dates", audit_on="2026-07-03", because="The auditor is on leave.")

    sweep(here, "2026-01-15")

    assert "It will now be done by 31 March 2026. Why: We hire first." in sent(here, visit)[0].text


def test_what_did_not_work_is_told_without_a_date_that_no_longer_holds(
    here: Town, visit: str, promised: tuple[int, int]
) -> None:
    act_on(here, promised[1], "start")
    act_on(here, promised[1], "finish", evidence="The list is signed.")
    act_on(here, promised[1], "check", by="mina", result_of="fails", found="It was not signed.")

    sweep(here, "2026-01-15")

    text = sent(here, visit)[-1].text
    assert "We will tell you the new date once it is set." in text
    assert "27 February 2026" not in text


@pytest.mark.requirement("R108")
def test_a_check_and_an_audit_that_are_late_are_told_as_late(here: Town, visit: str, promised: tuple[int, int]) -> None:
    act_on(here, promised[1], "start")
    act_on(here, promised[1], "finish", evidence="The list is signed.")
    sweep(here, "2026-04-10")
    act_on(here, promised[1], "check", by="mina", result_of="works", found="A week of lists, all signed.")
    sweep(here, "2026-07-10")

    check, audit = (one.text for one in sent(here, visit))
    assert "By 6 March 2026 somebody else was to check that it works. That is late, and we are sorry." in check
    assert "By 5 June 2026 we were to look again to see whether it has lasted. That is late, and we are sorry." in audit
