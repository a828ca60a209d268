"""What people read of an action names nobody of the complaints behind it: the others read it too."""

import time
from datetime import date
from itertools import product

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from app.reminding import remind
from learning.afterwards import changes
from learning.leading import reviews
from learning.leading.first_screen import first_screen
from learning.leading.review_story import unnamed
from learning.leading.reviews import Decision
from learning.names import whole_name_in, without_whole_names
from learning.numbers.asking import Ask
from learning.quarters import parse
from learning.scopes import scope_of
from learning.verb import Refused
from storage.database import reading, writing
from storage.tables import Colleague, Message, Review, Staff
from tests.learning.academy import LESSON, act_on, action, actor, agreed, do, drafted, lesson, look
from tests.learning.lessons import checked, published, written
from tests.learning.people import answered, sent, sweep
from tests.town import Town, at
from workflow import reminders


@pytest.fixture
def visit(here: Town) -> str:
    """A complaint of Jo Bloggs about a visit that was missed."""
    return answered(here)


@pytest.mark.parametrize("words", ["We paid Jo Bloggs £250.", "It was Mrs Bloggs who asked.", "See {reference}."])
def test_evidence_that_names_a_person_or_their_complaint_is_refused(here: Town, visit: str, words: str) -> None:
    _, one = agreed(here, visit)
    act_on(here, one, "start")

    with pytest.raises(Refused, match="everyone whose complaint led to this reads it") as error:
        act_on(here, one, "finish", evidence=words.format(reference=visit))

    assert error.value.field == "evidence"
    assert action(here, one).state == "in_progress"


def test_so_is_a_reason_that_names_a_colleague_complained_about(here: Town, visit: str) -> None:
    _, one = agreed(here, visit)
    case_id = here.look(visit).id or 0
    here.change(Colleague(case_id=case_id, name="Kit Marlowe", email="kit@town.example", told_at=here.now))

    with pytest.raises(Refused, match="Kit Marlowe"):
        act_on(here, one, "drop", by="mina", because="Kit Marlowe has left.")


def test_a_plan_is_not_agreed_while_an_action_names_somebody(here: Town, visit: str) -> None:
    number, one = drafted(here, visit, what="The duty officer calls Jo Bloggs each evening at six")

    with pytest.raises(Refused, match=f"Leave “Jo Bloggs” out of action {one}"):
        do(here, number, "agree")

    assert sent(here, visit, "intended") == []


def test_a_word_that_is_also_somebodys_surname_may_be_written(here: Town, visit: str) -> None:
    person = here.person(visit)
    person.name = "Ann Street"
    here.change(person)
    _, one = agreed(here, visit)
    act_on(here, one, "start")

    act_on(here, one, "report", progress="Mill Street has been done.")
    sweep(here, "2026-03-19")

    assert "Mill Street has been done." in sent(here, visit)[0].text


def test_a_name_is_found_whole_or_after_a_title() -> None:
    assert whole_name_in("as JO BLOGGS said", "Jo Bloggs") == "JO BLOGGS"
    assert whole_name_in("as Mr Bloggs said", "Jo Bloggs") == "Mr Bloggs"
    assert whole_name_in("Dr Jones and Bloggs", "Jo Bloggs") == ""


def is_known(here: Town, visit: str) -> None:
    """A colleague is named on the complaint, after all was written."""
    kit = Colleague(case_id=here.look(visit).id or 0, name="Kit Marlowe", email="kit@town.example", told_at=here.now)
    here.change(kit)


def test_in_the_text_a_name_can_be_left_out_wherever_it_stands() -> None:
    said = without_whole_names("Jo Bloggs, JO BLOGGS and Mrs Bloggs called; Bloggs Street did not.", ["Jo Bloggs"], "…")

    assert said == "…, … and … called; Bloggs Street did not."


def test_thousands_of_people_behind_one_lesson_keep_no_reader_waiting() -> None:
    people = [f"Jo Bloggs{''.join(ending)}" for ending in product("abcdefghijklmnopq", repeat=3)]
    text = f"{'The boxes keep meals hot. ' * 80}Bloggs called. Jo Bloggs thanked us."
    began = time.monotonic()

    said = without_whole_names(text, [*people, "Jo Bloggs"], "…")

    assert time.monotonic() - began < 2  # seconds; looking for each of them took six
    assert said.endswith("hot. Bloggs called. … thanked us.")


