"""The JSON for staff's own tools: the same order and the same sight as the pages."""

from tests.desk.office import Desk


def test_cases_come_in_the_order_of_the_worklist(the_desk: Desk) -> None:
    first = the_desk.town.mail("The gate is broken.")
    the_desk.later(days=14)
    second = the_desk.town.mail("The lift is broken.", sender="al@citizen.example")

    answer = the_desk.as_("hana").get("/desk/api/cases").json()

    assert [case["reference"] for case in answer["cases"]] == [first, second]
    assert answer["cases"][0] | {"reference": ""} == {
        "reference": "",
        "service": "Repairs",
        "stage": "Stage 1",
        "handler": None,
        "received": "2025-12-18",
        "due": "2025-12-29",
        "due_for": "Acknowledge stage 1",
        "late": True,
        "urgent": False,
    }
    assert answer["next"] is None


def test_one_case_says_where_it_stands_and_what_may_be_done(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.")

    case = the_desk.as_("hana").get(f"/desk/api/cases/{reference}").json()

    assert (case["procedure"], case["stage"], case["state"]) == ("housing-ombudsman-code-2024", "s1", "open")
    assert case["dates"][0] == {"title": "Acknowledge stage 1", "state": "Running", "due": "2025-12-29"}
    assert "acknowledge" in case["may"]
    assert "respond" in case["may_not"]
    assert [told["what"] for told in case["story"]] == ["Complaint received by email"]


def test_strangers_and_the_curious_get_plain_refusals(the_desk: Desk) -> None:
    reference = the_desk.town.mail("The gate is broken.")
    the_desk.hire("olu", "handler", "care")

    stranger, curious = the_desk.browser(), the_desk.as_("olu")

    assert stranger.get("/desk/api/cases").status_code == 401
    assert stranger.get(f"/desk/api/cases/{reference}").json() == {"error": "sign in first"}
    assert curious.get(f"/desk/api/cases/{reference}").status_code == 404
    assert curious.get("/desk/api/cases").json()["cases"] == []


def test_a_filter_that_does_not_exist_is_named(the_desk: Desk) -> None:
    assert the_desk.as_("hana").get("/desk/api/cases?show=all").status_code == 400
