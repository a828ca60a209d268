"""A complaint of 2008 about adult social care goes through all three stages, to the panel and the ombudsman."""

from typing import Any

import pytest
from sqlalchemy import Engine

from storage.tables import CaseRole, Event, Letter
from tests.town import Town, at, town
from workflow.casework import Refused

MINA = "mina@town.example"
PANEL: dict[str, Any] = {"chair": "Prof. Ito", "members": "Ms Okoro\nCllr Webb", "independent": "Prof. Ito\nMs Okoro"}


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine, "2008-03-14")


def due(here: Town, reference: str | None, clock: str) -> str:
    return str(here.clock(reference, clock).due)


def council(here: Town) -> int:
    return here.staff("mina").organisation_id


def decided(here: Town, reference: str | None, outcome: str, by: str = "hana@town.example") -> None:
    here.do(reference, "decide", by=by, outcome=outcome, reasons="We looked at the rotas.", remedy="£250 by 30 April")


@pytest.mark.requirement(
    "R165", "R166", "R167", "R168", "R169", "R171", "R172", "R173", "R174", "R176", "R177", "R178", "R179"
)
def test_three_stages_a_panel_and_the_ombudsman(here: Town) -> None:
    # Stage 1: local resolution, 10 working days over Easter, extended to 20.
    reference = here.mail("Nobody came to wash my father.", to="old@town.example")
    here.do(reference, "assign", to="hana@town.example")
    here.do(reference, "acknowledge", understanding_of_complaint="Missed visits", expectations="An apology")
    here.send()
    assert due(here, reference, "s1.conclude") == "2008-04-01"
    assert here.tick("2008-03-27 08:00") == [("reminder", "hana@town.example")]
    assert ("escalation", MINA) in here.tick("2008-04-02 08:00")
    here.do(reference, "extend", to="2008-04-15", reason="The agency keeps the rotas.")
    here.send()
    assert due(here, reference, "s1.conclude") == "2008-04-15"
    with pytest.raises(Refused):
        here.do(reference, "extend", to="2008-04-30", reason="They still do.")
    decided(here, reference, "not_upheld")
    here.now = at("2008-04-10")
    here.do(reference, "respond", learning_and_action="Rotas are kept by us.")
    assert "Stage 2: local investigation and adjudication" in here.send()[0].text
    assert here.clock(reference, "s1.conclude").state == "met"

    # Stage 2: asked for on 14 April; another person investigates; 25 working days, 65 if the manager agrees.
    here.now = at("2008-04-14")
    here.reply(reference, "I am not satisfied.")
    here.now = at("2008-04-16")
    here.do(reference, "accept_request", by=MINA)
    here.send()
    assert due(here, reference, "s2.report") == "2008-05-20"
    with pytest.raises(Refused, match="they took part in Stage 1"):
        here.do(reference, "assign", by=MINA, to="hana@town.example")
    here.do(reference, "assign", by=MINA, to="ravi@town.example", role="investigator")
    with pytest.raises(Refused, match="complaints manager has not agreed"):
        here.do(reference, "extend", by="ravi@town.example", to="2008-07-16", reason="Many witnesses.")
    here.do(reference, "extend", by=MINA, to="2008-07-16", reason="Many witnesses.")
    assert due(here, reference, "s2.report") == "2008-07-16"
    with pytest.raises(Refused, match="at an earlier stage"):
        decided(here, reference, "partly_upheld")
    decided(here, reference, "partly_upheld", by="ravi@town.example")
    here.now = at("2008-07-10")
    here.do(reference, "respond", by="ravi@town.example", recommendations="Keep a log of visits.")
    here.send()
    assert here.clock(reference, "s2.report").state == "met"

    # Stage 3: a panel of three within 30 working days, findings within 5, the response within 15.
    here.now = at("2008-07-21")
    here.do(reference, "request_stage", because="She rang.")
    here.do(reference, "accept_request", by=MINA)
    here.send()
    assert due(here, reference, "s3.panel_held") == "2008-09-02"
    assert here.may(reference, "report_findings") == "The panel has not met yet."
    here.now = at("2008-08-29")
    here.do(reference, "hold_panel", by=MINA, on="2008-08-28", **PANEL)
    assert here.clock(reference, "s3.panel_held").state == "met"
    assert due(here, reference, "s3.findings") == "2008-09-04"
    here.now = at("2008-09-03")
    here.do(reference, "report_findings", by=MINA, findings="Stage 2 was thorough.",
            recommendations="Pay her £100 more.", has_recommendations="yes")  # fmt: skip
    assert "Thursday 28 August 2008" in here.send()[0].text
    assert due(here, reference, "s3.response") == "2008-09-24"
    here.do(reference, "respond", by=MINA, response_to_each_recommendation="Accepted: £100 by 30 September.")
    assert "Local Government Ombudsman" in here.send()[0].text
    assert here.clock(reference, "s3.response").state == "met"
    assert here.look(reference).outcome == "answered"

    here.do(reference, "signpost")
    here.send()
    assert (here.look(reference).stage, here.look(reference).outcome) == ("ombudsman", "signposted")


