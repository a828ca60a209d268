"""/stop: nothing more is said in that chat but goodbye, and what is owed on a case finds another way."""

from sqlmodel import col, select

from storage.database import reading, writing
from storage.tables import Message
from templates.words import chat
from tests.bot.someone import Someone, sent
from workflow import delivery


def test_answers_that_have_not_left_are_taken_back_and_only_the_goodbye_goes(jo: Someone) -> None:
    jo.does_unheard(command="help")
    jo.does_unheard(command="complain")

    jo.does_unheard(command="stop")
    said = jo.hears()

    assert [one.text for one in said] == [stopped(jo)]
    recalled = [message for message in turns(jo) if message.recalled_at]
    assert len(recalled) == 2


def test_what_is_said_in_another_chat_is_not_taken_back(jo: Someone) -> None:
    ann = Someone(jo.town, "2")
    ann.does_unheard(command="help")

    jo.does_unheard(command="stop")

    assert len(ann.hears()) == 1


def test_what_a_sender_has_in_hand_may_leave_and_is_not_said_to_be_recalled(jo: Someone) -> None:
    jo.does_unheard(command="help")
    with writing(jo.town.engine) as session:
        message = delivery.claim_next(jo.town.act(session), "in hand", channel=jo.channel)

    jo.does_unheard(command="stop")
    with writing(jo.town.engine) as session:
        assert message is not None
        delivery.left(jo.town.act(session), delivery.settle(jo.town.act(session), message))

    assert [(bool(one.sent_at), bool(one.recalled_at)) for one in turns(jo)] == [(True, False), (False, False)]


def test_the_receipt_of_a_case_goes_by_mail_instead(jo: Someone) -> None:
    reference = send_unheard(jo, "jo@citizen.example")

    jo.does_unheard(command="stop")
    said = jo.hears()

    assert [one.text for one in said] == [stopped(jo)]
    assert [message.address for message in jo.town.send() if message.kind == "receipt"] == ["jo@citizen.example"]
    assert "not_sent" in jo.town.tasks(reference)


def test_where_there_is_no_other_way_a_person_finds_one(jo: Someone) -> None:
    reference = send_unheard(jo, "")

    jo.does_unheard(command="stop")

    assert [one.text for one in jo.hears()] == [stopped(jo)]
    assert "not_sent" in jo.town.tasks(reference)


def send_unheard(jo: Someone, email: str) -> str:
    """They complained, the receipt in their chat has not left yet, and this is their address; the reference."""
    reference = sent(jo)
    with writing(jo.town.engine) as session:
        receipt = session.exec(select(Message).where(Message.kind == "receipt")).one()
        receipt.sent_at = receipt.closed_at = None
    person = jo.town.person(reference)
    person.email = email
    jo.town.change(person)
    return reference


def stopped(jo: Someone) -> str:
    """The goodbye."""
    return str(chat("en")["updates"]["stopped"])


def turns(jo: Someone) -> list[Message]:
    with reading(jo.town.engine) as session:
        return list(session.exec(select(Message).where(Message.kind == "turn").order_by(col(Message.id))))
