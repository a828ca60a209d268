"""`redress deadlines`: a procedure and some events in, every clock as plain values out."""

import json
from typing import Any

import pytest

from app.deadlines import as_plain, standing
from tests.workflow.cases import ASC, HOUSING, NHS, at


def clocks(
    procedure: str, *events: str, lines: tuple[str, ...] = (), now: str = "2026-01-02", nation: str | None = None
) -> Any:
    printed = json.dumps(as_plain(standing(procedure, events, lines, at(now), nation)))
    return {clock["id"]: clock for clock in json.loads(printed)["clocks"]}


def line(name: str, when: str, **data: Any) -> str:
    return json.dumps({"name": name, "at": when, "data": data})


def test_every_clock_is_told_with_all_its_dates() -> None:
    found = clocks(HOUSING, "complaint.received=2025-12-18", now="2025-12-19")["s1.acknowledge"]

    assert found.pop("because")[0] == {
        "date": "2025-12-18",
        "text": "Complaint received: the clock starts and the day after is day 1; the limit is 5 working days",
        "source": "housing-ombudsman-code-2024, s1.acknowledge: "
        "Complaint Handling Code 6.2: within 5 working days of receipt",
    }
    assert found == {
        "id": "s1.acknowledge", "state": "running", "start": "2025-12-18", "base_due": "2025-12-29",
        "due": "2025-12-29", "promised": None, "met_at": None,
        "reminders": [{"at": "2025-12-23", "to": ["complaints_officer"]}],
        "escalations": [{"at": "2025-12-30", "to": ["complaints_officer", "senior_lead"]}],
    }  # fmt: skip


def test_an_event_given_by_name_and_date_is_taken_as_complete() -> None:
    found = clocks(HOUSING, "complaint.received=2025-12-18", "s1.acknowledged=2025-12-22")

    assert (found["s1.acknowledge"]["state"], found["s1.acknowledge"]["met_at"]) == ("met", "2025-12-22")
    assert (found["s1.respond"]["state"], found["s1.respond"]["due"]) == ("running", "2026-01-08")


def test_what_happens_after_the_day_asked_about_has_not_happened_yet() -> None:
    events = ("complaint.received=2025-12-18", "s1.acknowledged=2025-12-22")

    before = clocks(HOUSING, *events, now="2025-12-21")["s1.acknowledge"]
    on_the_day = clocks(HOUSING, *events, now="2025-12-22")["s1.acknowledge"]

    assert (before["state"], before["met_at"]) == ("running", None)
    assert on_the_day["state"] == "met"


def test_without_a_day_asked_about_a_plan_runs_to_its_last_event() -> None:
    found = standing(
        HOUSING, ["complaint.received=2025-12-18", "s1.acknowledged=2025-12-22"], [], at("2025-12-01"), plan=True
    )

    assert found.clock("s1.acknowledge").state == "met"


def test_an_event_from_a_file_carries_only_the_data_it_brings() -> None:
    received = line("complaint.received", "2025-12-18")
    bare, complete = line("s1.acknowledged", "2025-12-22"), '{"name": "s1.acknowledged", "at": "2025-12-22"}'

    assert clocks(HOUSING, lines=(received, bare))["s1.acknowledge"]["state"] == "overdue"
    assert clocks(HOUSING, lines=(received, "", complete))["s1.acknowledge"]["state"] == "met"


def test_an_extension_comes_from_a_file() -> None:
    longer = line("clock.extended", "2008-03-28", clock="s1.conclude", reason="a witness is abroad")

    found = clocks(ASC, "complaint.received=2008-03-14", lines=(longer,))["s1.conclude"]

    assert (found["base_due"], found["due"]) == ("2008-04-01", "2008-04-15")


def test_an_extension_of_the_day_asked_about_counts_whatever_the_hour() -> None:
    longer = line("clock.extended", "2008-03-28", clock="s1.conclude", reason="a witness is abroad")

    found = clocks(ASC, "complaint.received=2008-03-14", lines=(longer,), now="2008-03-28T00:01")["s1.conclude"]

    assert found["due"] == "2008-04-15"


def test_the_clocks_of_one_stage_can_be_counted_without_the_story_before_it() -> None:
    found = clocks(ASC, "s2.requested=2008-04-14", now="2008-04-15")
    problems = standing(ASC, ["s2.requested=2008-04-14"], [], at("2008-04-15")).problems

    assert (found["s2.report"]["due"], found["s2.report"]["state"]) == ("2008-05-20", "running")
    assert found["s1.conclude"]["state"] == "not_started"
    assert "s2.requested is not possible while the case is at new" in problems[0]


@pytest.mark.parametrize(("when", "due"), [("2025-12-18T23:59", "2025-12-23"), ("2025-12-19T00:01", "2025-12-24")])
def test_times_are_london_times(when: str, due: str) -> None:
    assert clocks(NHS, f"complaint.received={when}")["s1.acknowledge"]["due"] == due


def test_another_nation_has_other_holidays() -> None:
    assert clocks(NHS, "complaint.received=2025-12-30", nation="scotland")["s1.acknowledge"]["due"] == "2026-01-06"
    assert clocks(NHS, "complaint.received=2025-12-30")["s1.acknowledge"]["due"] == "2026-01-05"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("complaint.received", "write NAME=YYYY-MM-DD"),
        ("complaint.received=tomorrow", "'tomorrow' is no date; write YYYY-MM-DD or YYYY-MM-DDTHH:MM"),
        ("complaint.received=2025-02-30", "'2025-02-30' is no date"),
        ("complaint.received=9999-12-31", "write a year from 1990 to 2100"),
        ("complaint.recieved=2025-12-18", "has no event 'complaint.recieved'; known are"),
        ("clock.extended=2025-12-18", "clock.extended needs data; give it in a file with --events: clock, and days"),
    ],
)
def test_what_can_not_be_understood_is_refused_in_clear_words(event: str, words: str) -> None:
    with pytest.raises(ValueError) as refused:
        clocks(NHS, event)

    assert words in str(refused.value)


@pytest.mark.parametrize("told", ["{", "[]", "7", '{"name": "complaint.received"}', '{"at": "2025-12-18"}'])
def test_a_line_that_is_no_event_is_refused_with_its_number(told: str) -> None:
    with pytest.raises(ValueError, match="--events line 2: write one object"):
        clocks(NHS, lines=(line("complaint.received", "2025-12-18"), told))


def test_data_that_is_no_object_is_refused() -> None:
    with pytest.raises(ValueError, match="--events line 1: data must be an object"):
        clocks(NHS, lines=('{"name": "complaint.received", "at": "2025-12-18", "data": [1]}',))


def test_an_unknown_procedure_or_nation_is_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="choose one of asc-england-2006"):
        clocks("nhs")
    with pytest.raises(ValueError, match="there is england-and-wales"):
        clocks(NHS, nation="wales")
