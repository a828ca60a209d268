"""A complaint under the Regulations of 2009: acknowledged in three days, one stage, signed, then the ombudsman."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from storage.database import writing
from storage.tables import Letter, Organisation
from tests.town import Town, at, town

ANSWER: dict[str, Any] = {
    "how_considered": "We spoke to the carer and read the log.",
    "conclusions": "Four visits were missed.",
    "remedial_action": "A new carer from 1 March.",
    "action_taken_or_planned": "The agency sends us its log each week.",
    "signed_by_responsible_person": "A. Director, Director of Adult Social Care",
}


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine, "2025-12-18")


@pytest.mark.requirement("R293", "R300")
def test_one_stage_and_the_ombudsman(here: Town) -> None:
    reference = here.mail("My carer did not come.", to="care@town.example")
    (receipt,) = here.send()
    assert "Tuesday 23 December 2025" in receipt.text
    here.do(reference, "assign", to="hana@town.example")

    here.do(reference, "acknowledge", understanding_of_complaint="Missed visits", promised="2026-02-27")
    (acknowledgement,) = here.send()
    clock = here.clock(reference, "s1.respond")
    assert "We will answer you by Friday 27 February 2026." in acknowledgement.text
    assert "independent advocate" in acknowledgement.text
    assert (str(clock.due), str(clock.promised)) == ("2026-06-17", "2026-02-27")
    assert here.look(reference).next_due == at("2026-02-28 00:00")
    assert here.tick("2026-01-30 08:00") == [("reminder", "hana@town.example")]

    here.now = at("2026-02-20")
    here.do(reference, "decide", outcome="upheld", reasons="The log shows it.", remedy="An apology")
    here.do(reference, "respond", **ANSWER)
    answer = next(message for message in here.send() if message.kind == "response")
    assert "Signed" in answer.text
    assert "Local Government and Social Care Ombudsman" in answer.text
    assert {item["id"] for item in here.all(Letter, reference)[-1].facts["items"]} == {*ANSWER, "ombudsman"}
    assert here.clock(reference, "s1.respond").state == "met"

    assert here.tasks(reference) == ["what_was_learnt"]
    here.do(reference, "nothing_new", because="The rota was changed in January, after an earlier complaint.")

    here.do(reference, "close")
    assert (here.look(reference).state, here.look(reference).outcome) == ("closed", "answered")
    here.reply(reference, "It happened again.")
    assert here.tasks(reference) == ["new_contact"]
    here.do(reference, "signpost")
    assert here.look(reference).outcome == "signposted"


@pytest.mark.requirement("R185")
@pytest.mark.parametrize(
    ("body", "ombudsman", "other"),
    [
        ("council", "Local Government and Social Care Ombudsman", "Parliamentary and Health Service Ombudsman"),
        ("nhs-trust", "Parliamentary and Health Service Ombudsman", "Local Government and Social Care Ombudsman"),
    ],
)
def test_the_answer_names_the_ombudsman_who_looks_into_such_a_body(
    here: Town, body: str, ombudsman: str, other: str
) -> None:
    reference = here.mail("My carer did not come.", to="care@town.example")
    with writing(here.engine) as session:
        session.exec(select(Organisation).where(Organisation.slug == "town")).one().kind = body
    here.do(reference, "acknowledge", understanding_of_complaint="Missed visits", promised="2026-02-27")
    here.do(reference, "decide", outcome="upheld", reasons="The log shows it.", remedy="An apology")

    here.do(reference, "respond", **ANSWER)

    answer = next(message for message in here.send() if message.kind == "response")
    assert ombudsman in answer.text
    assert other not in answer.text


def test_a_person_who_cares_for_another_complains_for_them(here: Town) -> None:
    whom = {"about": "someone_else", "about_name": "Sam Bloggs", "authority": "power of attorney"}

    reference = here.form("Nobody came.", to="town", service="care", email="jo@citizen.example", **whom)

    person = here.person(reference)

    assert (person.role, person.acts_for, person.authority) == (
        "representative", "Sam Bloggs", "power of attorney",
    )  # fmt: skip
    assert here.mails(reference) == ["receipt"]
