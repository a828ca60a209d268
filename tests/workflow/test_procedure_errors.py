"""A file that is not sound is refused at load, with its line, the key, and what to do."""

import pytest

from tests.workflow.cases import SMALL, small
from workflow.procedure import ProcedureError, parse
from workflow.procedure_errors import line_of

STAGE_2 = """
[[stage]]
id = "s2"
kind = "internal"
entry = ["request:unhappy_with:s1"]
  [[stage.clock]]
  id = "s2.respond"
  start = "s2.requested"
  limit = { working_days = 20 }
  stop = ["s2.response_sent"]
"""
PRE = '\n[[stage]]\nid = "informal"\nkind = "pre"\n'

BOTH = "  [[stage.clock.extension]]\n  add = { weeks = 1 }\n  to_total = { weeks = 3 }\n  [[stage.letter]]"
CLOCK = STAGE_2.partition('["request:unhappy_with:s1"]\n')[2]


def appended(text: str, *changes: tuple[str, str]) -> str:
    return small(*changes) + text


WRONG = {
    "unknown key": (small(("limit =", "limt =")), 21, "stage[1].clock[1].limt", "unknown key; did you mean limit?"),
    "unknown table": (appended("\n[speed]\nfast = true\n"), 33, "speed", "unknown key; known here are"),
    "missing key": (small(('title = "A small procedure"\n', "")), 3, "procedure", "title is missing; add it"),
    "wrong type": (
        small(("checked_on = 2026-11-21", 'checked_on = "today"')),
        10,
        "checked_on",
        "needs a date, not a text",
    ),
    "truth for a number": (
        small(("working_days = 10", "working_days = true")),
        21,
        "working_days",
        "needs a whole number",
    ),
    "wrong item": (
        small(('["our own policy"]', "[7]")),
        11,
        "procedure.sources[1]",
        "needs a text, not a whole number",
    ),
    "wrong word": (
        small(('binding = "local"', 'binding = "strict"')),
        7,
        "procedure.binding",
        "write one of statutory",
    ),
    "wrong nation": (small(("england-and-wales", "wales")), 8, "procedure.calendar", "write one of england-and-wales"),
    "schema": (small(("schema = 1", "schema = 2")), 1, "schema", "this program reads schema 1"),
    "dates": (
        small(("valid_from = 2020-01-01", "valid_from = 2020-01-01\nvalid_to = 2019-01-01")),
        7,
        "valid_to",
        "ends before",
    ),
    "cutoff": (
        small(('binding = "local"', 'binding = "local"\nreceipt_cutoff = "5pm"')),
        8,
        "receipt_cutoff",
        "such as 17:00",
    ),
    "non working": (
        small(("roles =", 'non_working = ["firday"]\nroles =')),
        9,
        "non_working",
        "'firday' is no day we know",
    ),
    "stop event": (
        small(('["s1.response_sent", ', '["s1.response_snet", ')),
        22,
        "stop",
        "unknown event 's1.response_snet'",
    ),
    "start event": (small(('start = "complaint.received"', 'start = "s7.requested"')), 20, "start", "unknown event"),
    "letter event": (
        small(('on = "s1.response_sent"', 'on = "s1.replied"')),
        26,
        "letter[1].on",
        "unknown event 's1.replied'",
    ),
    "no stop event": (small(('"s1.response_sent", ', "")), 18, "stage[1].clock[1]", "has no stop event of its own"),
    "condition": (
        small(("  stop =", '  when = "s1.rains"\n  stop =')),
        22,
        "when",
        "unknown condition; known are s3.has",
    ),
    "no limit": (small(("  limit = { working_days = 10 }\n", "")), 18, "clock[1]", "needs either limit or limit_by"),
    "two units": (
        small(("{ working_days = 10 }", "{ weeks = 1, months = 1 }")),
        21,
        "limit",
        "exactly one of working_days",
    ),
    "zero limit": (small(("working_days = 10", "working_days = 0")), 21, "limit", "from 1 to 9999"),
    "limit by": (
        small(("limit = { working_days = 10 }", "limit_by = { trust = 5 }")),
        21,
        "limit_by.trust",
        "needs a table, not a whole number",
    ),
    "late reminder": (
        small(("  stop =", '  reminder = [{ at = { working_days = 1 }, to = ["handler"] }]\n  stop =')),
        22,
        "reminder[1].at",
        "1 is out of range; write a whole number from -999 to 0",
    ),
    "early escalation": (
        small(("  stop =", '  escalation = [{ at = { working_days = 0 }, to = ["handler"] }]\n  stop =')),
        22,
        "escalation[1].at",
        "from 1 to 999",
    ),
    "role": (
        small(("  stop =", '  reminder = [{ at = { working_days = 0 }, to = ["handlr"] }]\n  stop =')),
        22,
        "reminder[1].to",
        "unknown role 'handlr'; add it to roles",
    ),
    "both extensions": (
        small(("  [[stage.letter]]", BOTH)),
        24,
        "extension[1]",
        "write add or to_total, not both",
    ),
    "expiry opens": (
        small(("  stop =", '  expiry_opens = "s2"\n  stop =')),
        22,
        "expiry_opens",
        "no stage s2 is entered by",
    ),
    "clock twice": (
        appended(STAGE_2.replace("s2.respond", "s1.respond")),
        38,
        "clock[1].id",
        "s1.respond is used twice",
    ),
    "stage twice": (appended(STAGE_2.replace('id = "s2"', 'id = "s1"')), 34, "stage[3].id", "s1 is used twice"),
    "entry": (small(("signpost:unhappy_with:s1", "signpost:s1")), 31, "stage[2].entry", "'signpost:s1' is no way into"),
    "entry of the wrong kind": (
        small(("signpost:unhappy_with:s1", "request:unhappy_with:s1")),
        31,
        "entry",
        "is no way into",
    ),
    "no beginning": (
        small(('entry = ["complaint.received"]', "entry = []")),
        13,
        "stage",
        "no stage is entered by complaint.received",
    ),
    "stage not reached": (
        appended(
            STAGE_2.replace("unhappy_with:s1", "unhappy_with:s2"), ("with:s1", 'with:s1", "signpost:unhappy_with:s2')
        ),
        33,
        "stage[3]",
        "s2 can't be reached",
    ),
    "stage without end": (
        appended(STAGE_2.partition("  [[stage.clock]]")[0], ("with:s1", 'with:s1", "signpost:unhappy_with:s2')),
        33,
        "stage[3]",
        "s2 can't be left",
    ),
    "no ombudsman": (appended(STAGE_2), 33, "stage[3]", "let an ombudsman stage name signpost:unhappy_with:s2"),
    "too many stages": (
        appended(STAGE_2, ("binding", "max_stages = 1\nbinding"), ("with:s1", 'with:s1", "signpost:unhappy_with:s2')),
        34,
        "stage[3]",
        "one stage too many: max_stages is 1",
    ),
    "informal stage": (appended(PRE, ("binding", "max_stages = 1\nbinding")), 34, "stage[3]", "no extra named stage"),
    "stage nought": (
        small(("binding", "max_stages = 1\nbinding"), ('kind = "internal"', 'kind = "internal"\ntitle = "Stage 0"')),
        14,
        "stage[1]",
        "no extra named stage",
    ),
    "clock of an ombudsman": (
        appended(CLOCK),
        32,
        "stage[2].clock[1]",
        "keeps no clock of ours",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_its_line_and_what_to_do(name: str) -> None:
    text, line, where, what = WRONG[name]

    with pytest.raises(ProcedureError) as refused:
        parse(text, "local.toml")

    words = str(refused.value)
    assert words.startswith(f"local.toml, line {line}, ")
    assert where in words
    assert what in words


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n",
        "schema = 1\nschema = 1\n",
        "x = " + "[" * 5000,
        "!!python/object/apply:os.system ['true']",
        "\x00",
    ],
)
def test_what_is_no_toml_is_refused_and_named(text: str) -> None:
    with pytest.raises(ProcedureError, match=r"local\.toml: not readable as TOML: .*Mend that line"):
        parse(text, "local.toml")


def test_a_loop_of_stages_that_nothing_leads_into_is_refused() -> None:
    loop = STAGE_2.replace("unhappy_with:s1", "unhappy_with:s3") + STAGE_2.replace("s2", "s3").replace(
        "unhappy_with:s1", "unhappy_with:s2"
    )

    with pytest.raises(ProcedureError, match="can't be reached"):
        parse(SMALL + loop, "local.toml")


def test_lines_are_found_in_nested_lists_of_tables() -> None:
    assert line_of(SMALL, ("stage", 0, "clock", 0, "stop")) == 22
    assert line_of(SMALL, ("stage", 1, "kind")) == 30
    assert line_of(SMALL, ("stage", 1, "clock", 4)) == 28
