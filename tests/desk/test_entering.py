"""A complaint by telephone, by letter or in person, entered for someone: filed like any other, from the day it came."""

import re
from typing import Any

import httpx2
import pytest
from sqlmodel import Session, select

from storage.tables import Attachment, Case, Contact, Participant
from tests.desk.office import Desk, last_letter, send_letter
from tests.town import at

SAID = {
    "channel": "telephone",
    "received_on-day": "16",
    "received_on-month": "12",
    "received_on-year": "2025",
    "service": "repairs",
    "about": "self",
    "what": "The gate is broken and nobody comes.",
    "when": "Since May",
    "outcome_wanted": "Mend it.",
    "name": "Jo Bloggs",
    "telephone": "01632 960 111",
}


def enter(client: httpx2.Client, scan: bytes = b"", day: str = "16", **changed: str) -> httpx2.Response:
    once = re.findall(r'name="once" value="([^"]+)"', client.get("/desk/new").text)[0]
    files = {"files": ("letter.pdf", scan, "application/pdf")} if scan else None
    return client.post("/desk/new", data={"once": once, **SAID, "received_on-day": day, **changed}, files=files)


def only(the_desk: Desk, table: type[Any]) -> Any:
    with Session(the_desk.engine) as session:
        return session.exec(select(table)).one()


@pytest.mark.requirement("R184")
def test_it_becomes_a_case_received_on_the_day_of_the_call(the_desk: Desk) -> None:
    answer = enter(the_desk.as_("hana"))

    case, contact, person = only(the_desk, Case), only(the_desk, Contact), only(the_desk, Participant)
    assert answer.headers["location"] == f"/desk/cases/{case.reference}"
    assert (case.channel, case.received_at) == ("telephone", at("2025-12-16 08:00"))
    assert contact.envelope == {"entered_by": the_desk.staff("hana")}
    assert (person.name, person.telephone, person.prefers) == ("Jo Bloggs", "01632 960 111", "telephone")
    assert case.outcomes_sought == "Mend it."


@pytest.mark.requirement("R165")
@pytest.mark.parametrize("channel", ["telephone", "in_person", "post"])
def test_said_or_written_it_opens_stage_1_with_the_same_date(the_desk: Desk, channel: str) -> None:
    enter(the_desk.as_("hana"), service="care-2006", channel=channel)

    case = only(the_desk, Case)
    due = the_desk.town.clock(case.reference, "s1.conclude").due
    assert (case.channel, case.procedure, case.stage) == (channel, "asc-england-2006", "s1")
    assert str(due) == "2026-01-02"


def test_its_deadlines_count_from_that_day(the_desk: Desk) -> None:
    client = the_desk.as_("hana")

    page = client.get(enter(client).headers["location"]).text

    assert "Tuesday 23 December 2025" in page  # five working days after Tuesday 16 December


def test_the_case_says_who_took_it_down(the_desk: Desk) -> None:
    client = the_desk.as_("ravi")

    page = client.get(enter(client).headers["location"]).text

    assert "Taken down by Ravi" in page


def test_one_received_today_is_not_received_later_than_now(the_desk: Desk) -> None:
    the_desk.town.now = at("2025-12-18 07:15")

    enter(the_desk.as_("hana"), day="18")

    assert only(the_desk, Case).received_at == at("2025-12-18 07:15")


def test_a_day_before_the_procedure_began_is_a_slip(the_desk: Desk) -> None:
    mistyped: dict[str, Any] = {"received_on-year": "1999"}

    answer = enter(the_desk.as_("hana"), **mistyped)

    assert answer.status_code == 422
    assert "must be Monday 1 April 2024, when this procedure began, or later" in answer.text


@pytest.mark.parametrize(
    ("files", "wrong"),
    [
        ([("letter.pdf", b"")], "“letter.pdf” is empty"),
        ([("scan.pdf", b"x" * (10 * 1024 * 1024 + 1))], "Each file must be smaller than 10 MB"),
        ([(f"{page}.pdf", b"page") for page in range(11)], "You can add up to 10 files"),
    ],
)
def test_files_that_can_not_be_taken_are_named_and_nothing_that_was_typed_is_lost(
    the_desk: Desk, files: list[tuple[str, bytes]], wrong: str
) -> None:
    answer = the_desk.as_("hana").post("/desk/new", data=SAID, files=[("files", each) for each in files])

    assert answer.status_code == 422
    assert wrong in answer.text
    assert SAID["what"] in answer.text


