"""Surveys by post, for those whom no quick way reaches: printed, posted, reminded of once, answered by their number."""

from datetime import date

import pytest
from sqlmodel import Session, select

from learning.feedback import survey_answers, survey_post, surveys
from learning.feedback.survey_number import number_of, with_number
from learning.verb import Refused
from storage.database import reading, writing
from storage.tables import Message, SurveyInvitation, Task
from tests.learning.people import complained
from tests.learning.surveying import answers, invitations, kept, mails, sweep
from tests.town import KEYRING, Town, at

POSTAL = "2 Gate Lane\nTown TN1 1AA"


@pytest.fixture
def closed(here: Town) -> str:
    """The complaint of somebody who is safely reached by post alone, closed on 18 December."""
    reference = complained(here)
    here.do(reference, "change_contact", avoid="email", postal_address=POSTAL, because="he reads her mail")
    here.do(reference, "withdraw", still_dissatisfied="no")
    return reference


def posts(here: Town, message: Message, on: str) -> None:
    with writing(here.engine) as session:
        survey_post.posted(here.act(session), message.id or 0, date.fromisoformat(on))


def tasks(here: Town) -> list[bool]:
    """Of each task to post a survey, whether it is done."""
    with Session(here.engine) as session:
        found = session.exec(select(Task).where(Task.kind == "survey_post").order_by(Task.key))
        return [one.done_at is not None for one in found]


def hers(here: Town) -> SurveyInvitation:
    return next(one for one in invitations(here) if one.grp == "complainant")


@pytest.mark.requirement("R063")
def test_whom_post_alone_reaches_is_asked_by_a_letter_that_a_person_posts(here: Town, closed: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")

    [letter] = mails(here)
    with Session(here.engine) as session:
        task = session.exec(select(Task).where(Task.kind == "survey_post")).one()
    assert (letter.channel, letter.address, letter.subject) == ("post", POSTAL, "How did we do?")
    assert letter.case_id is None
    assert "https://redress.example/survey\n" in letter.text
    assert number_of(KEYRING, hers(here)) in letter.text
    assert "surveys/" in str(task.data["page"])
    assert task.case_id is None
    assert closed not in letter.text + task.text


def test_a_letter_is_sent_when_it_is_posted_and_the_reminder_counts_from_then(here: Town, closed: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")
    before = hers(here).sent_at
    here.now = at("2025-12-30")
    posts(here, mails(here)[0], "2025-12-29")

    sent = []
    for day in ("2026-01-14", "2026-01-15", "2026-01-16"):
        sweep(here, day)
        sent.append(len(mails(here)))

    assert before is None
    assert hers(here).sent_at == at("2025-12-29 08:00")
    assert sent == [1, 2, 2]
    assert mails(here)[1].text.count("We asked you once before. We will not ask again.") == 1
    assert tasks(here) == [True, False]


def test_one_reminder_is_all(here: Town, closed: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")
    posts(here, mails(here)[0], "2025-12-25")
    sweep(here, "2026-01-11")
    posts(here, mails(here)[1], "2026-01-11")

    for day in ("2026-01-28", "2026-02-07", "2026-05-01"):
        sweep(here, day)

    assert len(mails(here)) == 2
    assert hers(here).closed_at


def test_what_nobody_posted_for_a_fortnight_is_not_posted_any_more(here: Town, closed: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")
    sweep(here, "2026-01-08")

    assert [one.recalled_at is not None for one in mails(here)] == [True]
    assert tasks(here) == [True]
    assert hers(here).closed_at
    assert hers(here).sent_at is None


def test_a_letter_that_waits_to_be_posted_is_taken_back_when_the_case_is_closed_anew(here: Town, closed: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")
    here.do(closed, "reopen", because="She rang")
    here.do(closed, "withdraw", still_dissatisfied="no")

    sweep(here)
    sweep(here, "2026-01-01")

    assert [one.recalled_at is not None for one in sorted(mails(here), key=lambda one: one.id or 0)] == [True, False]
    assert sorted(tasks(here)) == [False, True]


@pytest.mark.parametrize("how", ["answers", "stops"])
def test_who_has_answered_or_stopped_is_never_reminded(here: Town, closed: str, how: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")
    posts(here, mails(here)[0], "2025-12-25")
    sweep(here, "2026-01-11")  # the reminder is printed, but not posted yet

    if how == "answers":
        answers(here, hers(here).id, handling="agree")
    else:
        with writing(here.engine) as session:
            survey_answers.stop(here.act(session), hers(here).id or 0)

    reminder = mails(here)[1]
    assert reminder.recalled_at is not None
    assert tasks(here) == [True, True]
    with pytest.raises(Refused, match="answered or stopped meanwhile"):
        posts(here, reminder, "2026-01-11")


def test_answers_from_a_sheet_are_nobodys_either(here: Town, closed: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")
    posts(here, mails(here)[0], "2025-12-25")

    answers(here, hers(here).id, handling="agree")

    assert [(one.channel, one.answers) for one in kept(here)] == [("post", {"handling": "agree"})]


@pytest.mark.parametrize(("on", "why"), [("2025-12-24", "before it was written"), ("2025-12-27", "today or earlier")])
def test_a_day_on_which_it_can_not_have_been_posted_is_refused(here: Town, closed: str, on: str, why: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")
    here.now = at("2025-12-26")

    with pytest.raises(Refused, match=why):
        posts(here, mails(here)[0], on)


def test_once_it_is_posted_nobody_can_look_up_whose_number_it_was(here: Town, closed: str) -> None:
    sweep(here)
    sweep(here, "2025-12-25")
    number = mails(here)[0].id or 0

    posts(here, mails(here)[0], "2025-12-25")

    with writing(here.engine) as session:
        assert survey_post.to_post(session, number) is None


def test_until_it_is_posted_their_progress_page_does_not_ask(here: Town, closed: str) -> None:
    def is_asked() -> bool:
        with reading(here.engine) as session:
            return surveys.open_for(session, here.person(closed).id or 0) is not None

    sweep(here)
    sweep(here, "2025-12-25")
    before = is_asked()
    posts(here, mails(here)[0], "2025-12-25")

    assert (before, is_asked()) == (False, True)


def test_a_welsh_case_gets_a_welsh_letter(here: Town, closed: str) -> None:
    here.do(closed, "change_contact", language="cy", because="she asked for it")
    sweep(here)
    sweep(here, "2025-12-25")

    assert mails(here)[0].subject == "Sut wnaethom ni?"
    assert "Ticiwch un blwch" in mails(here)[0].text


def test_a_number_is_known_however_it_is_typed_and_a_slip_finds_nobody(here: Town, closed: str) -> None:
    sweep(here)
    row = hers(here)
    number = number_of(KEYRING, row)
    last = "A" if number[-1] != "A" else "C"

    def found(typed: str) -> int | None:
        with reading(here.engine) as session:
            known = with_number(session, KEYRING, typed)
            return known.id if known else None

    right = (
        number,
        number.lower(),
        number.replace("-", ""),
        f"  {number.replace('-', ' ')} ",
        number.replace("O", "0"),
    )
    wrong = (number[:-1] + last, number[:-1], f"9{number}", "", "0", "-", "x" * 500, "1-----", f"0{number}")
    assert [found(one) for one in right] == [row.id] * len(right)
    assert [found(one) for one in wrong] == [None] * len(wrong)
