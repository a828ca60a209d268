"""Lessons and actions at the desk: written from a case, seen by those they concern, worked on by two people."""

import re

import httpx2
import pytest

from learning.record import note
from storage.database import writing
from tests.desk.office import Desk, fields_of
from tests.learning.academy import ACTION, LESSON, PLAN, act_on, action, actions, agreed, do, lesson, look

DATES = ("starts", "completes", "review_on", "check_on", "audit_on")
FORM = {name: value for name, value in LESSON.items() if name != "service"}


def typed(given: dict[str, str]) -> dict[str, str]:
    """What a browser posts for these: a date in three parts."""
    posted = {name: value for name, value in given.items() if name not in DATES}
    for name in (name for name in DATES if given.get(name)):
        posted |= dict(zip((f"{name}-year", f"{name}-month", f"{name}-day"), given[name].split("-"), strict=True))
    return posted


def send(client: httpx2.Client, address: str, given: dict[str, str]) -> httpx2.Response:
    """Open a form, fill it in and send it."""
    page = client.get(address)
    assert page.status_code == 200, page.text
    return client.post(address, data={**fields_of(page.text), **typed(given)})


@pytest.fixture
def case(the_desk: Desk) -> str:
    return the_desk.town.mail("My carer did not come.", to="care@town.example") or ""


@pytest.mark.requirement("R098")
def test_a_lesson_is_written_from_a_case_and_the_case_leads_back_to_it(the_desk: Desk, case: str) -> None:
    hana = the_desk.as_("hana")
    form = hana.get(f"/desk/lessons/new?case={case}")

    answer = send(hana, f"/desk/lessons/new?case={case}", {**FORM, "service": "care", "cases": case})

    assert f'value="{case}"' in form.text
    assert re.search(r'value="care"[^>]* checked', form.text)
    assert answer.headers["location"] == "/desk/lessons/1"
    assert case in hana.get("/desk/lessons/1").text
    assert f'<a class="govuk-link" href="/desk/lessons/1">{LESSON["title"]}</a>' in hana.get(f"/desk/cases/{case}").text


def test_what_is_missing_from_a_lesson_is_said_and_every_word_kept(the_desk: Desk) -> None:
    answer = send(the_desk.as_("hana"), "/desk/lessons/new", {**FORM, "service": "care", "cause": ""})

    assert answer.status_code == 422
    assert "Enter the cause, in words" in answer.text
    assert LESSON["evidence"] in answer.text


def test_a_lesson_is_written_for_ones_own_services_only(the_desk: Desk) -> None:
    the_desk.hire("olu", "handler", "care")

    answer = send(the_desk.as_("olu"), "/desk/lessons/new", {**FORM, "service": "repairs"})

    assert answer.status_code == 422


def test_a_plan_goes_from_draft_to_agreed_with_what_is_missing_shown_on_the_way(the_desk: Desk) -> None:
    number = lesson(the_desk.town)
    mina, page = the_desk.as_("mina"), f"/desk/lessons/{number}"
    send(mina, f"{page}/do/set_plan", PLAN)

    send(mina, f"{page}/do/add_action", {**ACTION, "target": "better", "audit_on": ""})
    before = mina.get(page).text
    refused = mina.get(f"{page}/do/agree")
    one = actions(the_desk.town, number)[0].id
    send(mina, f"/desk/actions/{one}/do/change", ACTION)
    send(mina, f"{page}/do/agree", {})

    assert "Element 9: give the target as something that can be counted" in before
    assert "Element 8: enter the day of the first audit" in before
    assert (refused.status_code, "Mend first what the plan lacks" in refused.text) == (409, True)
    assert "Agreed 18 December 2025 by Mina" in mina.get(page).text
    assert action(the_desk.town, one or 0).state == "agreed"


def test_an_action_is_worked_on_from_its_own_page(the_desk: Desk) -> None:
    _, one = agreed(the_desk.town)
    hana, page = the_desk.as_("hana"), f"/desk/actions/{one}"

    send(hana, f"{page}/do/start", {})
    send(hana, f"{page}/do/finish", {"evidence": "The list is read out each evening."})
    hers = hana.get(f"{page}/do/check")
    send(the_desk.as_("mina"), f"{page}/do/check", {"result_of": "works", "found": "Seven of seven."})

    assert (hers.status_code, "somebody else must check" in hers.text) == (409, True)
    assert "The list is read out each evening." in hana.get(page).text
    assert "Completion checked: it works" in hana.get(page).text


