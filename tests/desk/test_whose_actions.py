"""Whose list an action stands in: nobody's who has left, and its owner's as long as an audit is to come."""

import re

from tests.desk.office import Desk
from tests.learning.academy import act_on, agreed


def actions_at(the_desk: Desk, name: str, address: str) -> list[str]:
    """The numbers of the actions on a page."""
    return list(dict.fromkeys(re.findall(r'href="/desk/actions/(\d+)"', the_desk.as_(name).get(address).text)))


def test_an_action_whose_owner_has_left_stands_among_those_nobody_answers_for(the_desk: Desk) -> None:
    agreed(the_desk.town)
    agreed(the_desk.town, owner="mina@town.example")
    hana = the_desk.town.staff("hana")
    hana.disabled_at = the_desk.town.now
    the_desk.town.change(hana)

    assert actions_at(the_desk, "mina", "/desk?show=unassigned") == ["1"]


def test_an_improvement_that_is_audited_again_is_still_its_owners(the_desk: Desk) -> None:
    _, one = agreed(the_desk.town)
    act_on(the_desk.town, one, "start")
    act_on(the_desk.town, one, "finish", evidence="The log shows it.")
    act_on(the_desk.town, one, "check", by="mina", result_of="works", found="Seven lists of seven were read.")
    the_desk.later(days=170)
    held = {"result_of": "embedded", "result": "20 of 20", "found": "All."}

    act_on(the_desk.town, one, "audit", by="mina", given=held, audit_on="2026-12-04")
    again = actions_at(the_desk, "hana", "/desk/actions?show=mine")
    the_desk.later(days=182)
    act_on(the_desk.town, one, "audit", by="mina", given=held, audit_on="2027-12-03")

    assert again == [str(one)]
    assert actions_at(the_desk, "hana", "/desk/actions?show=ended") == []
