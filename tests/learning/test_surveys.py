"""Whom we ask how it was, when, how often, and that nobody can tell whose answers are whose."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from learning.feedback import survey_sending, surveys
from learning.feedback.survey_items import FIRST, items_for
from mailroom.wire import as_bytes
from storage.database import reading, writing
from storage.tables import Colleague, Message, Participant, SurveyAnswer
from tests.learning.people import complained
from tests.learning.surveying import answers, invitations, mails, sweep
from tests.town import Town, at


@pytest.fixture
def closed(here: Town) -> str:
    """A complaint that was closed on 18 December."""
    reference = complained(here)
    here.do(reference, "withdraw", still_dissatisfied="no")
    return reference


@pytest.mark.requirement("R063", "R241", "R264", "R311")
def test_a_week_after_closing_the_person_is_asked_once_and_reminded_once(here: Town, closed: str) -> None:
    sent = []
    for day in ("2025-12-18", "2025-12-24", "2025-12-25", "2025-12-26", "2026-01-04", "2026-01-05", "2026-03-01"):
        sweep(here, day)
        sent.append(len(mails(here)))

    assert sent == [0, 0, 1, 1, 2, 2, 2]
    assert next(one for one in invitations(here) if one.grp == "complainant").closed_at
    first, reminder = sorted(mails(here), key=lambda one: one.created_at)
    assert (first.subject, reminder.subject) == ("How did we do?", "A reminder: how did we do?")
    assert "Overall, I am satisfied with how my complaint was dealt with." in first.text


def test_the_mail_can_be_stopped_by_one_click_and_names_no_case(here: Town, closed: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")

    raw = as_bytes(mails(here)[0]).decode()

    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    assert closed not in raw
    assert mails(here)[0].case_id is None


@pytest.mark.requirement("R064")
def test_those_who_support_them_are_a_group_of_their_own(here: Town) -> None:
    reference = complained(here)
    here.change(Participant(case_id=here.look(reference).id or 0, role="advocate", email="al@advice.example"))
    here.do(reference, "withdraw", still_dissatisfied="no")

    sweep(here)

    assert sorted(one.grp for one in invitations(here)) == ["complainant", "supporter"]


@pytest.mark.requirement("R066", "R247")
def test_those_who_deal_with_complaints_are_asked_once_a_quarter_after_it_has_ended(here: Town) -> None:
    sweep(here, "2025-12-18")
    before = invitations(here)
    sweep(here, "2026-01-02")
    sweep(here, "2026-01-03")

    assert before == []
    assert [one.grp for one in invitations(here)] == ["complaints_staff"] * 3
    for mail in mails(here, to_staff=True):
        assert mail.subject == "How is your work with complaints?"
        assert "without your complaint" not in mail.text
        assert "Gymraeg" not in mail.text  # staff are written to in English
    assert {one.address for one in mails(here, to_staff=True)} == {
        f"{name}@town.example" for name in ("hana", "ravi", "mina")
    }


def test_a_way_that_is_not_safe_is_not_used_and_the_survey_waits_on_the_progress_page(here: Town, closed: str) -> None:
    sweep(here)
    here.do(closed, "change_contact", avoid="email", because="he reads her mail")

    sweep(here, "2025-12-25")

    assert mails(here) == []
    with reading(here.engine) as session:
        assert surveys.open_for(session, here.person(closed).id or 0)


def test_someone_reached_by_chat_is_asked_there(here: Town, closed: str) -> None:
    person = here.person(closed)
    person.chat, person.prefers = "telegram:12345", "telegram"
    here.change(person)

    sweep(here)
    sweep(here, "2025-12-25")

    [message] = mails(here)
    assert (message.channel, message.address) == ("telegram", "12345")
    assert "https://redress.example/survey/" in message.text
    assert invitations(here)[0].channel == "telegram"


def test_a_case_that_was_opened_again_is_asked_about_when_it_closes_again(here: Town, closed: str) -> None:
    sweep(here)
    here.do(closed, "reopen", because="She rang")
    sweep(here, "2025-12-25")
    while_open = len(mails(here))

    here.do(closed, "withdraw", still_dissatisfied="no")
    sweep(here)
    sweep(here, "2026-01-01")

    assert while_open == 0
    assert len(mails(here)) == 1


def test_whose_case_is_opened_and_closed_again_within_the_week_is_asked_once_and_later(here: Town, closed: str) -> None:
    sweep(here)
    here.do(closed, "reopen", because="She rang")
    here.now = at("2025-12-20")
    here.do(closed, "withdraw", still_dissatisfied="no")

    sent = []
    for day in ("2025-12-20", "2025-12-25", "2025-12-26", "2025-12-27", "2026-01-04"):
        sweep(here, day)
        sweep(here)  # the same closings again
        sent.append(len(mails(here)))

    assert sent == [0, 0, 0, 1, 1]


def test_a_colleague_is_asked_once_about_a_case_however_often_it_is_closed(here: Town, closed: str) -> None:
    case = here.look(closed).id or 0
    here.change(Colleague(case_id=case, name="Cal", email="cal@town.example", told_at=here.now))
    sweep(here)
    sweep(here, "2025-12-25")
    here.do(closed, "reopen", because="She rang")
    here.do(closed, "withdraw", still_dissatisfied="no")

    for day in ("2025-12-25", "2026-01-01", "2026-01-04", "2026-03-01"):
        sweep(here, day)

    with Session(here.engine) as session:
        asked = session.exec(select(Message).where(Message.kind == "survey", Message.address == "cal@town.example"))
        assert len(asked.all()) == 2  # and once reminded


def test_those_who_deal_with_complaints_are_not_asked_again_when_the_clock_is_put_back(here: Town) -> None:
    sweep(here, "2025-12-18")
    sweep(here, "2026-01-02")
    asked = len(mails(here, to_staff=True))

    sweep(here, "2025-12-31")
    sweep(here, "2026-01-03")

    assert asked > 0
    assert len(mails(here, to_staff=True)) == asked


def test_what_is_no_complaint_is_not_asked_about(here: Town) -> None:
    reference = complained(here, "Thank you!")
    here.do(reference, "refile", kind="compliment", because="It is praise", tell="no")

    sweep(here)

    assert invitations(here) == []


def test_answers_are_kept_once_without_the_person_the_case_and_the_time(here: Town, closed: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")
    number = invitations(here)[0].id

    here.now += timedelta(days=2)
    taken = [answers(here, number, handling="agree", outcome="nonsense", other="agree") for _ in range(2)]

    with Session(here.engine) as session:
        [kept] = session.exec(select(SurveyAnswer))
    assert taken == [True, False]
    assert kept.answers == {"handling": "agree"}
    assert (kept.grp, kept.quarter, kept.channel) == ("complainant", "2025Q3", "email")
    assert {"case_id", "participant_id", "answered_at"} & set(SurveyAnswer.model_fields) == set()
    assert invitations(here)[0].closed_at == at("2025-12-25")  # when it was sent, not when it was answered


def test_who_has_answered_is_not_reminded(here: Town, closed: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")
    answers(here, invitations(here)[0].id, handling="agree")

    sweep(here, "2026-01-10")

    assert len(mails(here)) == 1


def test_an_empty_answer_is_refused(here: Town, closed: str) -> None:
    sweep(here)

    with pytest.raises(ValueError, match="no question"):
        answers(here, invitations(here)[0].id)


def test_two_workers_send_one_survey(here: Town, closed: str) -> None:
    sweep(here)
    here.now = at("2025-12-25")
    number, did = invitations(here)[0].id or 0, []

    for _ in range(2):
        with writing(here.engine) as session:
            did.append(survey_sending.send(here.act(session), number))

    assert did == [True, False]


@pytest.mark.parametrize("group", ["complainant", "supporter", "colleague", "complaints_staff"])
def test_every_survey_is_short_and_asks_of_handling_first_in_the_mail(group: str) -> None:
    assert 5 < len(items_for(group)) <= 12
    assert FIRST in {item.id for item in items_for(group)}
