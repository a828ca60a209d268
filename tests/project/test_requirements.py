"""`make requirements` counts what tests say that they prove, and refuses numbers that don't exist."""

from pathlib import Path

import pytest

from tests import requirements
from tests.requirements import LIST, Requirement, proofs

ONE = Requirement("R162", "PROC", "Three working days")
OTHER = Requirement("R163", "CLOCK", "Ten working days")


def a_test(folder: Path, marks: str) -> Path:
    (folder / "test_it.py").write_text(f"{marks}\ndef test_a_sentence():\n    pass\n")
    return folder


def test_the_list_holds_every_number_from_1_to_393_once() -> None:
    numbers = [each.number for each in requirements.requirements(LIST.read_text(encoding="utf-8").splitlines())]

    assert numbers == [f"R{number:03}" for number in range(1, 394)]


def test_a_marked_test_proves_each_number_it_names(tmp_path: Path) -> None:
    found = dict(proofs(a_test(tmp_path, '@pytest.mark.requirement("R162", "R163")')))

    assert set(found) == {"R162", "R163"}
    assert found["R162"][0].endswith("test_it.py::test_a_sentence")


def test_a_number_in_words_alone_proves_nothing(tmp_path: Path) -> None:
    assert not dict(proofs(a_test(tmp_path, "# R162: three working days")))


def test_the_report_counts_by_module_and_lists_what_is_not_proved() -> None:
    report = list(requirements.as_text([ONE, OTHER], {"R162": ["tests/test_it.py::test_a_sentence"]}, short=False))

    assert report[0] == "1 of 2 requirements are proved by a test"
    assert any(line.split() == ["PROC", "1", "of", "1"] for line in report)
    assert report[-1].split() == ["R163", "[CLOCK]", "Ten", "working", "days"]


def test_each_requirement_of_learning_is_proved_or_says_why_not() -> None:
    wanted = list(requirements.requirements(LIST.read_text(encoding="utf-8").splitlines()))
    marks = dict(proofs(requirements.TESTS))

    silent = [one.number for one in wanted if one.module in ("PLAN", "FEEDBACK", "LEARN") and not one.why]

    assert [number for number in silent if number not in marks] == []


def test_the_report_gives_the_reason_where_no_test_shows_it() -> None:
    lines = ["- **R162** [PROC] Three working days", "  - *No test shows it:* It is for people."]

    report = list(requirements.as_text(list(requirements.requirements(lines)), {}, short=False))

    assert report[-1].strip() == "Why: It is for people."


def test_a_mark_with_an_unknown_number_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(requirements, "TESTS", a_test(tmp_path, '@pytest.mark.requirement("R999")'))

    assert requirements.main(["--json"]) == 1
    assert "R999 is not in requirements.md" in capsys.readouterr().err
