"""The people of a case are told what will be done, and say how, how often and whether they hear what becomes of it."""

import pytest
from sqlmodel import col, select

from learning.afterwards import informed
from mailroom.wire import as_bytes
from storage.database import writing
from storage.tables import KeepInformed, Participant
from tests.learning.academy import PLAN, agreed, do, drafted, happened
from tests.learning.people import answer, answered, choice, chooses, complained, letters, sent, sweep
from tests.town import Town, at
from workflow.tokens import digest


@pytest.fixture
def visit(here: Town) -> str:
    """A complaint about a visit that was missed."""
    return answered(here)


@pytest.mark.requirement("R108", "R109")
def test_when_a_plan_is_agreed_its_people_are_told_and_asked_how_to_be_kept_informed(here: Town, visit: str) -> None:
    lesson, _ = agreed(here, visit)

    [message] = sent(here, visit, "intended")
    assert message.address == "jo@citizen.example"
    assert (
        "The duty officer checks the list of visits each evening at six\n  To be done by 27 February 2026."
        in message.text
    )
    assert "An apology, and a carer who is known to her." in message.text
    assert "https://redress.example/updates/" in message.text
    assert message.subject == f"What we are doing because of your complaint {visit}"
    assert "person.told" in happened(here, lesson)


def test_what_we_intend_waits_until_they_have_our_answer(here: Town) -> None:
    reference = complained(here)
    agreed(here, reference)
    assert sweep(here, "2025-12-19") == 1
    assert sent(here, reference, "intended") == []

    answer(here, reference)
    assert sent(here, reference, "intended") == []
    sweep(here, "2025-12-20")

    [message] = sent(here, reference, "intended")
    assert "An apology, and a carer who is known to her." in message.text
    assert choice(here, reference).next_at == at("2026-03-21 08:00")


def test_a_rhythm_that_is_chosen_first_does_not_delay_what_we_intend(here: Town) -> None:
    reference = complained(here)
    agreed(here, reference)
    chooses(here, reference, "email", 13)

    answer(here, reference)
    sweep(here, "2025-12-19")

    assert len(sent(here, reference, "intended")) == 1
    assert choice(here, reference).next_at == at("2026-03-20 08:00")


def test_a_plan_that_is_only_drafted_tells_nobody(here: Town, visit: str) -> None:
    drafted(here, visit)

    assert sent(here, visit, "intended") == []
    assert here.all(KeepInformed, visit) == []


def test_a_complaint_linked_later_is_told_too_and_nobody_twice(here: Town, visit: str) -> None:
    lesson, _ = agreed(here, visit)
    second = answered(here, "Mine did not come either.")

    do(here, lesson, "link", cases=second, how="same_cause")
    do(here, lesson, "link", cases=second, how="same_cause")

    assert len(sent(here, visit, "intended")) == 1
    assert len(sent(here, second, "intended")) == 1


def test_how_things_are_put_right_for_one_person_is_told_to_nobody_else(here: Town, visit: str) -> None:
    lesson, _ = agreed(here, visit)
    second = answered(here, "Mine did not come either.")

    do(here, lesson, "link", cases=second, how="same_cause")

    assert PLAN["put_right"] in sent(here, visit, "intended")[0].text
    assert PLAN["put_right"] not in sent(here, second, "intended")[0].text


def test_who_says_nothing_hears_every_three_months_and_who_chooses_hears_on_their_own_rhythm(
    here: Town, visit: str
) -> None:
    agreed(here, visit)
    unasked = choice(here, visit).next_at

    chooses(here, visit, "email", 2)

    assert unasked == at("2026-03-19 08:00")
    assert choice(here, visit).next_at == at("2026-01-01 08:00")
    assert here.events(visit)[-1] == "informed.chosen"


def test_only_a_way_that_is_known_and_safe_can_be_chosen(here: Town, visit: str) -> None:
    agreed(here, visit)

    for channel, weeks in (("post", 2), ("chat", 2), ("pigeon", 2), ("email", 1)):
        with pytest.raises(ValueError, match="can't be chosen"):
            chooses(here, visit, channel, weeks)


