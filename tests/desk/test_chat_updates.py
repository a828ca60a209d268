"""What came by a messenger and could not be handled: read by an administrator, tried again, or done with."""

from sqlmodel import select

from bot.quarantine import put_aside
from storage import chat
from storage.database import reading, writing
from storage.tables import ChatUpdate, Task
from tests.desk.office import Desk

RAW = b'{"update_id": 7, "message": {"text": "<b>The gate</b>", "chat": {"id": 1001}}}'


def failed(the_desk: Desk) -> int:
    """An update that could not be handled so often that it is put aside."""
    with writing(the_desk.engine) as session:
        chat.keep(session, "telegram:7", 7, RAW, the_desk.town.now, kind="message")
        update = session.exec(select(ChatUpdate)).one()
        for _ in range(chat.TRIES):
            chat.failed(update, the_desk.town.now, ValueError())
        put_aside(the_desk.town.act(session), update)
        return update.id or 0


def row(the_desk: Desk, number: int) -> ChatUpdate:
    with reading(the_desk.engine) as session:
        return session.get_one(ChatUpdate, number)


def test_an_administrator_is_led_to_it_and_reads_it_as_it_came(the_desk: Desk) -> None:
    number = failed(the_desk)
    client = the_desk.as_("ada")

    assert f'href="/desk/quarantine/chat/{number}"' in client.get("/desk/tasks").text
    page = client.get(f"/desk/quarantine/chat/{number}").text
    assert "&lt;b&gt;The gate&lt;/b&gt;" in page
    assert "ValueError" in page
    assert "It reached Telegram on 18 December 2025" in page


def test_nobody_else_sees_it(the_desk: Desk) -> None:
    number = failed(the_desk)
    client = the_desk.as_("hana")

    assert client.get(f"/desk/quarantine/chat/{number}").status_code == 404
    assert client.post(f"/desk/quarantine/chat/{number}/again").status_code == 404
    assert client.post(f"/desk/quarantine/chat/{number}/done", data={"because": "x"}).status_code == 404
    assert row(the_desk, number).given_up_at is not None


def test_it_is_tried_again_and_comes_back_should_it_fail_again(the_desk: Desk) -> None:
    number = failed(the_desk)
    client = the_desk.as_("ada")

    client.post(f"/desk/quarantine/chat/{number}/again")
    assert client.get(f"/desk/quarantine/chat/{number}").status_code == 404
    with writing(the_desk.engine) as session:
        assert chat.next_waiting(session, the_desk.town.now) is not None

    assert failed(the_desk) == number
    assert client.get(f"/desk/quarantine/chat/{number}").status_code == 200


def test_it_is_done_with_only_when_somebody_says_what_was_done(the_desk: Desk) -> None:
    number = failed(the_desk)
    client = the_desk.as_("ada")

    refused = client.post(f"/desk/quarantine/chat/{number}/done", data={"because": ""})
    client.post(f"/desk/quarantine/chat/{number}/done", data={"because": "Entered by hand."})

    assert refused.status_code == 422
    with reading(the_desk.engine) as session:
        task = session.exec(select(Task).where(Task.kind == "chat_quarantine")).one()
    assert task.done_at is not None
    assert (task.data["because"], task.data["by"]) == ("Entered by hand.", "Ada")
