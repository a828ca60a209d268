"""Ombudsmen on the page of a case: what they did, what they told us to do, and a lesson from it."""

import httpx2
import pytest

from desk import words
from learning.ombudsmen.ombudsman_verbs import OMBUDSMAN
from tests.desk.office import Desk, fields_of
from tests.learning.academy import LESSON, look

FORM = {name: value for name, value in LESSON.items() if name != "service"}


@pytest.fixture
def case(the_desk: Desk) -> str:
    return the_desk.town.mail("There is damp.") or ""


def send(client: httpx2.Client, address: str, **given: str) -> httpx2.Response:
    """Open a form, fill it in and send it; `due` is typed in three parts."""
    page = client.get(address)
    assert page.status_code == 200, page.text
    if due := given.pop("due", ""):
        given |= dict(zip(("due-year", "due-month", "due-day"), due.split("-"), strict=True))
    return client.post(address, data={**fields_of(page.text), **given})


def recommend(client: httpx2.Client, case: str) -> None:
    """The ombudsman takes it up, decides, and recommends something by 6 February 2026."""
    address = f"/desk/cases/{case}/ombudsman"
    answers = [
        send(client, f"{address}/take_up", body="phso"),
        send(client, f"{address}/record_finding", matter="1", finding="maladministration"),
        send(client, f"{address}/recommend", matter="1", text="Say sorry in writing.", due="2026-02-06"),
    ]
    assert [one.status_code for one in answers] == [303] * 3


def test_a_case_shows_what_the_ombudsman_made_of_it_and_whether_we_complied(the_desk: Desk, case: str) -> None:
    hana = the_desk.as_("hana")
    recommend(hana, case)
    before = hana.get(f"/desk/cases/{case}").text

    answer = send(
        hana, f"/desk/cases/{case}/ombudsman/comply", recommendation="1", evidence="The letter of 18 December."
    )

    after = hana.get(answer.headers["location"]).text
    assert "To be done by 6 February 2026" in before
    assert "<strong>Maladministration</strong>" in before
    assert '<a class="govuk-link" href="#ombudsman">Record what became of it</a>' in before
    assert "The recommendation was complied with: done." in after
    assert "The letter of 18 December." in after
    assert "Recommendation complied with: Say sorry in writing." in after
    assert "To be done by" not in after


def test_what_is_late_is_said(the_desk: Desk, case: str) -> None:
    recommend(the_desk.as_("hana"), case)
    the_desk.later(days=60)

    page = the_desk.as_("hana").get(f"/desk/cases/{case}").text

    assert "<strong>Late</strong>: was to be done by 6 February 2026" in page


def test_only_what_can_be_recorded_now_is_offered(the_desk: Desk, case: str) -> None:
    hana, address = the_desk.as_("hana"), f"/desk/cases/{case}/ombudsman"
    first = hana.get(f"/desk/cases/{case}").text

    early = hana.get(f"{address}/comply")

    assert f'href="{address}/take_up"' in first
    assert f'href="{address}/comply"' not in first
    assert early.status_code == 409
    assert "No recommendation is to be complied with." in early.text
    assert hana.get(f"{address}/settle").status_code == 404


@pytest.mark.requirement("R024")
def test_a_lesson_on_a_fault_of_the_system_is_written_from_what_the_phso_found(the_desk: Desk, case: str) -> None:
    hana = the_desk.as_("hana")
    recommend(hana, case)
    address = f"/desk/lessons/new?case={case}&recommendation=1"
    form = hana.get(address).text

    answer = hana.post(address, data={
        **fields_of(form), **FORM, "service": "repairs", "cases": case, "source": "ombudsman", "known_before": "no",
        "external_body": "the Parliamentary and Health Service Ombudsman",
    })  # fmt: skip

    assert answer.headers["location"] == "/desk/lessons/1"
    written = look(the_desk.town, 1)
    assert (written.lesson.source, written.lesson.is_systemic) == ("ombudsman", True)
    assert [one.reference for _, one in written.cases] == [case]
    assert 'value="the Parliamentary and Health Service Ombudsman"' in form
    assert "Finding: Maladministration. Recommendation: Say sorry in writing." in form
    assert 'href="/desk/lessons/1">The lesson from it' in hana.get(f"/desk/cases/{case}").text


def test_a_case_out_of_sight_has_no_ombudsman_either(the_desk: Desk, case: str) -> None:
    recommend(the_desk.as_("hana"), case)
    the_desk.hire("olu", "handler", "care")
    olu = the_desk.as_("olu")

    hidden = olu.get(f"/desk/cases/{case}/ombudsman/comply")
    form = olu.get(f"/desk/lessons/new?case={case}&recommendation=1")

    assert hidden.status_code == 404
    assert "Say sorry in writing." not in form.text


@pytest.mark.parametrize("name", sorted({name for verb in OMBUDSMAN.values() for name in verb.events}
                                        | {"recommendation.learnt", "recommendation.reminder",
                                           "recommendation.escalation"}))  # fmt: skip
def test_every_event_is_told_in_words(name: str) -> None:
    assert name in words.said()["event"]
