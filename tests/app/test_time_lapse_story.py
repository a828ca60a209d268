"""The story of the time-lapse and the arithmetic of its check, by themselves."""

from datetime import date, datetime

import pytest

from app.clock import LONDON
from app.demo.days import is_working, six_months, working_days
from app.demo.expected import expected
from app.demo.learners import LEARNING
from app.demo.ombudsmen import OF_OMBUDSMEN
from app.demo.ordinary import ordinary
from app.demo.places import RIVERSIDE
from app.demo.story import BY_CITIZENS, OPENS, Deed, read
from app.demo.time_lapse import the_story
from workflow.casework import VERBS
from workflow.working_days import calendar_for

HOME = "to: repairs@homes.example; about: Lift; text: It is broken"


def deeds(*lines: str) -> list[Deed]:
    return list(read("\n".join(lines)))


def owed(*lines: str, end: str = "2026-04-30") -> list[str]:
    until = datetime.fromisoformat(f"{end}T20:00").replace(tzinfo=LONDON)
    return [str(letter) for letter in expected(deeds(*lines), [RIVERSIDE], until).letters]


def test_the_story_is_the_same_every_time() -> None:
    assert the_story() == the_story()


def test_every_casework_verb_is_in_the_story() -> None:
    done = {deed.does for deed in the_story()} | {"withdraw"}  # by the person, on their progress page

    assert set(VERBS) <= done
    assert done <= {*VERBS, *BY_CITIZENS, *LEARNING, *OF_OMBUDSMEN, "mail_bounces"}


def test_complaints_come_at_weekends_and_on_bank_holidays_too() -> None:
    came = [deed.at.date() for deed in the_story() if deed.does in OPENS and deed.at.year == 2026]

    assert len(came) >= 60
    assert sum(day.weekday() >= 5 for day in came) >= 5
    assert date(2026, 5, 4) in came


def test_ordinary_complaints_are_dealt_with_on_working_days_only() -> None:
    assert all(is_working(deed.at.date()) for deed in ordinary() if deed.does not in OPENS)


@pytest.mark.parametrize("year", [2008, 2026])
def test_the_hand_written_bank_holidays_agree_with_the_table_from_march_to_october(year: int) -> None:
    calendar = calendar_for("england-and-wales")
    days = [date.fromordinal(n) for n in range(date(year, 3, 1).toordinal(), date(year, 10, 31).toordinal())]

    assert [day for day in days if is_working(day)] == [day for day in days if calendar.is_working(day)]


@pytest.mark.parametrize(
    ("start", "end"),
    [("2025-12-18", "2026-06-17"), ("2026-01-01", "2026-06-30"), ("2026-03-01", "2026-08-31"),
     ("2025-08-28", "2026-02-27"), ("2025-08-31", "2026-02-28"), ("2023-08-31", "2024-02-29")],
)  # fmt: skip
def test_six_months_commencing_are_the_golden_dates(start: str, end: str) -> None:
    assert six_months(date.fromisoformat(start)) == date.fromisoformat(end)


def test_working_days_over_easter_are_the_golden_date() -> None:
    assert working_days(date(2026, 3, 31), 20) == date(2026, 4, 30)
    assert working_days(date(2008, 3, 14), 10) == date(2008, 4, 1)


def test_a_complaint_that_nobody_touches_owes_a_receipt_reminders_and_escalations() -> None:
    assert owed(f"2026-04-02 16:40 | lift | Ann Archer | emails | {HOME}", end="2026-04-14") == [
        "2026-04-02 receipt to ann.archer@post.example on case lift naming Monday 13 April 2026, Monday 27 April 2026",
        "2026-04-09 reminder to maya@homes.example on case lift naming Monday 13 April 2026",
        "2026-04-14 escalation to lars@homes.example on case lift naming Monday 13 April 2026",
        "2026-04-14 escalation to maya@homes.example on case lift naming Monday 13 April 2026",
    ]


