"""Tables on a terminal of 80 columns: whole references, and instants that a person can read."""

import pytest

from app.case_rows import COLUMNS
from app.commands.showing import show_rows


def test_a_reference_is_never_cut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    row = dict.fromkeys(COLUMNS, "word") | {
        "reference": "RD-2345-6789",
        "handler": "somebody.with.a.long.name@town.example",
    }
    row |= {"next_due": "2026-01-05T09:00:00.123456+00:00", "secret": "only in JSON"}

    show_rows([row], as_json=False, empty="", columns=COLUMNS)

    printed = capsys.readouterr().out
    assert "RD-2345-6789" in printed
    assert ".123456" not in printed
    assert "only in JSON" not in printed
    assert max(map(len, printed.splitlines())) <= 80
