"""What waits for a person: held contacts, taken in or left out; quarantine, tried again or opened by hand."""

import re

import pytest
from sqlmodel import Session, select

from storage.database import writing
from storage.tables import Case, Contact
from tests.desk.office import Desk, act


def contact(the_desk: Desk, number: int = 1) -> Contact:
    with Session(the_desk.engine) as session:
        return session.get_one(Contact, number)


@pytest.fixture
def reference(the_desk: Desk) -> str:
    return the_desk.town.mail("The gate is broken.") or ""


@pytest.fixture
def held(the_desk: Desk, reference: str) -> int:
    """A message that names the case, from somebody else."""
    the_desk.town.mail("I am her neighbour.", subject=f"Re: {reference}", sender="else@citizen.example")
    return 2


@pytest.fixture
def quarantined(the_desk: Desk, reference: str) -> int:
    """A telephone call taken down that could not be filed."""
    the_desk.town.mail("The lift is broken.", sender="al@citizen.example")
    with writing(the_desk.engine) as session:
        one = session.get_one(Contact, 2)
        one.standing, one.case_id, one.error, one.tries = "quarantined", None, "ValueError", 3
    return 2


def test_what_is_held_is_listed_with_its_reason(the_desk: Desk, reference: str, held: int) -> None:
    page = the_desk.as_("hana").get("/desk/held").text

    assert reference in page
    assert "did not come through the reply address" in page


def test_what_came_with_a_held_message_can_be_looked_at_before_it_is_taken_in(the_desk: Desk, reference: str) -> None:
    raw = b"From: else@citizen.example\r\nSubject: Re: %b\r\nMIME-Version: 1.0\r\n" % reference.encode()
    raw += b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n\r\nSee the photograph.\r\n--x\r\n'
    raw += b'Content-Type: image/png\r\nContent-Disposition: attachment; filename="gate.png"\r\n\r\nPNG\r\n'
    the_desk.town.arrive(raw, to="housing@town.example")
    client = the_desk.as_("hana")

    shown = client.get(f"/desk/cases/{reference}").text.partition('id="held"')[2].partition("</section>")[0]
    links = re.findall(r'href="([^"]+/(?:files/\d+|original))"', shown)
    answers = [client.get(link) for link in links]

    assert "gate.png" in shown
    assert "seems to be cut" in shown
    assert [answer.content for answer in answers] == [b"PNG", raw]


def test_a_held_message_is_taken_in_with_a_reason(the_desk: Desk, reference: str, held: int) -> None:
    client = the_desk.as_("hana")
    shown = client.get(f"/desk/cases/{reference}").text

    act(client, reference, "admit", contact=str(held), because="She told me to expect it.")

    assert f"/do/admit?contact={held}" in shown
    assert contact(the_desk, held).held_because is None
    assert "I am her neighbour." in client.get(f"/desk/cases/{reference}").text.partition('id="messages"')[2]
    assert "Nothing is held." in client.get("/desk/held").text


def test_a_held_message_left_out_is_kept_and_not_shown_as_hers(the_desk: Desk, reference: str, held: int) -> None:
    client = the_desk.as_("hana")

    act(client, reference, "set_aside", contact=str(held), because="A stranger.")

    assert contact(the_desk, held).text.strip() == "I am her neighbour."
    assert "I am her neighbour." not in client.get(f"/desk/cases/{reference}").text


def test_quarantine_lists_what_could_not_be_filed(the_desk: Desk, quarantined: int) -> None:
    page = the_desk.as_("hana").get("/desk/quarantine").text

    assert f"Contact {quarantined}" in page
    assert "Error: ValueError." in page


def test_trying_again_puts_it_back_to_be_filed(the_desk: Desk, quarantined: int) -> None:
    the_desk.fails = True

    answer = the_desk.as_("hana").post(f"/desk/quarantine/{quarantined}/again", data={})

    after = contact(the_desk, quarantined)
    assert answer.status_code == 303
    assert (after.standing, after.processed_at, after.tries) == ("waiting", None, 1)


def test_a_case_is_opened_by_hand_and_keeps_the_instant_of_receipt(the_desk: Desk, quarantined: int) -> None:
    received = contact(the_desk, quarantined).received_at
    the_desk.later(days=3)
    told = {"text": "The lift is broken.", "name": "Al", "email": "al@citizen.example", "service": "repairs"}

    answer = the_desk.as_("hana").post(f"/desk/quarantine/{quarantined}/open", data=told)

    with Session(the_desk.engine) as session:
        case = session.exec(select(Case).order_by(Case.id.desc())).first()  # type: ignore[union-attr]  # a column
    assert case is not None
    assert answer.headers["location"] == f"/desk/cases/{case.reference}"
    assert case.received_at == received
    assert contact(the_desk, quarantined).standing == "filed"


def test_opening_by_hand_needs_the_words(the_desk: Desk, quarantined: int) -> None:
    answer = the_desk.as_("hana").post(f"/desk/quarantine/{quarantined}/open", data={"text": "", "email": "al"})

    assert answer.status_code == 422
    assert "Enter what the person says" in answer.text
    assert "Enter an email address in the correct format" in answer.text
    assert contact(the_desk, quarantined).standing == "quarantined"


def test_what_is_not_in_quarantine_is_not_found_there(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("hana")

    answers = [client.get("/desk/quarantine/1"), client.post("/desk/quarantine/1/again", data={}),
               client.get("/desk/quarantine/99"), client.get("/desk/quarantine/x")]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404] * 4
    assert contact(the_desk).standing == "filed"


def test_the_original_is_handed_out_as_it_came(the_desk: Desk, quarantined: int) -> None:
    answer = the_desk.as_("hana").get(f"/desk/quarantine/{quarantined}/original")

    assert answer.content.endswith(b"The lift is broken.\r\n")
    assert answer.headers["content-disposition"].startswith("attachment")
