"""A database of PostgreSQL goes from test to test, and none of them can tell."""

import pytest
from sqlalchemy import Engine, text

from storage.database import connect
from tests.databases import Databases

pytestmark = pytest.mark.only_on("postgresql")
A_TASK = (
    "INSERT INTO task (key, kind, text, data, created_at)"
    " VALUES (gen_random_uuid()::text, 'look', 'Look at it', '{}', now()) RETURNING id"
)


def said(url: str, *statements: str) -> list[object]:
    """What each statement gives, for those that give something."""
    engine = connect(url)
    with engine.begin() as connection:
        results = [connection.execute(text(statement)) for statement in statements]
        found = [result.scalar() for result in results if result.returns_rows]
    engine.dispose()
    return found


def test_the_next_test_finds_it_empty_and_counts_from_one(all_databases: Databases) -> None:
    url = all_databases.migrated()
    first = said(url, A_TASK, A_TASK)
    all_databases.drop(url)

    again = all_databases.migrated()

    assert again == url
    assert first == [1, 2]
    assert said(again, "SELECT count(*) FROM task", A_TASK) == [0, 1]
    all_databases.drop(again)


def test_nothing_deleted_is_left_for_the_server_to_clear_up_while_the_next_test_runs(all_databases: Databases) -> None:
    url = all_databases.migrated()
    said(url, A_TASK)
    all_databases.drop(url)

    again = all_databases.migrated()

    assert again == url
    assert said(again, "SELECT pg_relation_size('task')") == [0]
    all_databases.drop(again)


def test_a_connection_that_a_test_left_open_does_not_reach_into_the_next(all_databases: Databases) -> None:
    url = all_databases.migrated()
    engine: Engine = connect(url)
    left = engine.connect()
    left.execute(text("LOCK TABLE task"))
    all_databases.drop(url)

    again = all_databases.migrated()

    assert said(again, A_TASK) == [1]
    left.invalidate()
    left.close()
    engine.dispose()
    all_databases.drop(again)


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE task CASCADE",
        "ALTER TABLE task RENAME TO chore",
        "ALTER TABLE task ADD COLUMN colour text",
        "ALTER TABLE task ALTER COLUMN text DROP NOT NULL",
        "CREATE TABLE chore (id int)",
        "UPDATE alembic_version SET version_num = '0000'",
    ],
)
def test_one_whose_tables_a_test_has_changed_is_not_used_again(all_databases: Databases, change: str) -> None:
    url = all_databases.migrated()
    said(url, change)
    all_databases.drop(url)

    other = all_databases.migrated()

    assert other != url
    assert said(other, A_TASK) == [1]
    all_databases.drop(other)
