"""Every procedure that ships says where its rules are from, and when somebody last compared them."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from tests.project.tree import ROOT

SHIPPED = sorted((ROOT / "workflow" / "procedures").glob("*.toml"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_procedure_names_its_sources_and_the_day_it_was_checked(file: Path) -> None:
    procedure = tomllib.loads(file.read_text(encoding="utf-8"))["procedure"]

    assert procedure["id"] == file.stem
    assert procedure["sources"]
    assert all(source.strip() for source in procedure["sources"])
    assert isinstance(procedure["checked_on"], date)
    assert isinstance(procedure["valid_from"], date)
