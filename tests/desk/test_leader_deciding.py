"""A leader's decisions: taken with owner and date, not asked for again, moved, given to others, and done."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storage.database import reading
from storage.tables import Message, Review, ReviewEvent, Staff
from tests.desk.leading import DUE, QUARTER, decided
from tests.desk.office import Desk, desk, fields_of
from tests.learning.quarter import Quarter, quarter


@pytest.fixture
def there(engine: Engine) -> Iterator[Desk]:
    """The desk on 14 October 2026."""
    with desk(engine, "2026-10-14") as found:
        yield found


@pytest.fixture
def homes(there: Desk) -> Quarter:
    """Its housing association, with a leader named Olu."""
    return quarter(there.town)


@pytest.mark.requirement("R015", "R016", "R092")
def test_a_decision_is_recorded_with_its_owner_and_date_and_its_owner_is_told(there: Desk, homes: Quarter) -> None:
    homes.complaints(6, "2026-07-06", subject="delay")
    client, mina = (
        there.as_("olu"),
        Staff(organisation_id=homes.homes, email="mo@town.example", name="Mo", role="manager"),
    )
    homes.keep(mina)

    sent = decided(client, f"{QUARTER}/decide/subject-delay", question="Why so much delay?",
                   decision="Two more planners from November.", owner=str(mina.id), **DUE)  # fmt: skip

    assert sent.status_code == 303
    with reading(there.engine) as session:
        kept = session.exec(select(Review)).one()
        event = session.exec(select(ReviewEvent)).one()
        told = session.exec(select(Message).where(Message.kind == "review")).one()
    assert (kept.decision, kept.owner_id, kept.due) == ("Two more planners from November.", mina.id, date(2026, 12, 1))
    assert (event.name, event.by) == ("review.taken", "Olu Ade")
    assert (told.address, kept.decision in told.text) == ("mo@town.example", True)


def test_a_decision_answers_the_question_so_that_it_is_not_asked_again(there: Desk, homes: Quarter) -> None:
    homes.complaints(6, "2026-07-06", subject="delay")
    client = there.as_("olu")
    form = client.get(f"{QUARTER}/decide/subject-delay").text
    question = form.split("<textarea")[1].split(">")[1].split("<")[0].strip()

    decided(client, f"{QUARTER}/decide/subject-delay", question=question, decision="More planners.",
            owner=str(homes.olu.id), **DUE)  # fmt: skip
    page = client.get(QUARTER).text

    assert "decide/subject-delay" not in page
    assert "More planners." in page


def test_a_question_put_in_other_words_is_answered_too_and_stays_so_when_its_numbers_change(
    there: Desk, homes: Quarter
) -> None:
    homes.complaints(6, "2026-07-06", subject="delay")
    client = there.as_("olu")
    decided(client, f"{QUARTER}/decide/subject-delay", question="Why so much delay?", decision="More planners.",
            owner=str(homes.olu.id), **DUE)  # fmt: skip
    homes.complaint("2026-07-06", subject="delay")

    assert "decide/subject-delay" not in client.get(QUARTER).text


def test_what_is_being_seen_to_is_not_asked_again_next_quarter_and_is_once_it_was_done_in_vain(
    there: Desk, homes: Quarter
) -> None:
    homes.action("Train everyone", "failed")
    client = there.as_("olu")
    decided(client, f"{QUARTER}/decide/action-1", question="Training failed.", decision="Try again.",
            owner=str(homes.olu.id), **DUE)  # fmt: skip
    meanwhile = client.get("/desk/leader/2026Q3").text
    decided(client, "/desk/reviews/1/finish", outcome="It did not help.")

    assert "decide/action-1" not in meanwhile
    assert "decide/action-1" in client.get("/desk/leader/2026Q3").text


def test_a_decision_whose_owner_has_left_is_given_to_somebody_who_is_told(there: Desk, homes: Quarter) -> None:
    there.hire("vic", "handler", "repairs", organisation="homes")
    client = there.as_("olu")
    decided(client, f"{QUARTER}/decide/own", question="Delay", decision="More planners.", owner=str(homes.olu.id),
            **DUE)  # fmt: skip

    given = decided(client, "/desk/reviews/1/hand_over", owner=str(there.staff("vic")), because="Olu has left.")
    page = there.as_("vic").get("/desk/reviews/1").text

    with reading(there.engine) as session:
        told = session.exec(select(Message).where(Message.kind == "review")).one()
    assert (given.status_code, told.address) == (303, "vic@town.example")
    assert "Given to Vic" in page
    assert "Olu has left." in page


@pytest.mark.parametrize(("left_out", "said"), [
    ("question", "Enter what you decide about"),
    ("decision", "Enter your decision"),
    ("owner", "who sees to it"),
])  # fmt: skip
def test_a_decision_that_lacks_something_says_what(there: Desk, homes: Quarter, left_out: str, said: str) -> None:
    whole = {"question": "Delay", "decision": "More planners.", "owner": str(homes.olu.id), **DUE}

    page = decided(there.as_("olu"), f"{QUARTER}/decide/own", **(whole | {left_out: ""}))

    assert page.status_code == 422
    assert said.lower() in page.text.lower()


def test_a_date_that_has_gone_by_is_refused_and_nothing_typed_is_lost(there: Desk, homes: Quarter) -> None:
    past = {"due-day": "1", "due-month": "9", "due-year": "2026"}

    page = decided(there.as_("olu"), f"{QUARTER}/decide/own", question="Delay", decision="More planners.",
                   owner=str(homes.olu.id), **past)  # fmt: skip

    assert page.status_code == 422
    assert "Enter a date that is today or later" in page.text
    assert "More planners." in page.text


def test_only_a_leader_takes_a_decision(there: Desk) -> None:
    assert there.as_("mina").get(f"{QUARTER}/decide/own").status_code == 409


@pytest.mark.requirement("R016", "R371")
def test_a_decision_ends_with_what_became_of_it(there: Desk, homes: Quarter) -> None:
    client = there.as_("olu")
    decided(
        client, f"{QUARTER}/decide/own", question="Delay", decision="More planners.", owner=str(homes.olu.id), **DUE
    )
    later = {"due-day": "8", "due-month": "12", "due-year": "2026"}

    moved = decided(client, "/desk/reviews/1/move", because="They start a week later.", **later)
    done = decided(client, "/desk/reviews/1/finish", outcome="Delay fell by a third.")
    page = client.get("/desk/reviews/1").text

    assert (moved.status_code, done.status_code) == (303, 303)
    assert "They start a week later." in page
    assert "Delay fell by a third." in page
    assert "/desk/reviews/1/finish" not in page


def test_the_second_of_two_people_at_one_decision_is_told(there: Desk, homes: Quarter) -> None:
    client = there.as_("olu")
    decided(
        client, f"{QUARTER}/decide/own", question="Delay", decision="More planners.", owner=str(homes.olu.id), **DUE
    )
    seen = fields_of(client.get("/desk/reviews/1/finish").text)
    decided(client, "/desk/reviews/1/finish", outcome="Delay fell by a third.")

    page = client.post("/desk/reviews/1/finish", data={**seen, "outcome": "Nothing became of it."})

    assert page.status_code == 422
    assert "Someone else changed this decision" in page.text


def test_its_owner_may_say_what_became_of_a_decision_and_others_don_t_see_it(there: Desk, homes: Quarter) -> None:
    decided(there.as_("olu"), f"{QUARTER}/decide/own", question="Delay", decision="More planners.",
            owner=str(homes.olu.id), **DUE)  # fmt: skip
    there.hire("vic", "handler", "repairs", organisation="homes")
    with reading(there.engine) as session:
        vic = session.exec(select(Staff).where(Staff.email == "vic@town.example")).one()
        row = session.exec(select(Review)).one()
    unseen = there.as_("vic").get("/desk/reviews/1").status_code
    row.owner_id = vic.id or 0
    homes.keep(row)

    assert (unseen, there.as_("vic").get("/desk/reviews/1").status_code) == (404, 200)


def test_a_decision_stands_in_the_worklist_of_its_owner_their_cover_and_leaders_until_it_is_done(
    there: Desk, homes: Quarter
) -> None:
    mo, cover, other = (
        Staff(organisation_id=homes.homes, email=f"{name}@town.example", name=name.capitalize(), role="manager")
        for name in ("mo", "kim", "una")
    )
    homes.keep(mo, cover, other)
    mo.cover_id = cover.id
    homes.keep(mo)
    decided(there.as_("olu"), f"{QUARTER}/decide/own", question="Delay?", decision="Two more planners.",
            owner=str(mo.id), **DUE)  # fmt: skip

    seen = {name: "Two more planners." in there.as_(name).get("/desk").text for name in ("mo", "kim", "una", "olu")}
    mine = {name: "Two more planners." in there.as_(name).get("/desk?show=mine").text for name in ("mo", "kim", "olu")}
    page = there.as_("kim").get("/desk/reviews/1").status_code
    decided(there.as_("mo"), "/desk/reviews/1/finish", outcome="Both began.")

    assert seen == {"mo": True, "kim": True, "una": False, "olu": True}
    assert mine == {"mo": True, "kim": True, "olu": False}
    assert page == 200
    assert "Two more planners." not in there.as_("mo").get("/desk").text
