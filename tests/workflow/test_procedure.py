"""The shipped procedures: found, frozen, told apart by date, and true to their sources."""

from dataclasses import FrozenInstanceError
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from tests.workflow.cases import ASC, HOUSING, NHS, SMALL, clock, on, small, small_procedure
from workflow.definition import Procedure, Span
from workflow.procedure import ProcedureError, in_force, load, parse, shipped


def test_three_procedures_are_shipped() -> None:
    assert shipped() == (ASC, HOUSING, NHS)


def test_a_procedure_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ProcedureError, match="no procedure 'nhs'; choose one of asc-england-2006, housing-ombudsman"):
        load("nhs")


def test_a_procedure_is_read_once_and_can_not_be_changed() -> None:
    procedure = load(HOUSING)
    unguarded: Any = procedure

    assert load(HOUSING) is procedure
    with pytest.raises(FrozenInstanceError):
        unguarded.title = "another"
    with pytest.raises(TypeError):
        unguarded.raw["procedure"]["title"] = "another"


def test_the_hash_covers_the_rules_and_not_the_comments() -> None:
    plain = small_procedure().hash

    assert parse("# a remark\n" + SMALL, "small.toml").hash == plain
    assert small_procedure(("working_days = 10", "working_days = 11")).hash != plain


@pytest.mark.requirement("R190")
@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2006-08-31", ()),
        ("2006-09-01", (ASC,)),
        ("2009-03-31", (ASC,)),
        ("2009-04-01", (NHS,)),
        ("2024-04-01", (HOUSING, NHS)),
    ],
)
def test_a_complaint_stays_on_the_rules_in_force_when_it_was_received(received: str, expected: tuple[str, ...]) -> None:
    found = in_force(shipped(), date.fromisoformat(received))

    assert tuple(procedure.id for procedure in found) == expected


@pytest.mark.parametrize("procedure_id", shipped())
def test_every_shipped_file_says_where_it_is_from_when_it_was_checked_and_that_it_is_no_advice(
    procedure_id: str,
) -> None:
    procedure = load(procedure_id)
    text = (files("workflow") / "procedures" / f"{procedure_id}.toml").read_text(encoding="utf-8")

    assert procedure.id == procedure_id
    assert procedure.sources
    assert procedure.checked_on >= date(2026, 11, 21)
    assert "not legal advice" in text
    assert all(clock.source and clock.title != clock.id for clock in procedure.clocks)


def test_what_was_not_read_in_the_2009_regulations_themselves_is_marked() -> None:
    unverified = load(NHS).raw["procedure"]["unverified"]

    assert any("regulation 13" in each for each in unverified)
    assert any("local defaults" in each for each in unverified)


def test_parts_are_found_by_their_names() -> None:
    procedure = load(ASC)

    assert procedure.stage("s3").panel["size"] == 3
    assert procedure.clock("s2.report").extensions[0].to_total == Span("working_days", 65)
    assert procedure.letter("s2_adjudication").attach == ("investigation_report",)
    letter = procedure.letter_on("s1.outcome_sent")
    assert letter is not None
    assert "advocacy" in letter.must_contain
    assert procedure.letter_on("complaint.withdrawn") is None
    with pytest.raises(KeyError):
        procedure.stage("s4")


@pytest.mark.requirement("R174")
def test_the_panel_has_an_independent_chair_and_another_independent_member() -> None:
    panel = load(ASC).stage("s3").panel

    assert (panel["chair"], panel["independent_others_min"]) == ("independent", 1)


@pytest.mark.requirement("R188")
def test_stages_times_advocacy_and_independence_of_each_procedure_are_what_its_file_says() -> None:
    old, homes, care = load(ASC), load(HOUSING), load(NHS)

    assert [len(one.worked_stages) for one in (old, homes, care)] == [3, 2, 1]
    assert [str(one.clock(clock).limit) for one, clock in
            ((old, "s1.conclude"), (homes, "s1.respond"), (care, "s1.respond"))] == [
        "10 working days", "10 working days", "6 months",
    ]  # fmt: skip
    assert [one.advocacy.get("statutory") for one in (old, homes, care)] == [False, None, True]
    assert old.stage("s2").handler["independent_of"] == homes.stage("s2").handler["independent_of"] == ("s1.handler",)
    assert old.stage("s3").panel["chair"] == "independent"


@pytest.mark.requirement("R188")
def test_a_body_writes_a_procedure_of_its_own_without_any_code() -> None:
    panel = '''[[stage]]
id = "s2"
kind = "independent"
entry = ["request:unhappy_with:s1"]
handler = { role = "reviewer", independent_of = ["s1.handler"] }

  [[stage.clock]]
  id = "s2.respond"
  start = "s2.requested"
  limit = { working_days = 30 }
  stop = ["s2.response_sent", "complaint.withdrawn"]

  [[stage.letter]]
  id = "s2_response"
  on = "s2.response_sent"

[[stage]]
id = "ombudsman"'''
    own = small_procedure(
        ("working_days = 10", "working_days = 7"),
        ('[[stage]]\nid = "ombudsman"', panel),
        ("signpost:unhappy_with:s1", "signpost:unhappy_with:s2"),
    )

    counted = [on("complaint.received", "2026-01-05"), on("s1.response_sent", "2026-01-14"),
               on("s2.requested", "2026-01-19")]  # fmt: skip
    assert clock(own, "s1.respond", *counted[:1]).due == date(2026, 1, 14)
    assert clock(own, "s2.respond", *counted).due == date(2026, 3, 2)


def test_representations_come_before_a_complaint_and_never_hold_it_up() -> None:
    stage = load(ASC).stage("representations")

    assert (stage.kind, stage.optional, stage.clocks) == ("pre", True, ())


def test_no_reasons_are_asked_for_the_second_stage_of_a_landlord() -> None:
    stage = load(HOUSING).stage("s2")

    assert not stage.reasons_required
    assert stage.handler["independent_of"] == ("s1.handler",)


def test_a_procedure_knows_its_own_events_and_the_general_ones() -> None:
    procedure: Procedure = load(NHS)

    assert all(procedure.knows(name) for name in ("complaint.received", "s1.acknowledged", "clock.extended"))
    assert not any(procedure.knows(name) for name in ("s2.requested", "case.assigned"))


def test_a_span_reads_as_a_person_would_say_it() -> None:
    assert [str(Span("working_days", 10)), str(Span("months", 1))] == ["10 working days", "1 month"]


def test_the_small_procedure_of_these_tests_is_sound() -> None:
    assert parse(small(), "small.toml").clock("s1.respond").limit == Span("working_days", 10)
