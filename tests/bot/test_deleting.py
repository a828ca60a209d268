"""What somebody deletes before it was sent is gone: their words, their files, and what we had repeated of them."""

from sqlmodel import col, select

from storage import chat
from storage.database import reading, writing
from storage.tables import Blob, Case, ChatUpdate, Message
from tests.bot.someone import Someone, told

HARM = "I want to kill myself."


def came(jo: Someone, number: int, raw: bytes) -> None:
    """What the messenger brought is kept raw, and dealt with."""
    with writing(jo.town.engine) as session:
        chat.keep(session, jo.channel, number, raw, jo.town.now, chat=jo.chat)
        update = chat.next_waiting(session, jo.town.now)
        assert update is not None
        chat.handled(update, jo.town.now)


def test_it_can_be_deleted_with_its_files_after_a_second_question(jo: Someone) -> None:
    told(jo)
    jo.send("damp.jpg")
    jo.tap("Delete it")

    words = jo.tap("Delete it")

    with reading(jo.town.engine) as session:
        assert session.exec(select(Blob)).all() == []
    assert "It is deleted." in words
    assert jo.conversation().answers == {}


def test_nothing_that_came_or_was_repeated_holds_the_words_any_more(jo: Someone) -> None:
    came(jo, 1, b"my neighbour saw it")
    told(jo, "My neighbour saw it.")
    jo.tap("Delete it")

    jo.tap("Delete it")

    with reading(jo.town.engine) as session:
        raws = session.exec(select(ChatUpdate.raw)).all()
        turns = select(Message.text).where(col(Message.kind) == "turn").order_by(col(Message.id))
        texts = session.exec(turns).all()
    assert raws == [b""]
    assert not any("neighbour" in text.lower() for text in texts)
    assert "It is deleted." in texts[-1]


def test_a_case_that_was_opened_for_harm_stays_and_they_are_told_so(jo: Someone) -> None:
    jo.say(HARM)

    words = jo.press("n1 delete-all")

    with reading(jo.town.engine) as session:
        case = session.exec(select(Case)).one()
    assert case.state == "open"
    assert f"Your complaint {case.reference} was opened at once, and stays open" in words
