"""What `redress doctor` finds."""

import json
from pathlib import Path

from sqlmodel import select

from storage.database import connect, writing
from storage.tables import Case
from tests.app.redress import Redress
from tests.app.test_commands import complaint


def finding(redress: Redress, status: int) -> str:
    found = {row["check"]: row for row in json.loads(redress("doctor", "--json", status=status))}
    return str(found["procedures"]["finding"])


def test_open_cases_whose_procedure_was_edited_are_counted(redress: Redress) -> None:
    redress.set_up()
    complaint(redress, "2025-12-18")
    engine = connect(redress.database_url)
    with writing(engine) as session:
        session.exec(select(Case)).one().procedure_hash = "of another text"
    engine.dispose()

    assert finding(redress, 1).startswith("1 open cases were opened under another text of PROCEDURE")


def test_open_cases_whose_procedure_is_as_it_was_are_well(redress: Redress) -> None:
    redress.set_up()
    complaint(redress, "2025-12-18")

    assert finding(redress, 0) == "every open case follows the text that it began under"


def test_before_the_tables_are_there_only_the_database_is_complained_of(tmp_path: Path) -> None:
    bare = Redress(tmp_path, f"sqlite:///{tmp_path / 'bare.db'}")

    found = {row["check"]: row for row in json.loads(bare("doctor", "--json", status=1))}

    assert found["database"]["finding"].endswith("Run: redress migrate")
    assert (found["procedures"]["ok"], "before the database" in found["procedures"]["finding"]) == (None, True)
