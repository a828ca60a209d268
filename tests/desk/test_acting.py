"""Doing casework at the desk: one form per verb, letters looked at before they go, mistakes named at their field."""

import html
import re

import pytest
from sqlmodel import Session, select

from storage.tables import Head, Letter
from tests.desk.office import ACKNOWLEDGED, Desk, act, fields_of, send_letter
from workflow import casework


def errors_in(page: str) -> dict[str, str]:
    """What the error summary says, by the field that it leads to."""
    summary = page.partition('class="govuk-error-summary"')[2].partition("</ul>")[0]
    return dict(re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary))


def letters(the_desk: Desk) -> list[Letter]:
    with Session(the_desk.engine) as session:
        return list(session.exec(select(Letter)).all())


@pytest.fixture
def reference(the_desk: Desk) -> str:
    return the_desk.town.mail("The gate is broken.") or ""


def test_every_verb_has_a_form_or_says_why_not(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("mina")

    found = {verb: client.get(f"/desk/cases/{reference}/do/{verb}") for verb in casework.VERBS}

    assert {page.status_code for page in found.values()} == {200, 409}
    assert all(casework.VERBS[verb].title in html.unescape(page.text) for verb, page in found.items())
    assert found["assign"].status_code == 200
    assert "Nothing is held for this case." in found["admit"].text


def test_a_verb_that_does_not_exist_is_not_found(the_desk: Desk, reference: str) -> None:
    assert the_desk.as_("hana").get(f"/desk/cases/{reference}/do/delete").status_code == 404


def test_what_is_missing_is_named_at_its_field_and_nothing_is_done(the_desk: Desk, reference: str) -> None:
    answer = act(the_desk.as_("hana"), reference, "refile", kind="", because="")

    assert answer.status_code == 422
    assert errors_in(answer.text) == {"kind": "Select what it is", "because": "Enter why"}
    assert the_desk.case(reference).version == 1


def test_a_date_that_is_none_is_named_at_its_day(the_desk: Desk, reference: str) -> None:
    date = {"date-day": "31", "date-month": "2", "date-year": "2025"}

    answer = act(the_desk.as_("mina"), reference, "correct_receipt", because="the postmark", **date)

    assert errors_in(answer.text) == {"date-day": "The day on which it arrived must be a real date, like 27 3 2026"}
    assert 'value="31"' in answer.text
    assert "the postmark" in answer.text


def test_a_date_that_is_not_whole_comes_back_as_it_was_typed(the_desk: Desk, reference: str) -> None:
    answer = act(the_desk.as_("mina"), reference, "correct_receipt", because="the postmark", **{"date-day": "1"})

    assert re.search(r'name="date-day"[^>]*value="1"', answer.text)
    assert 'value="0' not in answer.text.partition('name="date-day"')[2]


def test_what_the_verb_refuses_is_shown_at_its_field_with_all_that_was_typed(the_desk: Desk, reference: str) -> None:
    date = {"date-day": "1", "date-month": "2", "date-year": "2026"}

    answer = act(the_desk.as_("mina"), reference, "correct_receipt", because="the postmark", **date)

    assert answer.status_code == 422
    assert errors_in(answer.text) == {"date-day": "Enter the day on which it arrived, today or earlier"}
    assert "the postmark" in answer.text


def test_a_letter_is_seen_before_it_goes(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("hana")

    preview = act(client, reference, "acknowledge", **ACKNOWLEDGED)

    assert preview.status_code == 200
    assert "Check the letter before it goes" in preview.text
    assert "Dear Jo Bloggs" in preview.text
    assert "It leaves by email to jo@citizen.example, 60 seconds after you send it." in preview.text
    assert "The boiler has been broken for three weeks." in preview.text
    assert letters(the_desk) == []


def test_a_letter_cannot_go_while_an_item_of_its_checklist_is_missing(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("hana")
    lacking = {**ACKNOWLEDGED, "outcomes_sought": ""}

    seen = act(client, reference, "acknowledge", **lacking)
    forced = act(client, reference, "acknowledge", step="send", **lacking)

    for answer in (seen, forced):
        assert answer.status_code == 422
        assert errors_in(answer.text) == {
            "outcomes_sought": "The letter can’t go out without this: the outcomes that the person seeks"
        }
        assert "The boiler has been broken for three weeks." in answer.text
    assert letters(the_desk) == []


def test_a_letter_can_be_changed_after_it_was_seen(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("hana")
    preview = act(client, reference, "acknowledge", **ACKNOWLEDGED, **{"promised-day": "5", "promised-month": "1",
                                                                       "promised-year": "2026"})  # fmt: skip
    form = client.post(f"/desk/cases/{reference}/do/acknowledge", data={**fields_of(preview.text), "step": "change"})

    assert "The boiler has been broken for three weeks." in form.text
    assert re.search(r'name="promised-year"[^>]*value="2026"', form.text)


def test_a_letter_sent_is_in_the_outbox_and_leaves_a_minute_later(the_desk: Desk, reference: str) -> None:
    answer = send_letter(the_desk.as_("hana"), reference, "acknowledge", **ACKNOWLEDGED)

    sent = the_desk.town.send()

    assert answer.headers["location"] == f"/desk/cases/{reference}?done=acknowledge"
    assert "acknowledgement" in [message.kind for message in sent]
    assert "s1.acknowledged" in the_desk.town.events(reference)


def test_a_letter_that_was_taken_back_can_be_written_again_without_typing_it_anew(
    the_desk: Desk, reference: str
) -> None:
    client = the_desk.as_("hana")
    typed = {**ACKNOWLEDGED, "heads": "The boiler\nNobody rang", "promised-day": "5", "promised-month": "1",
             "promised-year": "2026"}  # fmt: skip
    send_letter(client, reference, "acknowledge", **typed)
    act(client, reference, "recall_letter", letter=str(letters(the_desk)[-1].id))

    form = client.get(f"/desk/cases/{reference}/do/acknowledge").text
    send_letter(client, reference, "acknowledge", **{**typed, "heads": "The boiler\nNobody wrote"})

    assert [words for words in ACKNOWLEDGED.values() if words not in form] == []
    assert "The boiler\nNobody rang" in form
    assert re.search(r'name="promised-day"[^>]*value="0?5"', form)
    with Session(the_desk.engine) as session:
        assert [head.text for head in session.exec(select(Head)).all()] == ["The boiler", "Nobody wrote"]


def test_a_handler_cannot_do_what_is_for_managers(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("hana")

    asked = client.get(f"/desk/cases/{reference}/do/correct_receipt")
    forced = client.post(
        f"/desk/cases/{reference}/do/correct_receipt",
        data={"seen_version": "1", "because": "a whim", "date-day": "1", "date-month": "12", "date-year": "2025"},
    )

    assert (asked.status_code, forced.status_code) == (409, 409)
    assert "Only a manager or leader can do this." in forced.text
    assert "a whim" in forced.text
    assert the_desk.case(reference).version == 1


def test_the_event_names_who_did_it(the_desk: Desk, reference: str) -> None:
    client = the_desk.as_("ravi")
    act(client, reference, "converse", said="He rang.")

    story = client.get(f"/desk/cases/{reference}").text.partition('id="story"')[2]

    assert ", Ravi" in story
