"""The half-year in two minutes, through the command; and that its check bites."""

import asyncio
import copy
import functools
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from app.case_rows import case as case_row
from app.clock import SimulatedClock
from app.demo import compare, days, quarter
from app.demo.compare import all_in, differences, mails_in
from app.demo.expected import Expected, expected
from app.demo.kinds import kind_of
from app.demo.quarter import verdict
from app.demo.reading import read as read_mail
from app.demo.story import END, read, told
from app.demo.time_lapse import TOWNS, play, the_story
from app.house import opened
from app.settings import Settings
from learning.feedback.survey_chat import asked
from learning.plan.plans import STATES
from storage.database import reading
from storage.tables import ChatUpdate, SurveyAnswer
from tests.app.redress import REDRESS, Redress

pytestmark = pytest.mark.timeout(600)


@dataclass
class Quarter:
    """A time-lapse that has been played."""

    folder: Path
    printed: str
    cases: dict[str, dict[str, Any]]
    owed: Expected

    def verdict(self) -> list[str]:
        return differences(self.owed, all_in(self.folder), self.cases)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarter]:
    """The command, once for all these tests: it must say that all is well."""
    folder = tmp_path_factory.mktemp("quarter")
    done = subprocess.run(
        [REDRESS, "demo", "--time-lapse", "--json", "--out", folder / "out"],
        env=Redress(folder, "").environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(compare, "read", _read_once)  # a mail that nobody spoilt says the same to each test
        yield Quarter(folder / "out", done.stdout, _cases(folder / "out"), expected(the_story(), TOWNS, END))


@pytest.fixture
def spoilt(played: Quarter, tmp_path: Path) -> Quarter:
    """A copy of its mails and cases, to be spoilt."""
    shutil.copytree(played.folder / "mails", tmp_path / "mails")
    shutil.copytree(played.folder / "chats", tmp_path / "chats")
    return replace(played, folder=tmp_path, cases=copy.deepcopy(played.cases))


_read_once = functools.cache(read_mail)


def _cases(folder: Path) -> dict[str, dict[str, Any]]:
    """How each case of the story stands in the database that was left."""
    references = json.loads((folder / "cases.json").read_text())
    with opened(Settings(home=folder), SimulatedClock(END)) as house, reading(house.engine) as session:
        return {name: case_row(session, END, reference) for name, reference in references.items()}


def test_the_figures_are_one_line_of_json_with_exactly_these_names(played: Quarter) -> None:
    assert played.printed.count("\n") == 1
    found = json.loads(played.printed)

    assert list(found) == [
        "received", "acknowledged_in_time", "answered_in_time", "late", "reminders", "escalations", "extensions",
        "stage_requests", "signposted", "withdrawn", "refused", "bounced", "lessons", "plans", "updates", "surveys",
        "digests", "decisions", "mails_sent", "seconds",
    ]  # fmt: skip
    assert list(found["received"]) == ["email", "web", "chat"]
    assert sum(found["received"].values()) >= 60
    assert found["received"]["chat"] * 3 >= sum(found["received"].values())
    assert min(found["received"].values()) >= 20
    assert found["mails_sent"] == len(list((played.folder / "mails").glob("*.eml")))
    for name in ("signposted", "refused", "bounced"):
        assert found[name] == 1
    assert found["withdrawn"] == 2  # one by the page, one by chat
    for name in ("late", "reminders", "escalations", "extensions", "stage_requests"):
        assert found[name] >= 3


def test_the_learning_loop_ends_with_an_action_in_every_state_and_answers_from_every_group(played: Quarter) -> None:
    found = json.loads(played.printed)
    with opened(Settings(home=played.folder), SimulatedClock(END)) as house, reading(house.engine) as session:
        groups = set(session.exec(select(SurveyAnswer.grp)))

    assert found["plans"] == dict.fromkeys(sorted(STATES), 1)
    assert (found["lessons"], found["decisions"]) == (4, 2)
    assert found["updates"] >= 10
    assert found["surveys"]["answered"] == 6
    assert groups == {"complainant", "supporter", "colleague", "complaints_staff"}


def test_a_survey_is_answered_in_the_chat_and_nothing_that_was_pressed_stays_readable(played: Quarter) -> None:
    with opened(Settings(home=played.folder), SimulatedClock(END)) as house, reading(house.engine) as session:
        answers = session.exec(select(SurveyAnswer.answers).where(SurveyAnswer.channel == "telegram")).all()
        at_once = select(ChatUpdate.raw).where(ChatUpdate.erased_at == ChatUpdate.handled_at)
        erased = session.exec(at_once).all()

    questions = asked("complainant")
    assert answers == [dict.fromkeys(questions, "agree")]
    assert erased == [b""] * len(questions)  # at once; all else only after a while


def test_the_second_digest_says_what_became_of_the_first_ones_decision(played: Quarter) -> None:
    mails = [mail for mail in mails_in(played.folder / "mails") if mail.to == "lars@homes.example"]
    first, second = [mail.text for mail in mails if kind_of(mail) == "digest"]

    assert "An action did not work: No plumber is ever booked for two visits at one time." in " ".join(first.split())
    assert "Done: Nobody books by telephone since 3 August" in " ".join(second.split())


def test_an_update_that_keeps_silent_on_what_is_late_is_noticed(spoilt: Quarter) -> None:
    paths = sorted((spoilt.folder / "mails").glob("*.eml"))
    late = next(path for path in paths if "\nWhat is late" in _read_once(path.read_bytes()).text)
    late.write_bytes(late.read_bytes().replace(b"What is late", b"What comes next"))

    assert any(said.startswith("not sent: ") and said.endswith("What is late") for said in spoilt.verdict())


def test_a_digest_with_the_outcome_of_a_decision_that_is_missing_is_noticed(spoilt: Quarter) -> None:
    paths = sorted((spoilt.folder / "mails").glob("*.eml"))
    digest = next(
        path for path in paths if "Nobody books by telephone since 3 August" in _read_once(path.read_bytes()).text
    )
    digest.unlink()

    assert any("not sent: 2026-10-14 digest to " in said for said in spoilt.verdict())


def test_a_complaint_of_2008_met_the_dates_of_its_time(played: Quarter) -> None:
    due = {clock["id"]: clock["due"] for clock in played.cases["panel"]["clocks"]}

    assert due == {
        "s1.conclude": date(2008, 4, 15),
        "s2.report": date(2008, 7, 16),
        "s3.panel_held": date(2008, 9, 2),
        "s3.findings": date(2008, 9, 4),
        "s3.response": date(2008, 9, 24),
    }


def test_untouched_nothing_differs(spoilt: Quarter) -> None:
    assert spoilt.verdict() == []


def test_a_mail_that_is_missing_is_noticed(spoilt: Quarter) -> None:
    (spoilt.folder / "mails" / "000100.eml").unlink()

    (said,) = spoilt.verdict()
    assert said.startswith("not sent: 2026-04-")


def test_a_mail_too_many_is_noticed(spoilt: Quarter) -> None:
    shutil.copy(spoilt.folder / "mails" / "000100.eml", spoilt.folder / "mails" / "009999.eml")

    (said,) = spoilt.verdict()
    assert said.startswith("sent, but not owed: 2026-04-")


def test_a_letter_by_chat_that_is_missing_is_noticed(spoilt: Quarter) -> None:
    (spoilt.folder / "chats" / "000005.json").unlink()

    (said,) = spoilt.verdict()
    assert said.startswith("not sent: 2026-04-")
    assert " to telegram:" in said


def test_a_message_by_chat_too_many_is_noticed(spoilt: Quarter) -> None:
    shutil.copy(spoilt.folder / "chats" / "000005.json", spoilt.folder / "chats" / "009999.json")

    (said,) = spoilt.verdict()
    assert said.startswith("sent, but not owed: 2026-04-")


def test_a_mail_that_names_another_date_is_noticed(spoilt: Quarter) -> None:
    mails = spoilt.folder / "mails"
    path = next(path for path in sorted(mails.glob("*.eml")) if b"Subject: Late:" in path.read_bytes())
    path.write_bytes(path.read_bytes().replace(b"2026", b"2027").replace(b"Dec 2027", b"Dec 2026"))

    assert any(said.startswith("not sent: ") and " escalation to " in said for said in spoilt.verdict())


@pytest.mark.parametrize(("field", "value"), [("state", "overdue"), ("due", date(2026, 4, 14)), ("promised", None)])
def test_a_clock_that_stands_otherwise_is_noticed(spoilt: Quarter, field: str, value: object) -> None:
    clock = next(clock for clock in spoilt.cases["easter"]["clocks"] if clock["id"] == "s1.respond")
    clock[field] = value

    (said,) = spoilt.verdict()
    assert said.startswith("easter: clock s1.respond should be met, due 2026-04-23, promised for 2026-04-23, and is ")


def test_a_check_that_forgot_easter_monday_disagrees(spoilt: Quarter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "BANK_HOLIDAYS", days.BANK_HOLIDAYS - {date(2026, 4, 6)})

    said = verdict(spoilt.folder, the_story(), spoilt.cases)
    assert any("easter: clock s1.acknowledge should be met, due 2026-04-10" in line for line in said)


EASTER = "2026-04-02 16:40 | easter | Ann Archer | emails | to: repairs@homes.example; about: Mould; text: It is damp"


def test_the_exit_status_is_not_zero_when_anything_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(quarter, "the_story", lambda: list(read(EASTER)))
    monkeypatch.setattr(days, "BANK_HOLIDAYS", days.BANK_HOLIDAYS - {date(2026, 4, 6)})

    assert quarter.run(tmp_path / "out", as_json=True) == 1

    said = capsys.readouterr().err
    assert "not sent: 2026-04-02 receipt to ann.archer@post.example on case easter naming Friday 10 April 2026" in said
    assert "sent, but not owed: 2026-04-02 receipt to ann.archer@post.example" in said
    assert "no line of the story does: acknowledge" in said


def test_a_line_that_can_not_be_played_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    story = f"{EASTER}\n2026-04-07 09:00 | easter | sam | respond |"
    monkeypatch.setattr(quarter, "the_story", lambda: list(read(story)))

    assert quarter.run(tmp_path / "out", as_json=True) == 1
    assert "could not be played: 2026-04-07 09:00:00 | easter | sam | respond" in capsys.readouterr().err


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep me")

    assert "not an empty folder" in Redress(tmp_path, "").refuses("demo", "--time-lapse", "--out", str(tmp_path))


@pytest.mark.only_on("postgresql")
def test_every_tale_ends_the_same_on_postgresql(empty_database_url: str, tmp_path: Path) -> None:
    done = asyncio.run(play(tmp_path, told(), lambda _done, _of: None, empty_database_url))

    assert verdict(tmp_path, told(), done.cases) == []
    assert done.changed_by_replay == []