def test_a_letter_taken_back_within_the_minute_is_not_owed() -> None:
    kinds = [
        line.split()[1]
        for line in owed(
            f"2026-04-07 10:00 | lift | Ann Archer | emails | {HOME}",
            "2026-04-08 10:00:00 | lift | sam | acknowledge |",
            "2026-04-08 10:00:30 | lift | sam | recall_letter | letter: *",
            end="2026-04-08",
        )
    ]

    assert kinds == ["receipt"]


DATES = "starts: 2026-04-17; review_on: 2026-05-01; completes: 2026-05-22; check_on: 2026-06-05; audit_on: 2026-09-01"
LEARNT = (
    f"2026-04-07 10:00 | lift | Ann Archer | emails | {HOME}",
    "2026-04-08 10:00 | lesson | maya | writes_lesson | service: repairs; cases: lift; title: Lifts break",
    f"2026-04-08 10:10 | lesson | maya | add_action | what: Oil lifts; owner: sam@homes.example; {DATES}",
    "2026-04-08 10:20 | lesson | maya | agree |",
)


def learnt(*lines: str, end: str) -> list[str]:
    """What is owed because of the lesson alone."""
    kinds = ("intended", "update", "changed", "action_given", "action_reminder", "action_escalation")
    return [line for line in owed(*LEARNT, *lines, end=end) if line.split()[1] in kinds]


def test_an_agreed_action_is_told_to_its_owner_their_cover_and_the_person_and_reminded_of() -> None:
    assert learnt(end="2026-04-20") == [
        "2026-04-08 action_given to sam@homes.example on case unknown naming Oil lifts, Friday 22 May 2026",
        "2026-04-08 action_given to sofia@homes.example on case unknown naming Oil lifts, Friday 22 May 2026",
        "2026-04-08 intended to ann.archer@post.example on case lift naming Oil lifts",
        "2026-04-10 action_reminder to sam@homes.example on case unknown naming Oil lifts, Friday 17 April 2026",
        "2026-04-10 action_reminder to sofia@homes.example on case unknown naming Oil lifts, Friday 17 April 2026",
        "2026-04-17 action_reminder to sam@homes.example on case unknown naming Oil lifts, Friday 17 April 2026",
        "2026-04-17 action_reminder to sofia@homes.example on case unknown naming Oil lifts, Friday 17 April 2026",
        "2026-04-20 action_escalation to maya@homes.example on case unknown naming Oil lifts, Friday 17 April 2026",
        "2026-04-20 action_escalation to sam@homes.example on case unknown naming Oil lifts, Friday 17 April 2026",
        "2026-04-20 action_escalation to sofia@homes.example on case unknown naming Oil lifts, Friday 17 April 2026",
    ]  # fmt: skip


def test_updates_come_on_the_rhythm_that_was_chosen_until_they_are_stopped() -> None:
    said = learnt(
        "2026-04-09 19:00 | lift | Ann Archer | chooses_updates | channel: email; weeks: 2",
        "2026-05-10 19:00 | lift | Ann Archer | stops_updates |",
        end="2026-06-30",
    )

    assert [line.split()[0] for line in said if " update to " in line] == ["2026-04-23", "2026-05-07"]


def test_what_is_late_must_be_said_and_what_has_ended_is_told_at_once() -> None:
    said = learnt(
        "2026-04-09 19:00 | lift | Ann Archer | chooses_updates | channel: email; weeks: 4",
        "2026-06-10 10:00 | lesson | maya | drop | action: 1; because: The lift is replaced",
        end="2026-07-30",
    )

    assert [line for line in said if "ann.archer" in line][1:] == [
        "2026-05-07 update to ann.archer@post.example on case lift naming Oil lifts",
        "2026-06-04 update to ann.archer@post.example on case lift naming Oil lifts, What is late",
        "2026-06-10 changed to ann.archer@post.example on case lift naming Oil lifts",
    ]