@pytest.mark.requirement("R162")
@pytest.mark.parametrize(
    ("whom", "person"),
    [
        ({"about": "self"}, ("complainant", "", "")),
        ({"about": "someone_else", "about_name": "Sam Bloggs", "authority": "I am his daughter"},
         ("representative", "Sam Bloggs", "I am his daughter")),
    ],
)  # fmt: skip
def test_who_uses_the_service_or_speaks_for_them_complains_to_the_authority_that_pays_for_it(
    here: Town, whom: dict[str, str], person: tuple[str, str, str]
) -> None:
    reference = here.form("Nobody came.", to="town", service="care-2006", email="jo@citizen.example", **whom)

    case, who = here.look(reference), here.person(reference)
    assert (case.procedure, case.stage, case.organisation_id) == ("asc-england-2006", "s1", council(here))
    assert (who.role, who.acts_for or "", who.authority or "") == person


@pytest.mark.requirement("R170")
def test_at_stage_2_an_investigator_is_named_who_had_no_part_in_stage_1(here: Town) -> None:
    reference = here.mail("Nobody came.", to="old@town.example")
    here.do(reference, "assign", to="hana@town.example")
    here.now = at("2008-04-02")
    here.do(reference, "request_stage")
    here.do(reference, "accept_request", by=MINA)

    with pytest.raises(Refused, match="they took part in Stage 1"):
        here.do(reference, "assign", by=MINA, to="hana@town.example", role="investigator")
    here.do(reference, "assign", by=MINA, to="ravi@town.example", role="investigator")

    named = {role.role: role.name for role in here.all(CaseRole, reference) if role.until is None}
    assert named["s2.investigator"] == "Ravi"
    assert here.look(reference).handler_id == here.staff("ravi").id


@pytest.mark.requirement("R168")
def test_time_run_out_gives_the_right_to_stage_2_by_itself(here: Town) -> None:
    reference = here.mail("Nobody came.", to="old@town.example")
    assert here.may(reference, "request_stage") is not None

    here.now = at("2008-04-02")
    here.do(reference, "request_stage", because="She has waited long enough.")
    here.do(reference, "accept_request", by=MINA)

    assert (here.look(reference).stage, here.clock(reference, "s1.conclude").state) == ("s2", "stopped")


@pytest.fixture
def at_stage_3(here: Town) -> str:
    reference = here.mail("Nobody came.", to="old@town.example")
    assert reference
    here.do(reference, "assign", to="hana@town.example")
    here.do(reference, "acknowledge", understanding_of_complaint="Missed visits", expectations="An apology")
    here.send()
    answers: dict[str, dict[str, Any]] = {
        "hana@town.example": {"learning_and_action": "none"}, "ravi@town.example": {"recommendations": "none"},
    }  # fmt: skip
    for by, words in answers.items():
        decided(here, reference, "not_upheld", by=by)
        here.do(reference, "respond", by=by, **words)
        here.send()
        here.do(reference, "request_stage")
        here.do(reference, "accept_request", by=MINA)
        here.do(reference, "assign", to="ravi@town.example")
    return reference


@pytest.mark.requirement("R174")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"members": "Ms Okoro"}, "must have 3 members"),
        ({"independent": "Ms Okoro"}, "chair of the panel must be independent"),
        ({"independent": "Prof. Ito"}, "At least 1 other member must be independent"),
        ({"members": "Ms Okoro\nHana"}, "Hana may not sit on the panel"),
        ({"members": "Ms Okoro\nRavi"}, "Ravi may not sit on the panel"),
        ({"on": "2008-04-01"}, "today or earlier"),
    ],
)
def test_a_panel_that_is_not_what_the_procedure_asks_is_refused(
    here: Town, at_stage_3: str, change: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        here.do(at_stage_3, "hold_panel", by=MINA, **{**PANEL, **change})

    assert "s3.panel_held" not in here.events(at_stage_3)
    assert not [role for role in here.all(CaseRole, at_stage_3) if role.role.startswith("panel")]


def test_findings_say_whether_the_panel_recommends_anything(here: Town, at_stage_3: str) -> None:
    here.do(at_stage_3, "hold_panel", by=MINA, **PANEL)

    with pytest.raises(Refused, match="Say whether the panel recommends anything"):
        here.do(at_stage_3, "report_findings", by=MINA, findings="All was well.", recommendations="None.")


def test_findings_that_were_taken_back_can_be_written_anew(here: Town, at_stage_3: str) -> None:
    here.do(at_stage_3, "hold_panel", by=MINA, **PANEL)
    words: dict[str, Any] = {"findings": "All was well.", "recommendations": "None.", "has_recommendations": "no"}
    here.do(at_stage_3, "report_findings", by=MINA, **words)
    here.do(at_stage_3, "recall_letter", by=MINA, letter=here.all(Letter, at_stage_3)[-1].id)

    here.do(at_stage_3, "report_findings", by=MINA, **words)
    here.send()

    assert here.look(at_stage_3).outcome == "answered"
    assert here.events(at_stage_3).count("s3.findings_sent") == 1


def test_the_panel_is_dated_by_the_day_it_met(here: Town, at_stage_3: str) -> None:
    here.now = at("2008-04-03")

    here.do(at_stage_3, "hold_panel", by=MINA, on="2008-04-01", **PANEL)

    event = next(one for one in here.all(Event, at_stage_3) if one.name == "s3.panel_held")
    assert event.at == at("2008-04-01 08:00")
