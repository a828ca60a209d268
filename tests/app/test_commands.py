"""The command line, as an operator and as other programs use it."""

import json

import pytest

from app.cli import COMMANDS, HELP
from tests.app.redress import Redress


def test_help_names_every_command(redress: Redress) -> None:
    printed = redress("--help")

    assert all(f"  {name} " in printed for name in COMMANDS)
    assert all(f"  {line}\n" in printed for line in HELP.splitlines() if line.endswith(("demo", "serve", "status")))


def test_help_loads_nothing_that_only_draws(redress: Redress) -> None:
    import subprocess
    import sys

    code = "import sys; sys.argv = ['redress', 'case', 'do', '--help']\nfrom app.cli import app\n"
    code += "try: app()\nexcept SystemExit: pass\nprint('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_teaches_how_it_is_used(redress: Redress, name: str) -> None:
    printed = redress(name, "--help")

    assert "Usage: redress" in printed
    assert "--help" in printed


def test_help_loads_neither_the_tables_nor_the_web(redress: Redress) -> None:
    import subprocess
    import sys

    code = (
        "import sys; sys.argv = ['redress', '--help']\nfrom app.cli import app\ntry: app()\nexcept SystemExit: pass\n"
    )
    code += "print([name for name in ('sqlmodel', 'sqlalchemy', 'fastapi', 'aiosmtpd') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_a_complaint_is_taken_through_its_first_stage_by_commands(redress: Redress) -> None:
    redress.set_up()
    reference = complaint(redress, "2025-12-18")

    redress(
        "case",
        "do",
        reference,
        "assign",
        "--field",
        "to=hana@homes.example",
        "--as",
        "mina@homes.example",
        "--now",
        "2025-12-19",
    )
    redress(
        "case", "do", reference, "acknowledge", "--as", "hana@homes.example", "--now", "2025-12-22T10:00",
        "--field", "complaint_definition=Mould in the bedroom", "--field", "outcomes_sought=To have it treated",
        "--field", "responsible_and_not_responsible=We look after walls",
    )  # fmt: skip
    listed = redress.json("case", "list")[0]
    shown = redress.json("case", "show", reference)

    assert listed["reference"] == reference
    assert set(listed) >= {
        "reference", "procedure", "stage", "state", "channel", "received_at", "next_due", "overdue", "urgent",
        "handler",
    }  # fmt: skip
    assert (listed["handler"], listed["stage"], listed["next_due"]) == ("hana@homes.example", "s1", "2025-12-29")
    assert shown["letters"][0]["kind"] == "acknowledgement"
    assert redress("case", "replay").startswith("1 cases rebuilt from their events; 0 changed.")


def test_a_verb_that_is_not_possible_says_why(redress: Redress) -> None:
    redress.set_up()
    reference = complaint(redress, "2025-12-18")
    as_hana = ("--as", "hana@homes.example")

    assert "There is no verb dance" in redress.refuses("case", "do", reference, "dance", *as_hana)
    assert "Decide every head" in redress.refuses("case", "do", reference, "respond", *as_hana)
    assert "Still missing" in redress.refuses("case", "do", reference, "acknowledge", *as_hana)
    assert "There is no user nobody@homes.example" in redress.refuses(
        "case", "do", reference, "close", "--as", "nobody@homes.example"
    )
    assert "There is no case RD-0000-0000" in redress.refuses("case", "show", "RD-0000-0000")
    assert "is no date" in redress.refuses("case", "list", "--now", "yesterday")


def test_a_verb_takes_its_own_fields_and_no_others(redress: Redress) -> None:
    redress.set_up()
    reference = complaint(redress, "2025-12-18")
    as_hana = ("--as", "hana@homes.example", "--now", "2025-12-19")

    slip = redress.refuses("case", "do", reference, "extend", "--field", "dayz=5", *as_hana)
    lacking = redress.refuses("case", "do", reference, "acknowledge", *as_hana)

    assert slip == "redress: extend has no field dayz. It has: clock, days, to, reason, complainant_agrees, good_reason"
    assert "Fields of acknowledge: complaint_definition, outcomes_sought, " in lacking


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ({}, "A letter goes out in 60 seconds, at the next tick."),
        ({"prefers": "post", "postal_address": "2 High Street"}, "A letter waits to be printed and posted."),
        ({"avoid": "email"}, "Its letter can't be sent: a task on the case says why."),
    ],
)
def test_what_becomes_of_a_letter_is_told_as_it_is(redress: Redress, contact: dict[str, str], told: str) -> None:
    redress.set_up()
    reference = complaint(redress, "2025-12-18")
    as_hana = ("--as", "hana@homes.example", "--now", "2025-12-19")
    fields = [word for name, value in contact.items() for word in ("--field", f"{name}={value}")]
    if contact:
        redress("case", "do", reference, "change_contact", *fields, "--field", "because=she said so", *as_hana)

    done = redress("case", "do", reference, "ask", "--field", "question=Which room?", *as_hana)

    assert done.strip().endswith(f"done. {told}")


def test_nothing_is_done_before_the_complaint_came_in(redress: Redress) -> None:
    redress.set_up()
    reference = complaint(redress, "2025-12-18")
    assign = ("case", "do", reference, "assign", "--field", "to=hana@homes.example", "--as", "mina@homes.example")

    assert "came in on 2025-12-18" in redress.refuses(*assign, "--now", "2025-12-17")
    redress(*assign, "--now", "2025-12-18T00:30")


