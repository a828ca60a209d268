"""Letters for people who are written to by post: a page for paper, and the day on which it was posted."""

import pytest

from tests.desk.office import ACKNOWLEDGED, Desk, act, last_letter, send_letter
from tests.desk.test_entering import SAID

POSTAL = {"telephone": "", "postal_address": "2 Gate Lane\nTown TN1 1AA", "prefers": "post"}


@pytest.fixture
def reference(the_desk: Desk) -> str:
    client = the_desk.as_("hana")
    home = client.post("/desk/new", data={**SAID, **POSTAL, "channel": "post", "once": "once"}).headers["location"]
    reference = str(home.rpartition("/")[2])
    send_letter(client, reference, "acknowledge", **ACKNOWLEDGED)
    return reference


def test_the_page_holds_the_letter_as_it_was_approved(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("hana")
    case = client.get(f"/desk/cases/{reference}").text

    number = last_letter(the_desk, reference)
    page = client.get(f"/desk/letters/{number}/print").text

    assert f"/desk/letters/{number}/print" in case
    assert "2 Gate Lane" in page
    assert "Town Homes" in page
    assert "The boiler has been broken for three weeks." in page
    assert page.count("<article") == 1


def test_recording_the_day_of_posting_counts_as_sent(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("hana")
    the_desk.later(minutes=20)

    letter = str(last_letter(the_desk, reference))
    act(client, reference, "record_posting", letter=letter, **{"on-day": "18", "on-month": "12", "on-year": "2025"})

    assert "s1.acknowledged" in the_desk.town.events(reference)
    assert "Posted 18 December 2025" in client.get(f"/desk/cases/{reference}").text


def test_a_letter_of_a_case_out_of_sight_is_not_found(the_desk: Desk, reference: str) -> None:
    the_desk.hire("olu", "handler", "care")

    number = last_letter(the_desk, reference)
    assert the_desk.as_("hana").get(f"/desk/letters/{number}/print").status_code == 200
    assert the_desk.as_("olu").get(f"/desk/letters/{number}/print").status_code == 404


def test_a_letter_that_goes_by_email_has_no_page_for_paper(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.") or ""
    client = the_desk.as_("hana")
    send_letter(client, reference, "acknowledge", **ACKNOWLEDGED)

    assert client.get(f"/desk/letters/{last_letter(the_desk, reference)}/print").status_code == 404
    assert client.get("/desk/letters/77/print").status_code == 404


def test_a_welsh_letter_is_written_looked_at_and_printed_as_welsh(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("hana")
    act(client, reference, "change_contact", language="cy", because="she asked for it")

    form = client.get(f"/desk/cases/{reference}/do/ask").text
    preview = act(client, reference, "ask", question="Ers pryd?").text
    send_letter(client, reference, "ask", question="Ers pryd?")
    page = client.get(f"/desk/letters/{last_letter(the_desk, reference)}/print").text

    assert "The letter goes out in Welsh." in form
    assert f'<span lang="cy">Eich cyfeirnod {reference}' in preview
    assert '<div lang="cy">' in page
    assert "<p>18 Rhagfyr 2025</p>" in page
    assert "Written to in" in client.get(f"/desk/cases/{reference}").text
