"""A lesson told to the public: written without names, checked by a second person, published and withdrawn by people."""

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from learning.public import published as pages
from learning.public import publishing
from learning.verb import Refused
from storage.database import reading
from storage.tables import Colleague, LearningEvent, Lesson, Publication
from tests.learning.lessons import TEXTS, a_lesson, acting, checked, of, out, published, withdrawn, written
from tests.town import Town, town

WELSH = {"title_cy": "Gwaith trwsio", "you_said_cy": "Bu’n rhaid aros.", "we_did_cy": "Ni all neb ei gau."}


@pytest.fixture
def the_town(engine: Engine) -> Town:
    return town(engine)


def publication(there: Town) -> Publication:
    with reading(there.engine) as session:
        return session.exec(select(Publication)).one()


def refused(there: Town, lesson_id: int, by: str = "mina", **changed: str) -> Refused:
    with pytest.raises(Refused) as error, acting(there, by) as act:
        publishing.write(act, act.session.get_one(Lesson, lesson_id), {**TEXTS, **changed})
    return error.value


@pytest.mark.requirement("R117")
def test_it_is_public_only_once_a_second_person_checked_it_and_someone_published_it(the_town: Town) -> None:
    lesson = a_lesson(the_town)
    states = []

    for step in (written, checked, published):
        step(the_town, lesson)
        states.append(publishing.is_out(publication(the_town)))

    assert states == [False, False, True]
    assert publication(the_town).published_at == the_town.now


def test_who_wrote_it_can_not_be_the_one_who_checks_it(the_town: Town) -> None:
    lesson = a_lesson(the_town)
    written(the_town, lesson, by="mina")

    with pytest.raises(Refused, match="Somebody other than who wrote it must check it"):
        checked(the_town, lesson, by="mina")


def test_nothing_is_published_unchecked(the_town: Town) -> None:
    lesson = a_lesson(the_town)
    written(the_town, lesson)

    with pytest.raises(Refused, match="must check it first"):
        published(the_town, lesson)


def test_handlers_write_but_neither_check_nor_publish(the_town: Town) -> None:
    lesson = a_lesson(the_town)
    written(the_town, lesson, by="ravi")

    for step in (checked, published):
        with pytest.raises(Refused, match="Only a manager or leader"):
            step(the_town, lesson, by="hana")


def test_a_change_after_the_check_has_to_be_checked_again(the_town: Town) -> None:
    lesson = a_lesson(the_town)
    written(the_town, lesson)
    checked(the_town, lesson)
    written(the_town, lesson, we_did_en="We now ask.")

    with pytest.raises(Refused, match="must check it first"):
        published(the_town, lesson)


def test_a_name_from_a_linked_complaint_stops_it_saying_what_was_found(the_town: Town) -> None:
    lesson = a_lesson(the_town, the_town.mail("The lift is broken."))

    error = refused(the_town, lesson, you_said_en="Jo Bloggs waited. Write to jo@citizen.example or ring 01632 960111.")

    assert error.field == "you_said_en"
    for words in ("names “Jo Bloggs”", "an email address, jo@citizen.example", "telephone number or another long"):
        assert words in str(error)


def test_so_does_one_in_the_welsh_text_or_the_title(the_town: Town) -> None:
    reference = the_town.mail("The lift is broken.")
    lesson = a_lesson(the_town, reference)

    assert refused(the_town, lesson, **{**WELSH, "we_did_cy": "Diolch i Jo."}).field == "we_did_cy"
    assert refused(the_town, lesson, title_en=f"About {reference}").field == "title_en"


def test_a_complaint_linked_after_the_check_still_stops_it(the_town: Town) -> None:
    lesson = a_lesson(the_town)
    written(the_town, lesson, you_said_en="What Bloggs told us about the lift.")
    checked(the_town, lesson)
    other = a_lesson(the_town, the_town.mail("The lift is broken."))
    with acting(the_town, "mina") as act:
        of(act, lesson).lesson_id = other

    with pytest.raises(Refused, match="names “Bloggs”"):
        published(the_town, other)