def test_rebuilding_at_an_earlier_hour_changes_nothing(redress: Redress) -> None:
    redress.set_up()
    reference = complaint(redress, "2025-12-18")
    redress(
        "case", "do", reference, "extend", "--field", "days=5", "--field", "reason=Leave",
        "--as", "hana@homes.example", "--now", "2025-12-23",
    )  # fmt: skip
    redress("tick", "--now", "2026-02-01")

    rebuilt = redress("case", "replay", "--now", "2025-12-19")

    assert rebuilt.startswith("1 cases rebuilt from their events; 0 changed.")


def test_the_figures_of_status_add_up(redress: Redress) -> None:
    redress.set_up()
    complaint(redress, "2025-12-18")

    found = redress.json("status")

    contacts = found["contacts"]
    assert contacts == {"received": 1, "filed": 1, "waiting": 0, "quarantined": 0, "automatic": 0}
    assert contacts["received"] == sum(contacts[name] for name in ("filed", "waiting", "quarantined", "automatic"))
    assert found["cases"]["open"] == 1
    assert found["cases"]["overdue"] == 1
    assert found["channels"]["smtp"] == {"on": False, "last_ok": None, "error": None}
    assert found["calendar"]["covers_until"] >= "2027-12-31"


def test_deadlines_are_counted_from_events(redress: Redress) -> None:
    found = redress.json(
        "deadlines", "housing-ombudsman-code-2024", "--event", "complaint.received=2025-12-18",
        "--event", "s1.acknowledged=2025-12-22", "--now", "2025-12-23",
    )  # fmt: skip

    clocks = {clock["id"]: clock for clock in found["clocks"]}
    assert (clocks["s1.acknowledge"]["state"], clocks["s1.acknowledge"]["due"]) == ("met", "2025-12-29")
    assert (clocks["s1.respond"]["state"], clocks["s1.respond"]["due"]) == ("running", "2026-01-08")
    assert set(clocks["s1.respond"]) == {
        "id", "state", "start", "base_due", "due", "promised", "met_at", "reminders", "escalations", "because",
    }  # fmt: skip


def test_deadlines_say_beside_their_json_what_did_not_count(redress: Redress) -> None:
    (redress.home / "events.jsonl").write_text(
        '{"name": "complaint.received", "at": "2008-03-14"}\n'
        '{"name": "clock.extended", "at": "2008-03-27", "data": {"clock": "s1.conclude", "days": 30, "reason": "x"}}'
    )

    done = redress.run("deadlines", "asc-england-2006", "--events", "events.jsonl", "--now", "2008-03-28", "--json")

    assert json.loads(done.stdout)["clocks"][0]["due"] == "2008-04-01"
    assert "was not extended: it goes past Tuesday 15 April 2008, the latest date allowed" in done.stderr


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("--events", "gone.jsonl"), "redress: --events gone.jsonl: No such file or directory"),
        (("--now", "soon"), "redress: 'soon' is no date; write 2026-03-27 or 2026-03-27T09:30"),
    ],
)
def test_deadlines_refuse_in_a_whole_sentence(redress: Redress, words: tuple[str, ...], refusal: str) -> None:
    assert redress.refuses("deadlines", "asc-england-2006", *words) == refusal


def test_mail_is_read_from_files_one_object_a_line(redress: Redress) -> None:
    for name in ("one", "two"):
        (redress.home / f"{name}.eml").write_bytes(
            b"From: Jo <jo@citizen.example>\r\nSubject: Damp\r\n\r\nIt is damp.\r\n"
        )

    lines = [json.loads(line) for line in redress("mail", "read", "one.eml", "two.eml", "--json").splitlines()]

    assert [line["file"] for line in lines] == ["one.eml", "two.eml"]
    assert lines[0]["kind"] == "person"
    assert set(lines[0]) == {
        "file", "kind", "from", "subject", "date", "message_id", "in_reply_to", "text", "reply", "attachments",
        "bounce", "rules", "problems",
    }  # fmt: skip


def test_a_file_that_can_not_be_opened_fails_the_command_but_not_the_others(redress: Redress) -> None:
    (redress.home / "one.eml").write_bytes(b"From: jo@citizen.example\r\n\r\nIt is damp.\r\n")

    done = redress.run("mail", "read", "none.eml", "one.eml", "--json")

    assert done.returncode == 1
    assert "none.eml" in done.stderr
    assert json.loads(done.stdout)["file"] == "one.eml"


def complaint(redress: Redress, day: str, sender: str = "jo@citizen.example") -> str:
    """A complaint that arrived on a day, stored and filed by the real journal and `redress tick`."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from storage.database import connect
    from storage.journal import Arrival, Journal

    engine = connect(redress.database_url)
    raw = f"From: Jo <{sender}>\r\nSubject: Damp\r\nMessage-ID: <1@citizen.example>\r\n\r\nIt is damp.\r\n".encode()
    received = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=ZoneInfo("Europe/London"))
    with Journal(engine) as journal:
        journal.write(Arrival("email", "repairs@homes.example", raw, received, {"mail_from": sender}))
    engine.dispose()
    redress("tick", "--now", f"{day}T09:01")
    return str(redress.json("case", "list")[0]["reference"])
