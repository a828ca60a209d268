"""`redress import insight`: a file of other insight, tried first, then taken in once however often it is run."""

from pathlib import Path

import pytest

from tests.app.redress import Redress

HEAD = "kind,date,organisation,service,text,id\n"
GOOD = "compliment,2025-11-01,homes,,Thank you,{}\n"
BAD = "praise,2025-11-01,homes,,Thank you,\n"


@pytest.fixture
def homes(redress: Redress) -> Redress:
    redress.set_up()
    return redress


def a_file(folder: Path, *lines: str) -> str:
    path = folder / "insight.csv"
    path.write_text(HEAD + "".join(lines))
    return str(path)


def test_a_dry_run_says_what_would_be_done_and_does_nothing(homes: Redress, tmp_path: Path) -> None:
    path = a_file(tmp_path, GOOD.format(1), GOOD.format(2))

    printed = [homes("import", "insight", path, "--dry-run") for _ in range(2)]

    assert printed == ["2 would be taken in, 0 there already, 0 with something to mend.\n"] * 2


def test_a_file_imported_again_adds_nothing_twice(homes: Redress, tmp_path: Path) -> None:
    path = a_file(tmp_path, *(GOOD.format(number) for number in range(1_201)))

    first, again = (homes.json("import", "insight", path) for _ in range(2))

    assert (first["added"], first["already"]) == (1_201, 0)
    assert (again["added"], again["already"]) == (0, 1_201)


def test_rows_that_are_wrong_are_told_and_the_others_taken_in(homes: Redress, tmp_path: Path) -> None:
    path = a_file(tmp_path, GOOD.format(1), BAD, GOOD.format(2))

    printed = homes("import", "insight", path, status=1)

    assert printed.splitlines()[0].startswith("Line 3: Kind must be one of compliment, claim")
    assert printed.splitlines()[1] == "2 taken in, 0 there already, 1 with something to mend."


def test_once_mended_only_the_mended_rows_are_new(homes: Redress, tmp_path: Path) -> None:
    homes("import", "insight", a_file(tmp_path, GOOD.format(1), BAD), status=1)

    done = homes.json("import", "insight", a_file(tmp_path, GOOD.format(1), GOOD.format(2)))

    assert (done["added"], done["already"], done["errors"]) == (1, 1, [])


def test_a_file_that_can_not_be_read_is_refused_in_one_line(homes: Redress, tmp_path: Path) -> None:
    no_header = tmp_path / "other.csv"
    no_header.write_text("Thank you\n")

    assert "can't be read" in homes.refuses("import", "insight", str(tmp_path / "none.csv"))
    assert "There is no column “thank_you”" in homes.refuses("import", "insight", str(no_header))


def test_only_staff_that_we_have_can_import(homes: Redress, tmp_path: Path) -> None:
    path = a_file(tmp_path, GOOD.format(1))

    assert "There is no user" in homes.refuses("import", "insight", path, "--as", "nobody@homes.example")
