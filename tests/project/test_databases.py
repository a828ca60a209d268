"""The databases of tests: what one test does with its engine, or leaves undone, no other can tell."""

from pathlib import Path

import pytest
from sqlalchemy import inspect

from tests.databases import SqliteFiles


@pytest.mark.only_on("sqlite")
def test_an_engine_that_never_connects_spoils_none_after_it(tmp_path: Path) -> None:
    files = SqliteFiles(tmp_path)
    first = files.opened(files.migrated())
    second = files.opened(files.migrated())

    columns = inspect(second).get_columns("mark")

    first.dispose()
    second.dispose()
    assert [column["name"] for column in columns] == ["name", "value", "at"]