def test_the_story_of_an_action_says_what_was_late_and_who_was_told(the_desk: Desk) -> None:
    _, one = agreed(the_desk.town)
    the_desk.town.tick("2026-01-12 08:00")
    the_desk.town.tick("2026-01-13 08:00")

    page = the_desk.as_("hana").get(f"/desk/actions/{one}").text

    assert "Reminder: start, due 12 January 2026" in page
    assert "Late: start, was due 12 January 2026. Told: the managers" in page


def test_the_second_to_save_an_action_is_told_what_changed_and_keeps_what_was_typed(the_desk: Desk) -> None:
    _, one = agreed(the_desk.town)
    hana, address = the_desk.as_("hana"), f"/desk/actions/{one}/do/change_dates"
    seen = fields_of(hana.get(address).text)
    act_on(the_desk.town, one, "hand_over", by="mina", owner="ravi@town.example")

    answer = hana.post(address, data={**seen, "because": "The printer broke."})

    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in answer.text
    assert "Handed over to Ravi" in answer.text
    assert "The printer broke." in answer.text
    assert "Action agreed" not in answer.text  # what she had seen before


def test_the_second_to_save_a_lesson_is_told_and_can_send_it_all_the_same(the_desk: Desk) -> None:
    number = lesson(the_desk.town)
    hana, address = the_desk.as_("hana"), f"/desk/lessons/{number}/do/change"
    seen = fields_of(hana.get(address).text)
    do(the_desk.town, number, "change", given={**LESSON, "evidence": "Two logs."})

    told = hana.post(address, data={**seen, **FORM, "evidence": "Three logs."})
    again = hana.post(address, data={**fields_of(told.text), **FORM, "evidence": "Three logs."})

    assert (told.status_code, again.status_code) == (409, 303)
    assert look(the_desk.town, number).lesson.evidence == "Three logs."


@pytest.mark.parametrize("path", ["/desk/lessons/{lesson}", "/desk/lessons/{lesson}/do/agree", "/desk/actions/{action}",
                                  "/desk/actions/{action}/do/start"])  # fmt: skip
def test_a_lesson_of_another_service_is_not_there(the_desk: Desk, path: str) -> None:
    number, one = agreed(the_desk.town)
    the_desk.hire("olu", "handler", "repairs")
    olu = the_desk.as_("olu")

    hidden = olu.get(path.format(lesson=number, action=one))
    absent = olu.get(path.format(lesson=999, action=999))

    assert (hidden.status_code, hidden.text) == (404, absent.text)
    assert LESSON["title"] not in olu.get("/desk/lessons").text
    assert ACTION["what"] not in olu.get("/desk/actions").text


def test_a_leader_sees_the_lessons_of_the_organisation(the_desk: Desk) -> None:
    number, one = agreed(the_desk.town)
    the_desk.hire("lars", "leader")
    lars = the_desk.as_("lars")

    assert LESSON["title"] in lars.get("/desk/lessons").text
    assert lars.get(f"/desk/lessons/{number}").status_code == 200
    assert lars.get(f"/desk/actions/{one}").status_code == 200


@pytest.mark.requirement("R381", "R382")
def test_whoever_must_learn_a_lesson_sees_it_and_records_the_change_and_nothing_else(the_desk: Desk) -> None:
    number = lesson(the_desk.town)
    do(the_desk.town, number, "name_learner", who="service:repairs")
    the_desk.hire("olu", "handler", "repairs")
    olu, page = the_desk.as_("olu"), f"/desk/lessons/{number}"

    tasks = olu.get("/desk/tasks").text
    changing = olu.post(f"{page}/do/change", data={**FORM, "title": "Mine"})
    send(olu, f"{page}/do/implemented", {"learner": "1", "what": "We read bookings out."})

    assert f'<a class="govuk-link" href="{page}">Learn the lesson' in tasks
    assert changing.status_code == 409
    assert look(the_desk.town, number).lesson.title == LESSON["title"]
    assert "We read bookings out." in olu.get(page).text
    assert "Learn the lesson" not in olu.get("/desk/tasks").text


def test_a_linked_complaint_that_one_may_not_see_is_counted_and_not_named(the_desk: Desk, case: str) -> None:
    number = lesson(the_desk.town, case)
    do(the_desk.town, number, "name_learner", who="service:repairs")
    the_desk.hire("olu", "handler", "repairs")

    page = the_desk.as_("olu").get(f"/desk/lessons/{number}").text

    assert case not in page
    assert "1 complaint of other services." in page
    assert "Complaint of another service linked" in page