def test_a_name_written_from_right_to_left_does_not_turn_the_date_beside_it(the_desk: Desk) -> None:
    client = the_desk.as_("hana")

    page = client.get(enter(client, name="\u0623\u062d\u0645\u062f").headers["location"]).text

    assert "<bdi>\u0623\u062d\u0645\u062f</bdi>, 16 December 2025" in page.replace("\n", " ")
    assert "\u0623\u062d\u0645\u062f" not in re.sub(r"<bdi>[^<]*</bdi>|<option.*?</option>", "", page)


def test_words_of_danger_on_the_telephone_flag_the_case(the_desk: Desk) -> None:
    enter(the_desk.as_("hana"), what="He said: I want to kill myself.")

    assert only(the_desk, Case).urgent_at is not None


def test_a_scanned_letter_is_kept_with_it(the_desk: Desk) -> None:
    client = the_desk.as_("hana")

    home = enter(client, b"%PDF-1.7 scan", channel="post")

    names = {file.name for file in _files(the_desk)}
    page = client.get(home.headers["location"]).text
    link = re.findall(r'href="(/desk/cases/[^"]+/files/\d+)"', page)
    assert names == {"letter.pdf"}
    assert b"%PDF-1.7 scan" in [client.get(one).content for one in link]


def test_pressing_the_button_twice_is_one_complaint(the_desk: Desk) -> None:
    client = the_desk.as_("hana")
    data = {"once": "the-same-token-twice", **SAID}

    answers = [client.post("/desk/new", data=data).headers["location"] for _ in range(2)]

    assert answers[0] == answers[1]
    assert only(the_desk, Case)


def test_what_is_missing_is_named_and_what_was_typed_is_kept(the_desk: Desk) -> None:
    answer = enter(the_desk.as_("hana"), what="", channel="", name="", day="32")

    assert answer.status_code == 422
    for words in (
        "Select how the complaint reached you",
        "Enter the day on which you received it",
        "Enter what happened",
        "Enter your name",
    ):
        assert words in answer.text
    assert "Mend it." in answer.text


def test_a_day_to_come_is_refused(the_desk: Desk) -> None:
    answer = enter(the_desk.as_("hana"), day="19")

    assert "must be today or in the past" in answer.text


def test_someone_else_needs_a_name_and_an_authority(the_desk: Desk) -> None:
    answer = enter(the_desk.as_("hana"), about="someone_else")

    assert "Enter the name of the person you are complaining for" in answer.text
    assert "Enter why you are complaining for them" in answer.text


def test_who_leaves_no_way_to_be_reached_is_heard_all_the_same(the_desk: Desk) -> None:
    answer = enter(the_desk.as_("hana"), telephone="")

    assert answer.status_code == 303


@pytest.mark.requirement("R265")
def test_someone_in_a_care_home_is_heard_through_another_by_telephone_and_answered_on_paper(the_desk: Desk) -> None:
    client = the_desk.as_("hana")
    home = enter(client, service="care", about="someone_else", about_name="Rose Bloggs", telephone="",
                 authority="Her daughter; she asked me to, she can't write", postal_address="Elm House\nTown TN1 1AA",
                 communication_needs="Large print")  # fmt: skip
    reference = home.headers["location"].rpartition("/")[2]

    send_letter(client, reference, "acknowledge", understanding_of_complaint="Nobody comes when she rings.")

    person = only(the_desk, Participant)
    page = client.get(f"/desk/letters/{last_letter(the_desk, reference)}/print").text
    assert (person.role, person.acts_for, person.prefers) == ("representative", "Rose Bloggs", "post")
    assert person.communication_needs == "Large print"
    assert "Elm House" in page
    assert "Nobody comes when she rings." in page
    assert the_desk.town.mails(reference) == ["acknowledgement"]


@pytest.mark.parametrize("service", ["care", "nothing"])
def test_it_goes_to_a_service_of_ones_own_only(the_desk: Desk, service: str) -> None:
    the_desk.hire("kim", "handler", "repairs", "care-2006")

    answer = enter(the_desk.as_("kim"), service=service)

    assert answer.status_code == 422


def test_when_filing_has_to_wait_it_is_safe_and_the_page_says_so(the_desk: Desk) -> None:
    the_desk.fails = True
    client = the_desk.as_("hana")

    answer = enter(client)

    assert only(the_desk, Contact).processed_at is None
    assert "It is stored" in client.get(answer.headers["location"]).text


def _files(the_desk: Desk) -> list[Attachment]:
    with Session(the_desk.engine) as session:
        return list(session.exec(select(Attachment)).all())
