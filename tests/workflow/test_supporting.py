"""Colleagues complained about are told early, pointed to support, and named to nobody else."""

from typing import Any

import pytest
from sqlmodel import Session, select

from desk.story import story
from learning.afterwards.colleagues import support_given
from learning.feedback import survey_sending, surveys
from storage.database import reading, writing
from storage.tables import Colleague, Message, SurveyInvitation
from templates.writing import write
from tests.town import Town
from workflow.casework import VERBS, Refused
from workflow.casework.situation import situation

CAROL: dict[str, Any] = {"name": "Carol Carer", "email": "Carol@town.example"}


@pytest.fixture
def visit(here: Town) -> str:
    reference = here.mail("My carer shouted at me.", to="care@town.example")
    here.send()
    assert reference
    return reference


def mails(here: Town, kind: str) -> list[Message]:
    with Session(here.engine) as session:
        return list(session.exec(select(Message).where(Message.kind == kind)))


@pytest.mark.requirement("R228", "R229", "R285")
def test_a_colleague_is_told_at_once_and_pointed_to_counselling_professional_body_and_union(
    here: Town, visit: str
) -> None:
    here.do(visit, "assign", to="hana@town.example")
    here.do(visit, "tell_colleague", **CAROL, note="Hana rings you on Friday.")

    [mail] = mails(here, "colleague_told")
    assert mail.address == "carol@town.example"
    for words in ("counselling", "professional body", "Your union", "A complaint is not a finding", "Hana rings you"):
        assert words.lower() in mail.text.lower()
    assert "shouted" not in mail.text
    assert here.events(visit)[-1] == "colleague.told"


def test_the_story_of_the_case_names_no_colleague(here: Town, visit: str) -> None:
    here.do(visit, "tell_colleague", **CAROL)
    here.do(visit, "record_support", kind="union", on="2025-12-18")

    with reading(here.engine) as session:
        told = [one.what for one in story(session, here.look(visit))]

    assert told[:2] == ["Support for colleague 1 on 18 December 2025: union",
                        "Colleague 1 was told that the complaint is about their work"]  # fmt: skip
    assert not any("arol" in line for line in told)


def test_the_form_for_support_names_no_colleague(here: Town, visit: str) -> None:
    here.do(visit, "tell_colleague", **CAROL)

    with writing(here.engine) as session:
        case = here.case(session, visit)
        fields = VERBS["record_support"].fields(here.act(session), situation(session, case, here.now))

    assert [label for _, label in fields[0].options] == ["Colleague 1, told on Thursday 18 December 2025"]


@pytest.mark.requirement("R228", "R285")
def test_support_is_recorded_with_its_day(here: Town, visit: str) -> None:
    here.do(visit, "tell_colleague", **CAROL)

    here.do(visit, "record_support", kind="counselling", on="2025-12-17", note="Two hours")
    here.do(visit, "record_support", kind="manager")

    with reading(here.engine) as session:
        steps = support_given(session, here.look(visit).id or 0)
    assert [(one.kind, str(one.on)) for one in steps] == [("counselling", "2025-12-17"), ("manager", "2025-12-18")]


@pytest.mark.parametrize(
    ("verb", "given", "why"),
    [
        ("tell_colleague", {"name": "Carol", "email": "no address"}, "email"),
        ("tell_colleague", CAROL, "already"),
        ("record_support", {"kind": "prayer"}, "Select what support"),
        ("record_support", {"kind": "union", "on": "2026-12-18"}, "today or earlier"),
        ("record_support", {"kind": ""}, "Enter what support"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    here: Town, visit: str, verb: str, given: dict[str, Any], why: str
) -> None:
    here.do(visit, "tell_colleague", **CAROL)

    with pytest.raises(Refused, match=f"(?i){why}"):
        here.do(visit, verb, **given)


def test_support_for_nobody_is_refused_and_of_two_one_must_be_chosen(here: Town, visit: str) -> None:
    with pytest.raises(Refused, match="No colleague"):
        here.do(visit, "record_support", kind="union")
    here.do(visit, "tell_colleague", **CAROL)
    here.do(visit, "tell_colleague", name="Colin", email="colin@town.example")

    with pytest.raises(Refused, match="Select which colleague"):
        here.do(visit, "record_support", kind="union")


@pytest.mark.requirement("R019", "R065")
def test_after_closing_a_colleague_is_told_so_and_asked_how_they_were_treated(here: Town, visit: str) -> None:
    here.do(visit, "tell_colleague", **CAROL)
    here.do(visit, "withdraw", still_dissatisfied="no")

    with writing(here.engine) as session:
        act = here.act(session)
        for _ in range(2):
            for event in surveys.closings(act):
                surveys.invite(act, event)
    with writing(here.engine) as session:
        row = session.exec(select(SurveyInvitation).where(SurveyInvitation.grp == "colleague")).one()
        here.now = row.send_at
        survey_sending.send(here.act(session), row.id or 0)

    assert len(mails(here, "colleague_closed")) == 1
    [survey] = mails(here, "survey")
    assert survey.address == "carol@town.example"
    assert "We would like to know how we treated you" in survey.text


def test_a_mail_to_a_colleague_that_bounces_is_a_task_without_their_name(here: Town, visit: str) -> None:
    here.do(visit, "tell_colleague", **CAROL)
    here.send()

    here.bounce(mails(here, "colleague_told")[0])

    assert "bounced" in here.tasks(visit)
    with Session(here.engine) as session:
        assert len(session.exec(select(Colleague)).all()) == 1


def test_the_letters_to_colleagues_stand_in_english_alone() -> None:
    facts = {"name": "C", "reference": "RD-1", "contact": "Hana", "note": "", "organisation": "Town"}

    assert write("colleague_closed", facts, "cy") == write("colleague_closed", facts)
