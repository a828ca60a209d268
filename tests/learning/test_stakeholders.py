"""Those who get what we publish: on a list each, told once, and told no more after one click."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from learning.public import stakeholders
from learning.verb import Refused
from mailroom.wire import as_bytes
from storage.database import reading, writing
from storage.tables import Message, Organisation, Publication, Stakeholder
from tests.learning.lessons import acting, checked, out, published, withdrawn
from tests.town import Town, town
from workflow.outside import STAKEHOLDER, happened

PRESS = {"organisation": "homes", "kind": "press", "name": "Town News", "email": "News@press.example"}


@pytest.fixture
def the_town(engine: Engine) -> Town:
    return town(engine)


def add(there: Town, **changed: str) -> int:
    with acting(there, "mina") as act:
        bodies = act.session.exec(select(Organisation)).all()
        return stakeholders.add(act, {**PRESS, **changed}, bodies).id or 0


def owed(there: Town) -> list[Message]:
    with reading(there.engine) as session:
        return list(session.exec(select(Message).where(Message.kind == stakeholders.KIND)))


def stop(there: Town, id_: int) -> None:
    with writing(there.engine) as session:
        row = session.get_one(Stakeholder, id_)
        secret = stakeholders.secret(there.office, row)
        assert stakeholders.find(session, secret) is row
        stakeholders.stop(there.act(session), row)


@pytest.mark.requirement("R010", "R118", "R277", "R123", "R124", "R125", "R126", "R127")
@pytest.mark.parametrize("kind", ["parent_department", "advocacy_provider", "colleagues", "community_group", "press"])
def test_each_kind_of_stakeholder_gets_what_is_published(the_town: Town, kind: str) -> None:
    add(the_town, kind=kind)

    out(the_town)

    mail = owed(the_town)[0]
    assert (mail.address, mail.subject) == ("news@press.example", "Town Homes: what we learnt from complaints")
    assert "Nobody can close a repair any more" in mail.text
    assert "https://redress.example/learning/repairs-that-nobody-confirmed" in mail.text


@pytest.mark.requirement("R122")
def test_it_is_on_record_what_was_sent_to_whom(the_town: Town) -> None:
    add(the_town)
    out(the_town)
    the_town.send()

    with reading(the_town.engine) as session:
        told = stakeholders.was_told(session, session.exec(select(Publication)).one())

    assert [(one.address, one.sent_at is not None) for one in told] == [("news@press.example", True)]


def test_nobody_is_told_twice_even_when_it_is_published_anew(the_town: Town) -> None:
    add(the_town)
    lesson = out(the_town)
    withdrawn(the_town, lesson)
    checked(the_town, lesson)
    published(the_town, lesson)

    assert len(owed(the_town)) == 1


def test_the_list_of_another_organisation_is_not_told(the_town: Town) -> None:
    add(the_town, organisation="town")

    out(the_town)

    assert owed(the_town) == []


def test_one_click_stops_it_and_takes_back_what_has_not_left(the_town: Town) -> None:
    id_ = add(the_town)
    out(the_town)

    stop(the_town, id_)
    out(the_town)

    assert [message.recalled_at is not None for message in owed(the_town)] == [True]


def test_the_mail_program_is_told_how_to_stop_it_with_one_click(the_town: Town) -> None:
    add(the_town)
    out(the_town)

    mail = owed(the_town)[0]
    head = as_bytes(mail).decode().partition("\r\n\r\n")[0]

    assert f"List-Unsubscribe: \r\n <{(mail.extra or {})['stop']}>\r\n" in head
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head
    assert (mail.extra or {})["stop"] in mail.text


def test_who_stopped_it_can_be_put_back_and_nobody_is_on_a_list_twice(the_town: Town) -> None:
    id_ = add(the_town)

    with pytest.raises(Refused, match="is on the list of this organisation already"):
        add(the_town)
    stop(the_town, id_)

    assert add(the_town, name="Town News Ltd") == id_


def test_a_stakeholder_who_reads_welsh_gets_it_in_welsh(the_town: Town) -> None:
    add(the_town, language="cy")
    out(the_town, title_cy="Gwaith trwsio", you_said_cy="Bu’n rhaid aros.", we_did_cy="Ni all neb ei gau.")

    assert "Ni all neb ei gau." in owed(the_town)[0].text
    assert "Annwyl Town News" in owed(the_town)[0].text


@pytest.mark.parametrize(
    ("field", "wrong"), [("email", "not one"), ("name", ""), ("kind", "enemy"), ("organisation", "x")]
)
def test_what_is_wrong_is_told_with_its_field(the_town: Town, field: str, wrong: str) -> None:
    with pytest.raises(Refused) as error:
        add(the_town, **{field: wrong})

    assert error.value.field == field


def test_the_mail_comes_from_the_organisation_by_name_and_from_its_own_mailbox(the_town: Town) -> None:
    add(the_town)
    out(the_town)

    mail = owed(the_town)[0]

    assert (mail.sender_name, mail.sender) == ("Town Homes", "housing@town.example")


def test_who_put_them_on_the_list_and_that_they_stopped_is_on_record(the_town: Town) -> None:
    id_ = add(the_town)
    stop(the_town, id_)
    stop(the_town, id_)

    with reading(the_town.engine) as session:
        story = happened(session, STAKEHOLDER, [id_])[id_]

    assert [(one.name, one.by) for one in reversed(story)] == [
        ("stakeholder.added", "Mina"),
        ("stakeholder.stopped", "system"),
    ]


def test_a_mail_in_welsh_leads_to_the_page_in_welsh(the_town: Town) -> None:
    add(the_town, language="cy")
    out(the_town)

    assert "/learning/repairs-that-nobody-confirmed?lang=cy" in owed(the_town)[0].text
