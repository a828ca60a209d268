"""What an ombudsman made of a case: recorded with who, when and why, watched by its date, and counted."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from learning.leading import first_screen
from learning.numbers import figures_beyond
from learning.numbers.asking import Ask
from learning.numbers.figure_table import Table
from learning.ombudsmen import ombudsman_verbs
from learning.ombudsmen.ombudsman import Matters, matters_of
from learning.quarters import parse
from learning.scopes import scope_of
from learning.verb import Refused
from storage.database import reading, writing
from storage.tables import Event, Message, Reminder, Staff, Task
from tests.learning.academy import actor
from tests.town import Town, at, town
from workflow.casework.verbs import ChangedMeanwhile

HANA, MINA, LENA = (f"{name}@town.example" for name in ("hana", "mina", "lena"))


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine, "2026-05-04")


@pytest.fixture
def case(here: Town) -> str:
    """A complaint of Hana's about repairs that the ombudsman has."""
    reference = here.mail("There is damp.") or ""
    here.do(reference, "assign", to=HANA)
    record(here, reference, "take_up", body="phso")
    return reference


@pytest.fixture
def recommended(here: Town, case: str) -> str:
    """The same, decided, and something to be done by Friday 3 July 2026."""
    here.now = at("2026-06-01")
    record(here, case, "record_finding", matter="1", finding="upheld")
    record(here, case, "recommend", matter="1", text="Pay £200 for the delay.", due="2026-07-03")
    return case


def record(
    here: Town,
    reference: str,
    verb: str,
    given: Mapping[str, str] | None = None,
    *,
    by: str = "hana",
    version: int | None = None,
    **more: str,
) -> None:
    with writing(here.engine) as session:
        act = here.act(session, actor(here, by))
        ombudsman_verbs.do(act, here.case(session, reference), verb, {**(given or {}), **more}, seen_version=version)


def matters(here: Town, reference: str) -> Matters:
    with reading(here.engine) as session:
        return matters_of(session, here.case(session, reference))


def told(here: Town, reference: str, name: str) -> Event:
    return next(one for one in here.all(Event, reference) if one.name == name)


def asked(here: Town) -> tuple[Table, Table, list[str]]:
    """The two tables of April to June 2026 for Lena, and what her digest asks her."""
    with reading(here.engine) as session:
        lena = session.exec(select(Staff).where(Staff.email == LENA)).one()
        ask = Ask(session, scope_of(session, lena), parse("2026Q1"), here.now)
        questions = [one.text for one in first_screen.questions(ask) if one.key.startswith("recommendation")]
        return figures_beyond.ombudsman(ask), figures_beyond.recommendations(ask), questions


def standing(table: Table) -> dict[str, object]:
    return {line.key: line.values[0] for line in table.lines if line.values[0]}


def test_each_act_is_an_event_of_the_case_with_who_when_and_why(here: Town, recommended: str) -> None:
    here.now = at("2026-06-15")

    record(here, recommended, "comply", recommendation="1", on="2026-06-12", evidence="Paid. The bank's receipt.")

    names = [name for name in here.events(recommended) if name.partition(".")[0] in ("ombudsman", "recommendation")]
    paid = told(here, recommended, "recommendation.complied")
    assert names == ["ombudsman.taken_up", "ombudsman.decided", "recommendation.made", "recommendation.complied"]
    assert (paid.by, paid.at, paid.recorded_at) == ("Hana", at("2026-06-12 08:00"), at("2026-06-15"))
    assert paid.because == "Paid. The bank's receipt."


def test_what_is_recommended_is_a_task_until_it_is_complied_with(here: Town, recommended: str) -> None:
    before = here.tasks(recommended)

    record(here, recommended, "comply", recommendation="1", evidence="Paid.")

    assert before.count("recommendation") == 1
    assert "recommendation" not in here.tasks(recommended)
    assert matters(here, recommended).not_complied == []


def test_a_complaint_referred_to_the_phso_is_counted_in_the_quarter_of_its_referral(here: Town, case: str) -> None:
    counted, _, _ = asked(here)

    assert standing(counted) == {"referred": 1}
    assert told(here, case, "ombudsman.taken_up").data["body"] == "the Parliamentary and Health Service Ombudsman"


def test_what_is_decided_is_counted_by_what_was_found(here: Town, recommended: str) -> None:
    decided, waiting, _ = asked(here)

    assert standing(decided) == {"referred": 1, "upheld": 1}
    assert standing(waiting) == {"open": 1}


@pytest.mark.requirement("R261")
def test_a_recommendation_is_reminded_of_before_and_on_its_day_and_escalated_when_late(
    here: Town, recommended: str
) -> None:
    days = ["2026-06-19 07:59", "2026-06-19 08:00", "2026-07-03 08:00", "2026-07-06 08:00", "2026-07-10 08:00"]

    sent = {day: [one for one in here.tick(day) if one[0].startswith("recommendation")] for day in days}

    assert sent == {
        "2026-06-19 07:59": [],
        "2026-06-19 08:00": [("recommendation_reminder", HANA), ("recommendation_reminder", MINA)],
        "2026-07-03 08:00": [("recommendation_reminder", HANA), ("recommendation_reminder", MINA)],
        "2026-07-06 08:00": [("recommendation_escalation", HANA), ("recommendation_escalation", MINA)],
        "2026-07-10 08:00": [("recommendation_escalation", LENA)],
    }


