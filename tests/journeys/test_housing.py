"""A tenant's complaint under the Housing Ombudsman's Code: two stages, each on time, then the ombudsman."""

import pytest
from sqlalchemy import Engine

from tests.town import Town, at, town

MINA = "mina@town.example"


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine, "2025-12-18")


def test_two_stages_and_the_ombudsman(here: Town) -> None:
    # Stage 1: acknowledged on 22 December, due 8 January, extended by 10 working days.
    reference = here.mail("The boiler is loud at night.")
    (receipt,) = here.send()
    assert str(here.clock(reference, "s1.acknowledge").due) == "2025-12-29"
    here.do(reference, "assign", to="hana@town.example")
    here.now = at("2025-12-22")
    here.do(reference, "acknowledge", complaint_definition="A loud boiler", outcomes_sought="Quiet",
            responsible_and_not_responsible="The boiler is ours.")  # fmt: skip
    (acknowledgement,) = here.send()
    assert "Thursday 8 January 2026" in acknowledgement.text
    assert str(here.clock(reference, "s1.respond").due) == "2026-01-08"
    here.do(reference, "extend", days="10", reason="The maker sends someone.")
    here.send()
    assert str(here.clock(reference, "s1.respond").due) == "2026-01-22"
    here.now = at("2026-01-20")
    here.do(reference, "decide", outcome="partly_upheld", reasons="It hums.", remedy="A new pump by 1 March.")
    here.do(reference, "respond", outstanding_actions="The pump, by 1 March.")
    here.send()
    assert here.clock(reference, "s1.respond").state == "met"
    assert here.look(reference).next_due is None

    # Stage 2: asked for by email on 25 March; somebody else; acknowledged on 31 March, due 30 April.
    here.now = at("2026-03-25")
    here.reply(reference, "There is no new pump.")
    here.do(reference, "accept_request", by=MINA)
    here.send()
    assert str(here.clock(reference, "s2.acknowledge").due) == "2026-04-01"
    here.do(reference, "assign", by=MINA, to="ravi@town.example")
    here.now = at("2026-03-31")
    here.do(reference, "acknowledge", by="ravi@town.example")
    here.send()
    assert str(here.clock(reference, "s2.respond").due) == "2026-04-30"
    here.do(reference, "extend", by="ravi@town.example", days="20", reason="The pump is on order.")
    here.send()
    assert str(here.clock(reference, "s2.respond").due) == "2026-06-01"
    here.now = at("2026-05-20")
    here.do(reference, "decide", by="ravi@town.example", outcome="upheld", reasons="We promised.", remedy="It is in.")
    here.do(reference, "respond", by="ravi@town.example", outstanding_actions="None.")
    (final,) = here.send()
    assert "Housing Ombudsman" in final.text

    # The ombudsman, and the end.
    assert here.may(reference, "request_stage") is not None
    here.now = at("2026-06-02")
    here.reply(reference, "I want somebody else to look at it.")
    here.do(reference, "signpost")
    (way,) = here.send()
    assert (way.kind, here.look(reference).stage, here.look(reference).outcome) == (
        "signpost", "ombudsman", "signposted",
    )  # fmt: skip
    assert receipt.reply_to == way.reply_to
    assert here.tick("2026-12-01 08:00") == []


def test_a_handler_of_stage_1_hears_nothing_more_at_stage_2(here: Town) -> None:
    reference = here.mail("The boiler is loud at night.")
    here.do(reference, "assign", to="hana@town.example")
    here.do(reference, "acknowledge", complaint_definition="A loud boiler", outcomes_sought="Quiet",
            responsible_and_not_responsible="The boiler is ours.")  # fmt: skip
    here.send()
    here.do(reference, "decide", outcome="not_upheld", reasons="It is new.", remedy="None.")
    here.do(reference, "respond", outstanding_actions="None.")
    here.send()

    here.do(reference, "request_stage")
    here.do(reference, "accept_request", by=MINA)

    assert {address for _, address in here.tick("2026-03-01 08:00")} == {MINA, "lena@town.example"}
