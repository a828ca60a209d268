"""Chats that somebody left: listed for the people of their service, opened as a case or set aside with a reason."""

from datetime import timedelta

from sqlmodel import Session, select

from storage.database import writing
from storage.tables import Case, Conversation
from tests.bot.someone import Someone
from tests.desk.office import Desk
from workflow import unfinished


def left(the_desk: Desk) -> int:
    """Jo tells that a gate is broken, which is for repairs, and says no more for three days."""
    jo = Someone(the_desk.town, channel="telegram")
    jo.command("complain")
    jo.say("The gate is <b>broken</b>.")
    jo.send("gate.jpg")
    jo.say("In May")
    jo.say("repairs")
    for days in (1, 2):
        the_desk.town.now += timedelta(days=days)
        with writing(the_desk.engine) as session:
            for id_ in unfinished.due(the_desk.town.act(session)):
                unfinished.attend(the_desk.town.act(session), id_)
    return jo.conversation().id or 0


def test_it_is_listed_and_a_task(the_desk: Desk) -> None:
    chat = left(the_desk)
    client = the_desk.as_("hana")

    assert f'href="/desk/unfinished/{chat}"' in client.get("/desk/unfinished").text
    assert f'href="/desk/unfinished/{chat}"' in client.get("/desk/tasks").text


def test_what_was_written_is_shown_as_it_was(the_desk: Desk) -> None:
    chat = left(the_desk)

    page = the_desk.as_("hana").get(f"/desk/unfinished/{chat}").text

    assert "The gate is &lt;b&gt;broken&lt;/b&gt;." in page
    assert "In May" in page
    assert "gate.jpg" in page
    assert "Begun by Telegram on" in page


def test_someone_of_another_service_sees_nothing_of_it(the_desk: Desk) -> None:
    chat = left(the_desk)
    the_desk.hire("olu", "handler", "care")
    client = the_desk.as_("olu")

    assert "There are none." in client.get("/desk/unfinished").text
    assert client.get(f"/desk/unfinished/{chat}").status_code == 404
    assert client.post(f"/desk/unfinished/{chat}/open").status_code == 404


def test_opening_it_makes_a_case_and_takes_it_off_the_list(the_desk: Desk) -> None:
    chat = left(the_desk)
    client = the_desk.as_("hana")

    answer = client.post(f"/desk/unfinished/{chat}/open")

    with Session(the_desk.engine) as session:
        case = session.exec(select(Case)).one()
    assert answer.headers["location"] == f"/desk/cases/{case.reference}"
    assert "gate.jpg" in client.get(f"/desk/cases/{case.reference}").text
    assert "There are none." in client.get("/desk/unfinished").text
    assert client.post(f"/desk/unfinished/{chat}/open").status_code == 404


def test_setting_it_aside_needs_a_reason(the_desk: Desk) -> None:
    chat = left(the_desk)
    client = the_desk.as_("hana")

    without = client.post(f"/desk/unfinished/{chat}/set-aside", data={"because": " "})
    with_one = client.post(f"/desk/unfinished/{chat}/set-aside", data={"because": "They were trying it out"})

    assert without.status_code == 422
    assert "Enter why this is not a complaint" in without.text
    assert with_one.headers["location"] == "/desk/unfinished"
    assert "There are none." in client.get("/desk/unfinished").text
    with Session(the_desk.engine) as session:
        assert session.exec(select(Conversation)).one().answers["when"] == "In May"