def test_a_reminder_says_what_is_recommended_by_whom_and_how_the_date_came_about(here: Town, recommended: str) -> None:
    here.tick("2026-07-06 08:00")

    sent = next(one for one in here.all(Message, recommended) if one.kind == "recommendation_escalation")

    assert sent.subject == f"Late: recommendation on {recommended}, was due Friday 3 July 2026"
    assert "Pay £200 for the delay." in sent.text
    assert "the Parliamentary and Health Service Ombudsman" in sent.text
    assert "Monday 1 June 2026: Hana wrote the recommendation and its date down" in sent.text


@pytest.mark.parametrize(
    ("verb", "by", "given"),
    [("comply", "hana", {"evidence": "Paid."}), ("decline", "mina", {"because": "It was paid in 2025."})],
)
def test_nobody_is_reminded_of_what_has_ended(
    here: Town, recommended: str, verb: str, by: str, given: dict[str, str]
) -> None:
    record(here, recommended, verb, given, by=by, recommendation="1")

    with reading(here.engine) as session:
        waiting = session.exec(select(Reminder).where(Reminder.about == "recommendation")).all()

    assert waiting == []


def test_a_new_date_needs_a_reason_and_is_the_one_that_is_watched(here: Town, recommended: str) -> None:
    with pytest.raises(Refused, match="Enter why the date moves"):
        record(here, recommended, "move_date", recommendation="1", due="2026-07-31")
    record(here, recommended, "move_date", recommendation="1", due="2026-07-31", because="They gave us four weeks.")

    early, later = here.tick("2026-07-06 08:00"), here.tick("2026-08-03 08:00")

    kinds = [kind for kind, _ in [*early, *later] if kind.startswith("recommendation")]
    assert kinds == ["recommendation_escalation"] * 2
    assert "They gave us four weeks." in next(
        one.text for one in here.all(Message, recommended) if one.kind == "recommendation_escalation"
    )
    assert matters(here, recommended).recommendations[0].due == date(2026, 7, 31)


def test_a_manager_says_why_it_is_not_complied_with_and_it_may_still_be(here: Town, recommended: str) -> None:
    with pytest.raises(Refused, match="Only a manager or leader"):
        record(here, recommended, "decline", recommendation="1", because="No money.")
    record(here, recommended, "decline", by="mina", recommendation="1", because="It was paid in 2025.")
    declined = standing(asked(here)[1])

    record(here, recommended, "comply", recommendation="1", evidence="Paid all the same.")

    assert (declined, standing(asked(here)[1])) == ({"declined": 1}, {"complied": 1})
    assert told(here, recommended, "recommendation.declined").because == "It was paid in 2025."


def test_a_leader_is_asked_about_what_is_overdue_and_not_of_what_was_declined(here: Town, recommended: str) -> None:
    here.now = at("2026-07-20")
    overdue = asked(here)[2]

    record(here, recommended, "decline", by="mina", recommendation="1", because="It was paid in 2025.")

    assert len(overdue) == 1
    assert "Pay £200 for the delay." in overdue[0]
    assert asked(here)[2] == []


@pytest.mark.parametrize(
    ("verb", "given", "why"),
    [
        ("take_up", {"body": "phso"}, "This ombudsman has it already"),
        ("take_up", {"body": "nobody"}, "Select which ombudsman"),
        ("take_up", {"body": "lgsco", "on": "2026-06-02"}, "The day must be between"),
        ("record_finding", {"matter": "7", "finding": "upheld"}, "Select which matter"),
        ("record_finding", {"matter": "1", "finding": "undecided"}, "Select what was found"),
        ("record_finding", {"matter": "1", "finding": "upheld", "on": "2026-05-03"}, "The day must be between 4 May"),
        ("recommend", {"matter": "1", "text": "Pay."}, "Enter by when"),
        ("comply", {"recommendation": "1", "evidence": "Paid."}, "No recommendation is to be complied with"),
        ("settle", {}, "There is no verb"),
    ],
)
def test_what_is_missing_or_can_not_be_is_refused_and_nothing_kept(
    here: Town, case: str, verb: str, given: dict[str, str], why: str
) -> None:
    before = here.events(case)

    with pytest.raises(Refused, match=why):
        record(here, case, verb, given)

    assert here.events(case) == before
    assert len(matters(here, case).matters) == 1


def test_a_recommendation_of_another_case_can_not_be_reached(here: Town, recommended: str) -> None:
    other = here.mail("My lift is broken.", sender="bo@citizen.example") or ""
    record(here, other, "take_up", body="phso")
    record(here, other, "recommend", matter="2", text="Repair it.", due="2026-07-03")

    with pytest.raises(Refused, match="Select which recommendation"):
        record(here, other, "comply", recommendation="1", evidence="Paid.")

    assert len(matters(here, recommended).open) == 1


def test_two_people_do_not_overwrite_each_other(here: Town, recommended: str) -> None:
    seen = here.look(recommended).version
    record(here, recommended, "move_date", version=seen, recommendation="1", due="2026-07-31", because="More time.")

    with pytest.raises(ChangedMeanwhile):
        record(here, recommended, "comply", version=seen, recommendation="1", evidence="Paid.")


def test_whom_the_case_is_about_records_nothing_of_it(here: Town, case: str) -> None:
    here.do(case, "assign", to="ravi@town.example")
    with writing(here.engine) as session:
        here.case(session, case).about_staff_id = here.staff("hana").id

    with pytest.raises(Refused, match="This case is about you"):
        record(here, case, "record_finding", matter="1", finding="upheld")


def test_where_there_is_nobody_to_tell_a_task_says_so(here: Town, recommended: str) -> None:
    with writing(here.engine) as session:
        for one in session.exec(select(Staff)):
            one.disabled_at = here.now

    here.tick("2026-07-06 08:00")

    assert [task for task in here.all(Task, recommended) if task.key.startswith("nobody_told:recommendation:1")]
