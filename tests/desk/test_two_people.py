"""Two people at one case: the second is told what changed, keeps every word typed, and overwrites nothing."""

import pytest

from tests.desk.office import ACKNOWLEDGED, Desk, act, fields_of, send_letter

MINE = "She says that the gate has been broken since May."


@pytest.fixture
def reference(the_desk: Desk) -> str:
    return the_desk.town.mail("The gate is broken.") or ""


def test_the_second_to_save_is_told_what_changed_and_keeps_what_was_typed(the_desk: Desk, reference: str) -> None:
    hana, ravi = the_desk.as_("hana"), the_desk.as_("ravi")
    seen = fields_of(hana.get(f"/desk/cases/{reference}/do/converse").text)
    act(ravi, reference, "assign", to="ravi@town.example", role="handler")

    answer = hana.post(f"/desk/cases/{reference}/do/converse", data={**seen, "said": MINE})

    assert answer.status_code == 409
    assert "Somebody else changed this case meanwhile" in answer.text
    assert "Assigned to Ravi as handler" in answer.text
    assert "Complaint received" not in answer.text  # what she had seen before
    assert MINE in answer.text
    assert the_desk.town.events(reference) == ["complaint.received", "case.assigned"]


def test_it_can_be_sent_again_deliberately(the_desk: Desk, reference: str) -> None:
    hana, ravi = the_desk.as_("hana"), the_desk.as_("ravi")
    seen = fields_of(hana.get(f"/desk/cases/{reference}/do/converse").text)
    act(ravi, reference, "assign", to="ravi@town.example", role="handler")
    told = hana.post(f"/desk/cases/{reference}/do/converse", data={**seen, "said": MINE})

    again = hana.post(f"/desk/cases/{reference}/do/converse", data={**fields_of(told.text), "said": MINE})

    assert again.status_code == 303
    assert the_desk.town.events(reference)[-1] == "conversation.recorded"


def test_a_letter_seen_before_the_change_is_not_sent_after_it(the_desk: Desk, reference: str) -> None:
    hana, ravi = the_desk.as_("hana"), the_desk.as_("ravi")
    preview = act(hana, reference, "acknowledge", **ACKNOWLEDGED)
    send_letter(ravi, reference, "acknowledge", **{**ACKNOWLEDGED, "complaint_definition": "Ravi’s own words."})

    answer = hana.post(f"/desk/cases/{reference}/do/acknowledge", data={**fields_of(preview.text), "step": "send"})

    assert answer.status_code == 409
    assert "The boiler has been broken for three weeks." in answer.text  # her words are not lost
    assert the_desk.case(reference).definition == "Ravi’s own words."
    assert [one.kind for one in the_desk.town.send()].count("acknowledgement") == 1


def test_a_form_without_the_version_it_was_made_from_changes_nothing(the_desk: Desk, reference: str) -> None:
    answer = the_desk.as_("hana").post(f"/desk/cases/{reference}/do/converse", data={"said": MINE})

    assert answer.status_code == 409
    assert the_desk.case(reference).version == 1


def test_pressing_twice_does_it_once(the_desk: Desk, reference: str) -> None:
    hana = the_desk.as_("hana")
    seen = fields_of(hana.get(f"/desk/cases/{reference}/do/converse").text)

    answers = [hana.post(f"/desk/cases/{reference}/do/converse", data={**seen, "said": MINE}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 409]
    assert the_desk.town.events(reference).count("conversation.recorded") == 1