def test_a_complaint_about_oneself_stays_hidden_in_a_lesson(the_desk: Desk, case: str) -> None:
    number = lesson(the_desk.town, case)
    the_desk.change(case, about_staff_id=the_desk.staff("ravi"))

    assert case not in the_desk.as_("ravi").get(f"/desk/lessons/{number}").text


def test_a_complaint_out_of_sight_can_not_be_linked(the_desk: Desk, case: str) -> None:
    number = lesson(the_desk.town, service="repairs")
    the_desk.hire("olu", "handler", "repairs")

    answer = send(the_desk.as_("olu"), f"/desk/lessons/{number}/do/link", {"cases": case, "how": "same_cause"})

    assert answer.status_code == 422
    assert f"There is no complaint {case} that you can see" in answer.text


def test_actions_stand_among_the_cases_of_the_worklist_by_the_date_that_comes_first(the_desk: Desk, case: str) -> None:
    _, one = agreed(the_desk.town)  # to begin on 12 January; the case is to be acknowledged by 23 December
    agreed(the_desk.town, starts="2025-12-19", review_on="2025-12-19")
    urgent = the_desk.town.mail("I want to kill myself.", to="care@town.example", sender="bo@citizen.example")

    page = the_desk.as_("hana").get("/desk").text

    order = re.findall(r'desk-case__link" href="/desk/(?:cases|actions)/([^"]+)"', page)
    assert order == [urgent, str(one + 1), case, str(one)]


def test_each_sees_their_own_actions_and_those_they_cover_for(the_desk: Desk) -> None:
    agreed(the_desk.town)
    agreed(the_desk.town, owner="mina@town.example")
    ravi = the_desk.town.staff("hana")
    ravi.cover_id = the_desk.staff("ravi")
    the_desk.town.change(ravi)

    shown = {name: _actions_in(the_desk.as_(name).get("/desk?show=mine").text) for name in ("hana", "ravi", "mina")}

    assert shown == {"hana": ["1"], "ravi": ["1"], "mina": ["2"]}


def test_each_action_stands_on_one_page_of_a_long_worklist(the_desk: Desk) -> None:
    for number in range(30):
        the_desk.town.mail("It is late.", to="care@town.example", sender=f"p{number}@citizen.example")
        the_desk.later(days=1)
    agreed(the_desk.town, starts="2026-01-05")
    agreed(the_desk.town, starts="2026-03-02", completes="2026-03-27", review_on="2026-03-06", check_on="2026-03-30")
    hana = the_desk.as_("hana")

    first = hana.get("/desk").text
    onward = re.search(r'href="(/desk\?show=services&amp;after=[^"]+)"', first)
    assert onward
    second = hana.get(onward[1].replace("&amp;", "&")).text

    assert (len(re.findall('class="desk-case"', first)), _actions_in(first) + _actions_in(second)) == (26, ["1", "2"])


def test_the_lists_tell_late_from_ended(the_desk: Desk) -> None:
    _, late = agreed(the_desk.town)
    _, dropped = agreed(the_desk.town)
    act_on(the_desk.town, dropped, "drop", by="mina", because="Another provider.")
    the_desk.later(days=60)
    mina = the_desk.as_("mina")

    shown = {which: _actions_in(mina.get(f"/desk/actions?show={which}").text) for which in ("all", "late", "ended")}

    assert shown == {"all": [str(late)], "late": [str(late)], "ended": [str(dropped)]}
    assert "1 late" in mina.get("/desk/lessons").text


def test_lessons_without_an_agreed_plan_are_found(the_desk: Desk) -> None:
    lesson(the_desk.town, title="Letters must say who to ask")
    agreed(the_desk.town)

    page = the_desk.as_("mina").get("/desk/lessons?show=unplanned").text

    assert "Letters must say who to ask" in page
    assert LESSON["title"] not in page


def _actions_in(page: str) -> list[str]:
    return re.findall(r'desk-case__link" href="/desk/actions/(\d+)"', page)


def test_what_someone_wrote_is_read_by_those_alone_who_may_see_their_complaint(the_desk: Desk, case: str) -> None:
    number = lesson(the_desk.town, case)
    do(the_desk.town, number, "name_learner", who="service:repairs")
    the_desk.hire("olu", "handler", "repairs")
    with writing(the_desk.engine) as session:
        act = the_desk.town.act(session)
        note(act, number, "person.not_satisfied", because="Kit shouted at my mother.", data={"case": case})

    theirs, others = (the_desk.as_(who).get(f"/desk/lessons/{number}").text for who in ("hana", "olu"))

    assert "Kit shouted at my mother." in theirs
    assert "Kit shouted" not in others
