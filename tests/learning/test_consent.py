"""A story is told because its own person agreed: nobody's yes is another's, and a yes that is taken back counts."""

import pytest
from sqlmodel import select

from learning.afterwards import consent, informed, involvement
from learning.afterwards.stories import stories
from learning.numbers.asking import Ask
from learning.public import publishing
from learning.quarters import parse
from learning.scopes import scope_of
from learning.verb import Refused
from storage.database import reading, writing
from storage.tables import LearningEvent, Participant, Publication, Staff
from tests.learning.academy import agreed, do
from tests.learning.lessons import TEXTS, checked, published, written
from tests.learning.people import answered
from tests.town import Town


@pytest.fixture
def jo(here: Town) -> str:
    return answered(here)


@pytest.fixture
def kit(here: Town) -> str:
    return answered(here, "Nobody came to me either.")


def chooses(here: Town, reference: str, *ways: str) -> None:
    with writing(here.engine) as session:
        person = session.get_one(Participant, here.person(reference).id)
        involvement.choose(informed.as_complainant(here.act(session)), person, ways)


def told(here: Town) -> list[str]:
    """What people are told to have said, in Lena's digest of January to March 2026."""
    with reading(here.engine) as session:
        lena = session.exec(select(Staff).where(Staff.email == "lena@town.example")).one()
        return [one.you_said for one in stories(Ask(session, scope_of(session, lena), parse("2025Q4"), here.now))]


def out(here: Town, lesson: int, story_of: str) -> None:
    written(here, lesson, story_of=str(here.look(story_of).id))
    checked(here, lesson)
    published(here, lesson, shown="yes")


def publication(here: Town) -> Publication:
    with reading(here.engine) as session:
        return session.exec(select(Publication)).one()


def test_the_yes_of_one_person_never_tells_the_story_of_another(here: Town, jo: str, kit: str) -> None:
    lesson, _ = agreed(here, f"{jo} {kit}")
    chooses(here, jo, "story")

    with pytest.raises(Refused, match="does not agree"):
        written(here, lesson, story_of=str(here.look(kit).id))
    out(here, lesson, jo)

    assert told(here) == [TEXTS["you_said_en"]]


def test_a_lesson_that_is_nobodys_story_is_told_as_none(here: Town, jo: str, kit: str) -> None:
    lesson, _ = agreed(here, f"{jo} {kit}")
    chooses(here, jo, "story")

    written(here, lesson, story_of=publishing.NOBODYS)
    checked(here, lesson)
    published(here, lesson)

    assert told(here) == []


def test_a_yes_that_is_taken_back_takes_the_story_off_every_page(here: Town, jo: str, kit: str) -> None:
    lesson, _ = agreed(here, f"{jo} {kit}")
    chooses(here, jo, "story")
    chooses(here, kit, "story")
    out(here, lesson, jo)

    chooses(here, jo, "visit")

    assert told(here) == []
    assert not publishing.is_out(publication(here))
    with reading(here.engine) as session:
        event = session.exec(select(LearningEvent).where(LearningEvent.name == "lesson.publication_withdrawn")).one()
    assert (event.by, event.because) == (
        "complainant",
        "The person whose story it tells no longer agrees that it is told",
    )


def test_it_comes_back_only_with_a_new_yes(here: Town, jo: str) -> None:
    lesson, _ = agreed(here, jo)
    chooses(here, jo, "story")
    written(here, lesson, story_of=str(here.look(jo).id))
    checked(here, lesson)
    chooses(here, jo)

    with pytest.raises(Refused, match="no longer agrees"):
        published(here, lesson)
    chooses(here, jo, "story")
    published(here, lesson, shown="yes")

    assert told(here) == [TEXTS["you_said_en"]]


def test_somebody_elses_yes_on_another_complaint_changes_nothing_when_it_is_taken_back(
    here: Town, jo: str, kit: str
) -> None:
    lesson, _ = agreed(here, f"{jo} {kit}")
    chooses(here, jo, "story")
    chooses(here, kit, "story")
    out(here, lesson, jo)

    chooses(here, kit)

    assert told(here) == [TEXTS["you_said_en"]]
    with reading(here.engine) as session:
        assert [one.reference for one in consent.storytellers(session, lesson)] == [jo]


def test_a_story_is_published_only_in_words_that_its_person_has_seen(here: Town, jo: str) -> None:
    lesson, _ = agreed(here, jo)
    chooses(here, jo, "story")
    written(here, lesson, story_of=str(here.look(jo).id))
    checked(here, lesson)

    for shown in ("", "no"):
        with pytest.raises(Refused, match="Show them these words first"):
            published(here, lesson, shown=shown)

    assert not publishing.is_out(publication(here))


def test_a_story_leaves_when_its_complaint_does_not_belong_to_the_lesson(here: Town, jo: str, kit: str) -> None:
    lesson, _ = agreed(here, f"{jo} {kit}")
    chooses(here, jo, "story")
    out(here, lesson, jo)

    do(here, lesson, "unlink", case=jo, because="It was another visit.")

    assert not publishing.is_out(publication(here))
    checked(here, lesson)
    with pytest.raises(Refused, match="does not agree"):
        published(here, lesson, shown="yes")


def test_a_text_stays_when_another_complaint_does_not_belong_to_its_lesson(here: Town, jo: str, kit: str) -> None:
    lesson, _ = agreed(here, f"{jo} {kit}")
    chooses(here, jo, "story")
    out(here, lesson, jo)

    do(here, lesson, "unlink", case=kit, because="It was another visit.")

    assert publishing.is_out(publication(here))