def test_a_survey_is_sent_a_week_after_closing_and_reminded_of_unless_it_was_answered() -> None:
    begun = (f"2026-04-07 10:00 | lift | Ann Archer | emails | {HOME}", "2026-04-08 10:00 | lift | maya | close |")
    answers = "2026-04-16 10:00 | lift | Ann Archer | answers_survey | says: agree"

    kinds = [[line.split()[:2] for line in owed(*lines) if "survey" in line] for lines in (begun, (*begun, answers))]

    assert kinds == [
        [["2026-04-15", "survey"], ["2026-04-25", "survey_reminder"]],
        [["2026-04-15", "survey"]],
    ]


def test_who_answers_in_the_chat_is_not_reminded_there() -> None:
    begun = ("2026-04-07 10:00 | lift | Una Umber | chats | service: repairs; about: The lift; text: It is broken.",
             "2026-04-08 10:00 | lift | maya | close |")  # fmt: skip
    answers = "2026-04-16 10:00 | lift | Una Umber | answers_survey_in_chat | says: agree"

    kinds = [[line.split()[1] for line in owed(*lines) if "survey" in line] for lines in (begun, (*begun, answers))]

    assert kinds == [["survey", "survey_reminder"], ["survey"]]


def test_every_leader_is_owed_a_digest_on_the_tenth_working_day_and_later_ones_say_what_became_of_decisions() -> None:
    said = owed(
        f"2026-04-07 10:00 | lift | Ann Archer | emails | {HOME}",
        "2026-07-15 10:00 | lift | lars | decides | about: own; decision: New lifts; owner: maya@homes.example; "
        "due: 2026-09-01",
        "2026-09-01 10:00 | lift | maya | reports_decision | about: own; outcome: They run",
        end="2026-10-20",
    )

    assert sorted(line for line in said if " digest to " in line) == [
        "2026-07-14 digest to dina@department.example on case unknown",
        "2026-07-14 digest to lars@homes.example on case unknown",
        "2026-10-14 digest to dina@department.example on case unknown naming New lifts, They run",
        "2026-10-14 digest to lars@homes.example on case unknown naming New lifts, They run",
    ]


def test_the_check_owes_reminders_of_a_recommendation_until_it_is_complied_with() -> None:
    lines = (
        f"2026-04-01 10:00 | lift | Joe Jay | fills_in | {HOME}; service: repairs",
        "2026-04-01 11:00 | lift | maya | assign | to: sofia@homes.example",
        "2026-04-01 12:00 | lift | sofia | ombudsman_take_up | body: housing-ombudsman",
        "2026-04-01 13:00 | lift | sofia | ombudsman_recommend | text: Mend it; due: 2026-04-21",
        "2026-04-22 11:00 | lift | sofia | ombudsman_comply | evidence: It runs.",
    )

    told = [one.split(" to ")[0] for one in owed(*lines) if "recommendation" in one]

    assert told == [
        *["2026-04-07 recommendation_reminder"] * 2,
        *["2026-04-21 recommendation_reminder"] * 2,
        *["2026-04-22 recommendation_escalation"] * 2,
    ]


def test_the_check_owes_reminders_of_a_decision_that_nobody_reports() -> None:
    about = "period: 2025Q4; about: 1; owner: maya@homes.example; due: 2026-04-10; decision: Two more lifts"

    told = [one.split(" on case")[0] for one in owed(f"2026-04-01 10:00 | lesson-lift | lars | decides | {about}")]

    assert told == [
        "2026-04-01 review to maya@homes.example",
        "2026-04-01 review_reminder to maya@homes.example",
        "2026-04-10 review_reminder to maya@homes.example",
        "2026-04-13 review_escalation to lars@homes.example",
        "2026-04-13 review_escalation to maya@homes.example",
        "2026-04-17 review_escalation to lars@homes.example",
    ]