def test_who_is_behind_a_lesson_is_read_once_for_all_the_letters_of_a_transaction(here: Town, visit: str) -> None:
    agreed(here, visit)
    case_id, asked = here.look(visit).id or 0, list[str]()
    event.listen(here.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    with reading(here.engine) as session:
        for _ in range(3):
            assert changes.of_case(session, case_id, date(2026, 1, 5))

    assert sum("FROM lesson_case JOIN participant" in " ".join(one.split()) for one in asked) == 1


def test_the_title_of_a_lesson_names_nobody_of_its_complaints(here: Town, visit: str) -> None:
    with pytest.raises(Refused, match="The title of the lesson says “Jo Bloggs”") as error:
        lesson(here, visit, title="What Jo Bloggs taught us")
    number = lesson(here, visit)
    with pytest.raises(Refused, match="Leave “Mrs Bloggs” out of the title") as later:
        do(here, number, "change", given={**LESSON, "title": "The visit to Mrs Bloggs"})

    assert (error.value.field, later.value.field) == ("cases", "title")
    assert look(here, number).lesson.title == LESSON["title"]


def test_a_complaint_is_not_linked_while_the_public_reads_of_its_person(here: Town, visit: str) -> None:
    number = lesson(here)
    written(here, number, you_said_en="Bloggs called three times, and nobody came.")
    checked(here, number)
    published(here, number)

    with pytest.raises(Refused, match="The text for the public says “Bloggs”"):
        do(here, number, "link", cases=visit, how="same_cause")

    assert look(here, number).cases == []


def test_a_name_that_becomes_known_later_leaves_in_no_update(here: Town, visit: str) -> None:
    agreed(here, visit, what="The list that Kit Marlowe keeps is checked each evening at six")
    is_known(here, visit)

    sweep(here, "2026-03-19")

    text = sent(here, visit)[0].text
    assert "The list that [name left out] keeps is checked" in text
    assert "Marlowe" not in text


def test_nor_in_the_digest_of_leaders(here: Town, visit: str) -> None:
    _, one = agreed(here, visit, what="The list that Kit Marlowe keeps is checked each evening at six")
    act_on(here, one, "start")
    act_on(here, one, "finish", evidence="Kit Marlowe signs it.")
    is_known(here, visit)

    with reading(here.engine) as session:
        lena = session.exec(select(Staff).where(Staff.email == "lena@town.example")).one()
        changed = first_screen(Ask(session, scope_of(session, lena), parse("2025Q3"), here.now)).changed

    assert [(change.what, change.evidence) for change in changed] == [
        ("The list that [name left out] keeps is checked each evening at six", "[name left out] signs it.")
    ]


def test_a_decision_on_a_question_of_the_digest_names_nobody_behind_it(here: Town, visit: str) -> None:
    number, _ = agreed(here, visit)
    lena = here.staff("lena")
    due = date(2026, 3, 2)
    taken = Decision("Who takes it on?", "Mina writes to Jo Bloggs.", lena.id, due, f"lesson-{number}")

    with writing(here.engine) as session, pytest.raises(Refused, match="Leave out “Jo Bloggs”") as error:
        reviews.take(here.act(session, actor(here, "lena")), scope_of(session, lena), "2025Q3", taken)

    assert error.value.field == "decision"


def test_a_name_that_becomes_known_after_a_decision_leaves_in_no_digest_and_no_reminder(here: Town, visit: str) -> None:
    number, _ = agreed(here, visit)
    lena = here.staff("lena")
    taken = Decision("Who takes it on?", "Kit Marlowe does.", lena.id, date(2026, 3, 2), f"lesson-{number}")
    with writing(here.engine) as session:
        act = here.act(session, actor(here, "lena"))
        review = reviews.take(act, scope_of(session, lena), "2025Q2", taken)
    is_known(here, visit)

    with reading(here.engine) as session:
        told = first_screen(Ask(session, scope_of(session, lena), parse("2025Q3"), here.now)).reviews
        mailed = unnamed(session, review)

    assert [one.decision for one in (*told, mailed)] == ["[name left out] does."] * 2
    assert review.decision == "Kit Marlowe does."


def mailed(here: Town, kind: str) -> str:
    """The last mail of this kind."""
    with reading(here.engine) as session:
        query = select(Message).where(Message.kind == kind).order_by(col(Message.id).desc())
        return session.exec(query).all()[0].text


def test_nor_in_the_mail_to_whoever_sees_to_it_next_nor_with_the_reason_of_a_new_date(here: Town, visit: str) -> None:
    number, _ = agreed(here, visit)
    lena = here.staff("lena")
    taken = Decision("Who takes it on?", "Kit Marlowe does.", lena.id, date(2026, 3, 2), f"lesson-{number}")
    with writing(here.engine) as session:
        act = here.act(session, actor(here, "lena"))
        review = reviews.take(act, scope_of(session, lena), "2025Q2", taken)
        reviews.move(act, review, date(2026, 2, 27), "Kit Marlowe leaves in March.")
    is_known(here, visit)

    with writing(here.engine) as session:
        row = session.get_one(Review, review.id)
        reviews.hand_over(here.act(session, actor(here, "lena")), row, here.staff("hana").id, "Hana has time.")
    reminded(here, "2026-02-27")

    assert "[name left out] does." in mailed(here, "review")
    assert "moved the date: [name left out] leaves in March." in mailed(here, "review_reminder")
    assert "Marlowe" not in mailed(here, "review") + mailed(here, "review_reminder")


def test_nor_in_a_reminder_of_an_action_with_the_reason_of_its_date(here: Town, visit: str) -> None:
    _, one = agreed(here, visit)
    act_on(here, one, "start")
    act_on(here, one, "change_dates", completes="2026-03-06", because="Kit Marlowe asked for more time.")
    is_known(here, visit)

    reminded(here, "2026-03-06")

    assert "[name left out] asked for more time." in mailed(here, "action_reminder")


def reminded(here: Town, day: str) -> None:
    """All the reminders that are due by then."""
    here.now = at(day)
    with reading(here.engine) as session:
        due = reminders.due(here.act(session))
    for one in due:
        with writing(here.engine) as session:
            remind(here.act(session), one)