def test_what_is_missing_is_named_with_its_field(the_town: Town) -> None:
    lesson = a_lesson(the_town)

    assert refused(the_town, lesson, title_en="").field == "title_en"
    assert "title and both texts in Welsh" in str(refused(the_town, lesson, title_cy="Dim ond teitl"))
    assert "longer than 120 letters" in str(refused(the_town, lesson, title_en="x" * 121))


def test_welsh_is_kept_beside_english(the_town: Town) -> None:
    written(the_town, a_lesson(the_town), **WELSH)

    assert publication(the_town).texts["cy"]["title"] == "Gwaith trwsio"


def test_it_is_withdrawn_with_a_reason_and_checked_again_before_it_comes_back(the_town: Town) -> None:
    lesson = out(the_town)

    with pytest.raises(Refused, match="why it is withdrawn"):
        withdrawn(the_town, lesson, because=" ")
    withdrawn(the_town, lesson)
    with pytest.raises(Refused, match="must check it first"):
        published(the_town, lesson)

    assert not publishing.is_out(publication(the_town))


def test_what_is_out_is_not_changed_under_its_readers(the_town: Town) -> None:
    lesson = out(the_town)

    assert "Withdraw it with a reason" in str(refused(the_town, lesson))


def test_each_step_is_an_event_with_who_when_and_why(the_town: Town) -> None:
    lesson = out(the_town)
    withdrawn(the_town, lesson, because="The measure has failed.")

    with reading(the_town.engine) as session:
        rows = session.exec(select(LearningEvent).order_by(col(LearningEvent.id))).all()

    assert [(row.name, row.by, row.because) for row in rows] == [
        ("lesson.publication_written", "Mina", ""),
        ("lesson.publication_checked", "Lena", ""),
        ("lesson.published", "Mina", ""),
        ("lesson.publication_withdrawn", "Mina", "The measure has failed."),
    ]


def test_two_lessons_of_one_title_have_two_addresses(the_town: Town) -> None:
    for title in ("Être à l’heure!", "Être à l’heure!", "…"):
        written(the_town, a_lesson(the_town), title_en=title)

    with reading(the_town.engine) as session:
        assert set(session.exec(select(Publication.slug))) == {"etre-a-lheure", "etre-a-lheure-2", "lesson"}


def test_colleagues_complained_about_and_who_dealt_with_it_are_not_named_either(the_town: Town) -> None:
    reference = the_town.mail("The lift is broken.")
    the_town.do(reference, "assign", to="hana@town.example")
    case = the_town.look(reference)
    the_town.change(Colleague(case_id=case.id or 0, name="Kit Marlowe", email="kit@town.example", told_at=the_town.now))
    lesson = a_lesson(the_town, reference)
    handler = the_town.staff("hana").name

    assert "names “Marlowe”" in str(refused(the_town, lesson, we_did_en="We trained Marlowe again."))
    assert f"names “{handler}”" in str(refused(the_town, lesson, we_did_en=f"Our {handler} saw to it."))


def test_a_name_that_becomes_known_after_publishing_is_in_no_page_and_no_feed(the_town: Town) -> None:
    visit = the_town.mail("Nobody came.") or ""
    out(the_town, visit, we_did_en="The list that Kit Marlowe keeps is read each evening.")
    case_id = the_town.look(visit).id or 0
    the_town.change(Colleague(case_id=case_id, name="Kit Marlowe", email="kit@town.example", told_at=the_town.now))

    with reading(the_town.engine) as session:
        entries, _ = pages.entries(session)
        one = pages.find(session, entries[0].slug)

    assert one == entries[0]
    assert one.texts["en"]["we_did"] == "The list that [name left out] keeps is read each evening."
