"""What an ombudsman looked into becomes a study of its case that everybody can learn from."""

import pytest
from sqlalchemy import Engine

from learning.ombudsmen import ombudsman_verbs
from storage.database import writing
from tests.learning.academy import LESSON, actor, lesson, look
from tests.learning.lessons import checked, published, written
from tests.town import Town, town
from tests.web.test_learning import served

BODY = "the Parliamentary and Health Service Ombudsman"
STUDY = {
    "title_en": "What the ombudsman found about a damp wall",
    "you_said_en": "A tenant told us four times of a damp wall. The ombudsman found that nobody had looked.",
    "we_did_en": "Whoever reports damp is visited within five days, and rung a month after the repair.",
}


def record(here: Town, reference: str, verb: str, **given: str) -> None:
    with writing(here.engine) as session:
        act = here.act(session, actor(here, "hana"))
        ombudsman_verbs.do(act, here.case(session, reference), verb, given)


@pytest.mark.requirement("R349")
def test_a_complaint_that_an_ombudsman_investigated_is_told_as_a_study_of_what_was_learnt(engine: Engine) -> None:
    here = town(engine, "2026-05-04")
    reference = here.mail("There is damp.") or ""
    record(here, reference, "take_up", body="phso")
    record(here, reference, "record_finding", matter="1", finding="maladministration")
    record(here, reference, "recommend", matter="1", text="Visit whoever reports damp.", due="2026-07-03")
    number = lesson(here, reference, service="repairs", source="ombudsman", external_body=BODY, known_before="no")
    written(here, number, **STUDY)
    checked(here, number)
    published(here, number)

    with served(here) as pages:
        told = pages.get("/learning/what-the-ombudsman-found-about-a-damp-wall")
        feed = pages.get("/learning/feed.json").json()

    found = look(here, number)
    assert (found.lesson.source, found.lesson.cause, found.cases[0][1].reference) == (
        "ombudsman", LESSON["cause"], reference,
    )  # fmt: skip
    assert told.status_code == 200
    assert all(words in told.text for words in STUDY.values())
    assert [one["title"] for one in feed["items"]] == [STUDY["title_en"]]
    assert reference not in told.text + str(feed)
