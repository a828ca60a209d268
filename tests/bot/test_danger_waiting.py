"""Danger whose filing has to wait: whatever else is told of it, and in whatever order it is filed, it is one case."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import col, select

from app.filing import file_waiting
from app.house import House
from app.settings import Settings
from storage.database import reading, writing
from storage.tables import Case, Contact, Conversation, Message, Service
from tests.bot.someone import Someone
from workflow import unfinished

HARM = "I want to kill myself."
AGAIN = "He hit me again, I am being abused."


@contextmanager
def no_filing(jo: Someone) -> Iterator[None]:
    """The services' procedure can't be read meanwhile."""
    with writing(jo.town.engine) as session:
        were = {one.id: one.procedure for one in session.exec(select(Service))}
        for service in session.exec(select(Service)):
            service.procedure = "gone"
    yield
    with writing(jo.town.engine) as session:
        for service in session.exec(select(Service)):
            service.procedure = were[service.id]


def file_all(jo: Someone) -> None:
    """The tick's part in it."""
    jo.town.now += timedelta(minutes=5)
    house = House(Settings(), jo.town.engine, jo.town.office, lambda: jo.town.now)
    file_waiting(house)
    house.close()


def only_case(jo: Someone) -> Case:
    with reading(jo.town.engine) as session:
        return session.exec(select(Case)).one()


def contacts(jo: Someone) -> list[Contact]:
    with reading(jo.town.engine) as session:
        return list(session.exec(select(Contact).order_by(col(Contact.id))))


def tell_the_rest(jo: Someone) -> str:
    for answer in ("Since May", "repairs", "me", "A repair", "Jo Bloggs", "jo@citizen.example"):
        jo.say(answer)
    jo.tap("All ways are safe")
    jo.tap("Skip")
    jo.tap("Nothing to add")
    return jo.tap("Send my complaint")


@pytest.fixture
def in_danger(jo: Someone) -> Someone:
    """Jo has told of danger, and it is stored and not yet filed."""
    jo.channel = "telegram"  # a channel whose contacts can be filed by whoever files what waits
    jo.town.put_on_duty("mina")
    with no_filing(jo):
        words = jo.say(HARM)
    assert "call 999" in words
    assert "You will get its reference in a while" in words
    return jo


def test_it_is_filed_by_itself_and_they_hear_its_reference(in_danger: Someone) -> None:
    file_all(in_danger)

    case = only_case(in_danger)
    assert case.urgent_at is not None
    assert case.reference in "".join(one.text for one in in_danger.hears())


def test_what_they_go_on_to_tell_once_it_is_filed_completes_that_case(in_danger: Someone) -> None:
    file_all(in_danger)

    words = tell_the_rest(in_danger)

    case = only_case(in_danger)
    assert case.reference in words
    assert_whole(in_danger, case)


def test_what_they_send_while_it_still_waits_opens_the_case_and_the_first_words_join_it(in_danger: Someone) -> None:
    tell_the_rest(in_danger)
    file_all(in_danger)

    assert_whole(in_danger, only_case(in_danger))


def test_all_of_it_waits_and_is_one_case_in_the_end(in_danger: Someone) -> None:
    with no_filing(in_danger):
        in_danger.say(AGAIN)
        tell_the_rest(in_danger)
    assert len(contacts(in_danger)) == 3

    file_all(in_danger)

    assert_whole(in_danger, only_case(in_danger))
    assert in_danger.conversation().answers == {}


def test_more_words_of_danger_while_it_waits_make_no_second_case(in_danger: Someone) -> None:
    words = in_danger.say(AGAIN)
    file_all(in_danger)

    case = only_case(in_danger)
    assert case.reference in words
    assert all(contact.case_id == case.id for contact in contacts(in_danger))
    assert AGAIN in contacts(in_danger)[1].text


def test_what_is_in_quarantine_joins_when_somebody_has_it_tried_again(in_danger: Someone) -> None:
    with writing(in_danger.town.engine) as session:
        first = session.exec(select(Contact)).one()
        first.standing, first.processed_at = "quarantined", in_danger.town.now
    tell_the_rest(in_danger)

    with writing(in_danger.town.engine) as session:
        first = session.exec(select(Contact).where(Contact.standing == "quarantined")).one()
        first.standing, first.processed_at = "waiting", None
    file_all(in_danger)

    assert_whole(in_danger, only_case(in_danger))


def test_staff_who_open_it_as_unfinished_make_no_second_case(in_danger: Someone) -> None:
    with writing(in_danger.town.engine) as session:
        conversation = session.exec(select(Conversation)).one()
        unfinished.open_case(in_danger.town.act(session), conversation)
    file_all(in_danger)

    case = only_case(in_danger)
    assert all(contact.case_id == case.id for contact in contacts(in_danger))


def test_who_is_silent_after_it_was_filed_is_neither_reminded_nor_shown_as_unfinished(in_danger: Someone) -> None:
    file_all(in_danger)
    in_danger.hears()
    in_danger.town.now += timedelta(days=2)

    with writing(in_danger.town.engine) as session:
        act = in_danger.town.act(session)
        for one in unfinished.due(act):
            unfinished.attend(act, one)

    assert in_danger.hears() == []
    assert in_danger.conversation().shown_at is None


def test_who_deletes_it_meanwhile_hears_that_these_words_are_kept(in_danger: Someone) -> None:
    in_danger.press("n1 delete-all")

    assert "What you wrote when you told us of danger is kept" in in_danger.heard[-1].text
    file_all(in_danger)
    assert only_case(in_danger).urgent_at is not None


def assert_whole(jo: Someone, case: Case) -> None:
    """Every contact is in it, the person is known as they told, and they hear of it."""
    person = jo.town.person(case.reference)
    texts = [contact.text for contact in jo.town.all(Contact, case.reference)]
    assert len(texts) == len(contacts(jo))
    assert (person.name, person.email) == ("Jo Bloggs", "jo@citizen.example")
    assert any("A repair" in text for text in texts)
    assert case.urgent_at is not None
    with reading(jo.town.engine) as session:
        told = session.exec(select(Message.text).where(Message.channel == jo.channel))
        assert any(case.reference in text for text in told)
