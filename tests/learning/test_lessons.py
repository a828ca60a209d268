"""Lessons: written from complaints or elsewhere, linked across services and bodies, learnt by those who must."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from learning.leading.first_screen import questions
from learning.numbers.asking import Ask
from learning.quarters import parse
from learning.scopes import scope_of
from learning.verb import Refused
from storage.database import reading
from storage.tables import Event, LearningEvent, Lesson, Message, Staff, Task
from tests.learning.academy import LESSON, do, happened, lesson, look, upheld
from tests.town import Town, at, town
from workflow.casework.verbs import ChangedMeanwhile


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine, "2026-01-05")


def read(here: Town, number: int) -> Lesson:
    return look(here, number).lesson


def mails(here: Town, kind: str) -> list[Message]:
    with reading(here.engine) as session:
        return list(session.exec(select(Message).where(Message.kind == kind)))


@pytest.mark.requirement("R008", "R337")
def test_a_complaint_shows_the_lesson_it_led_to(here: Town) -> None:
    reference = here.mail("My carer did not come.", to="care@town.example")

    number = lesson(here, reference, wider_implications="Other visits are missed unseen too.")

    assert [case.reference for _, case in look(here, number).cases] == [reference]
    assert here.all(Event, reference)[-1].data == {"lesson": number, "title": LESSON["title"]}
    assert read(here, number).wider_implications == "Other visits are missed unseen too."


@pytest.mark.requirement("R009", "R255", "R258")
def test_one_lesson_comes_from_complaints_of_several_services_and_organisations(here: Town) -> None:
    care = here.mail("My carer did not come.", to="care@town.example")
    homes = here.mail("The plumber did not come.", to="housing@town.example")
    number = lesson(here, care)

    do(here, number, "link", cases=f"{homes} {care}", how="same_cause")

    linked = [(row.how, case.organisation_id) for row, case in look(here, number).cases]
    assert linked == [("first", here.look(care).organisation_id), ("same_cause", here.look(homes).organisation_id)]
    assert here.look(care).organisation_id != here.look(homes).organisation_id


@pytest.mark.requirement("R374")
def test_complaints_are_grouped_to_find_a_fault_of_the_system_and_leaders_are_asked_about_it(here: Town) -> None:
    references = [here.mail(f"Nobody came, week {week}.", to="care@town.example",
                            sender=f"{week}@citizen.example") for week in range(3)]  # fmt: skip
    number = lesson(here, references[0], source="group", is_systemic="yes")
    do(here, number, "link", cases=" ".join(one or "" for one in references[1:]), how="same_cause")
    here.now = at("2026-03-05")

    with reading(here.engine) as session:
        lena = session.exec(select(Staff).where(Staff.email == "lena@town.example")).one()
        asked = questions(Ask(session, scope_of(session, lena), parse("2025Q4"), here.now))

    assert [case.reference for _, case in look(here, number).cases] == references
    assert [(one.key, one.path) for one in asked] == [(f"lesson-{number}", f"/desk/lessons/{number}")]


def test_a_complaint_that_nobody_knows_is_not_linked_and_nothing_is_written(here: Town) -> None:
    with pytest.raises(Refused, match="There is no complaint RD-2222-2222 that you can see"):
        lesson(here, "RD-2222-2222")

    with reading(here.engine) as session:
        assert session.exec(select(Lesson)).all() == []


@pytest.mark.requirement("R098")
def test_a_lesson_linked_to_an_upheld_complaint_answers_what_was_learnt(here: Town) -> None:
    reference = upheld(here)
    asked = here.tasks(reference)

    lesson(here, reference, service="repairs")

    assert (asked, here.tasks(reference)) == (["what_was_learnt"], [])


def test_a_wrong_link_is_taken_away_with_the_reason(here: Town) -> None:
    reference = here.mail("My carer did not come.", to="care@town.example")
    number = lesson(here, reference)

    do(here, number, "unlink", case=reference or "", because="It was about another visit.")

    assert look(here, number).cases == []
    assert here.all(Event, reference)[-1].because == "It was about another visit."


@pytest.mark.requirement("R022", "R023", "R024", "R357")
@pytest.mark.parametrize("source", ["internal_review", "external_review", "ombudsman"])
def test_a_systemic_fault_found_by_a_review_or_an_ombudsman_is_recorded_without_a_complaint(
    here: Town, source: str
) -> None:
    number = lesson(here, source=source, external_body="PHSO", known_before="no", is_systemic="yes")

    found = read(here, number)
    assert (found.source, found.is_systemic, found.external_body) == (source, True, "PHSO")
    assert found.known_before is False


@pytest.mark.requirement("R357")
@pytest.mark.parametrize(
    ("given", "field"),
    [({"known_before": "no"}, "external_body"), ({"external_body": "CQC"}, "known_before")],
)
def test_what_came_from_outside_says_from_whom_and_whether_we_had_known(
    here: Town, given: dict[str, str], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        lesson(here, source="external_review", **given)

    assert refused.value.field == field


@pytest.mark.requirement("R385")
def test_causes_in_the_system_are_offered_before_a_persons() -> None:
    from learning.words import options

    assert [name for name, _ in options("cause")][-1] == "individual"
    assert len(options("cause")) == 9


@pytest.mark.requirement("R388")
def test_a_lesson_names_the_version_of_the_policy_and_keeps_what_it_said_before(here: Town) -> None:
    number = lesson(here, policy="Visits policy, version 3")

    do(here, number, "change", given={**LESSON, "policy": "Visits policy, version 4"}, because="New version.")

    with reading(here.engine) as session:
        event = session.exec(select(LearningEvent).where(LearningEvent.name == "lesson.changed")).one()
    assert read(here, number).policy == "Visits policy, version 4"
    assert event.data == {"was": {"policy": "Visits policy, version 3"}}
    assert (event.by, event.because) == ("Mina", "New version.")


def test_the_second_of_two_people_is_told_and_overwrites_nothing(here: Town) -> None:
    number = lesson(here)
    seen = read(here, number).version
    do(here, number, "change", given={**LESSON, "title": "Each missed visit is noticed"}, version=seen)

    with pytest.raises(ChangedMeanwhile):
        do(here, number, "change", given={**LESSON, "title": "Visits must be kept"}, version=seen)

    assert read(here, number).title == "Each missed visit is noticed"


@pytest.mark.requirement("R381")
def test_who_must_learn_is_named_and_told_by_mail_and_by_a_task(here: Town) -> None:
    number = lesson(here)

    do(here, number, "name_learner", who="service:repairs", people="everyone who books visits")

    (learner,) = look(here, number).learners
    (mail,) = mails(here, "lesson_told")
    with reading(here.engine) as session:
        task = session.exec(select(Task).where(Task.kind == "lesson_to_learn")).one()
    assert learner.told_at == here.now
    assert mail.address == "mina@town.example"
    assert "Town Homes: Repairs must learn" in mail.text
    assert ">Town Homes</td>" in (mail.html or "")
    assert f"https://redress.example/desk/lessons/{number}" in mail.text
    assert task.service_id == learner.service_id


def test_the_person_named_is_told_in_place_of_the_managers(here: Town) -> None:
    number = lesson(here)

    do(here, number, "name_learner", who="service:repairs", person="ravi@town.example")

    assert [mail.address for mail in mails(here, "lesson_told")] == ["ravi@town.example"]


@pytest.mark.requirement("R258", "R382")
def test_each_body_that_must_learn_records_what_it_changed(here: Town) -> None:
    number = lesson(here)
    do(here, number, "name_learner", who="service:repairs")
    do(here, number, "name_learner", who="organisation:town")
    first, second = look(here, number).learners

    do(here, number, "implemented", learner=str(first.id), what="Bookings are read out each evening.")

    first, second = look(here, number).learners
    assert (first.implemented_at, first.what) == (here.now, "Bookings are read out each evening.")
    assert second.implemented_at is None
    with reading(here.engine) as session:
        done = {task.key: task.done_at for task in session.exec(select(Task).where(Task.kind == "lesson_to_learn"))}
    assert done == {f"lesson_to_learn:{first.id}": here.now, f"lesson_to_learn:{second.id}": None}


def test_a_service_is_named_once(here: Town) -> None:
    number = lesson(here)
    do(here, number, "name_learner", who="service:repairs")

    with pytest.raises(Refused, match="named already"):
        do(here, number, "name_learner", who="service:repairs")

    assert happened(here, number) == ["lesson.written", "lesson.learner_told"]