def test_not_at_all_stops_it_and_a_choice_begins_it_again(here: Town, visit: str) -> None:
    agreed(here, visit)

    chooses(here, visit, "none")
    stopped = choice(here, visit)
    chooses(here, visit, "email", 4)

    assert stopped.stopped_at
    assert stopped.next_at is None
    assert choice(here, visit).stopped_at is None
    assert choice(here, visit).next_at == at("2026-01-15 08:00")


def test_stopping_twice_is_stopping_once(here: Town, visit: str) -> None:
    agreed(here, visit)

    for _ in range(2):
        with writing(here.engine) as session:
            informed.stop(here.act(session), session.exec(select(KeepInformed)).one())

    assert here.events(visit).count("informed.stopped") == 1
    assert sweep(here, "2027-01-01") == 0


def test_updates_can_be_stopped_by_one_click_but_an_answer_to_the_complaint_cannot(here: Town, visit: str) -> None:
    agreed(here, visit)
    here.do(visit, "ask", question="Which carer?")
    secret = informed.secret_of(here.office.keyring, choice(here, visit))

    intended, question = (as_bytes(sent(here, visit, kind)[0]).decode() for kind in ("intended", "question"))

    unfolded = intended.replace("\r\n ", " ")
    assert f"List-Unsubscribe: <https://redress.example/updates/{secret}/stop>" in unfolded.replace("  ", " ")
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in intended
    assert "List-Unsubscribe" not in question


def test_only_a_digest_of_the_secret_is_kept(here: Town, visit: str) -> None:
    agreed(here, visit)

    row = choice(here, visit)

    secret = informed.secret_of(here.office.keyring, row)
    assert secret
    assert row.stop_hash == digest(secret)


def test_where_no_way_is_safe_a_person_is_asked_to_tell_them(here: Town, visit: str) -> None:
    here.do(visit, "change_contact", avoid="email", because="he reads her mail")

    agreed(here, visit)

    assert sent(here, visit, "intended") == []
    assert "no_safe_way" in here.tasks(visit)


def test_a_letter_by_post_is_a_task_to_print_it(here: Town, visit: str) -> None:
    here.do(visit, "change_contact", postal_address="2 High Street", prefers="post", because="she said so")

    agreed(here, visit)

    assert sent(here, visit, "intended")[0].channel == "post"
    assert "post" in here.tasks(visit)
    assert letters(here, visit, "intended")[0].facts["facts"]["by_post"] is True


def test_someone_who_is_written_to_in_welsh_is_told_in_welsh(here: Town, visit: str) -> None:
    case = here.look(visit)
    case.language = "cy"
    here.change(case)

    agreed(here, visit)

    assert "I'w wneud erbyn 27 Chwefror 2026." in sent(here, visit, "intended")[0].text


def test_everyone_on_the_case_is_told_each_with_a_page_of_their_own(here: Town, visit: str) -> None:
    here.change(Participant(case_id=here.look(visit).id or 0, role="advocate", name="Al", email="al@advice.example"))

    agreed(here, visit)

    assert [one.address for one in sent(here, visit, "intended")] == ["jo@citizen.example", "al@advice.example"]
    with writing(here.engine) as session:
        assert len(set(session.exec(select(col(KeepInformed.stop_hash))))) == 2


def test_how_things_were_to_be_put_right_for_a_complaint_taken_away_is_not_told_to_the_next(
    here: Town, visit: str
) -> None:
    lesson, _ = agreed(here, visit)
    second = answered(here, "Mine did not come either.")
    do(here, lesson, "unlink", case=visit, because="It was another service.")

    do(here, lesson, "link", cases=second, how="same_cause")

    assert PLAN["put_right"] not in sent(here, second, "intended")[0].text


def test_it_is_told_once_it_was_written_for_them(here: Town, visit: str) -> None:
    second = answered(here, "Mine did not come either.")
    lesson, _ = drafted(here, visit)
    do(here, lesson, "unlink", case=visit, because="It was another service.")
    do(here, lesson, "link", cases=second, how="same_cause")
    do(here, lesson, "set_plan", given=PLAN)

    do(here, lesson, "agree")

    assert PLAN["put_right"] in sent(here, second, "intended")[0].text
