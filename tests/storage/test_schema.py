"""The tables as the migrations make them are the tables as the code describes them, and old rows come through."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from storage.database import connect
from storage.migrate import alembic_config, migrate

SEARCH = "case_words"  # made by hand in its migration: no table of SQLModel's


def test_the_migrations_make_the_very_tables_that_the_code_describes(engine: Engine) -> None:
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)

    assert [one for one in differences if SEARCH not in str(one)] == []


def test_a_reminder_of_a_case_written_before_lessons_existed_is_still_about_its_case(empty_database_url: str) -> None:
    engine = connect(empty_database_url)
    _upgrade(engine, "0003")
    with engine.begin() as connection:
        for statement in BEFORE:
            connection.execute(text(statement))

    migrate(engine)

    with engine.connect() as connection:
        row = connection.execute(text("SELECT about, about_id, case_id FROM reminder")).one()
        columns = {column["name"]: column["nullable"] for column in inspect(connection).get_columns("reminder")}
    engine.dispose()
    assert tuple(row) == ("case", None, 1)
    assert (columns["case_id"], columns["about"]) == (True, False)


def _upgrade(engine: Engine, to: str) -> None:
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, to)


BEFORE = (
    (
        "INSERT INTO organisation (id, slug, name, kind, nation, telephone, postal_address)"
        " VALUES (1, 'town', 'Town', 'council', 'england-and-wales', '', '')"
    ),
    "INSERT INTO service (id, organisation_id, slug, name, procedure) VALUES (1, 1, 'homes', 'Homes', 'ukcg')",
    (
        "INSERT INTO cases (id, reference, organisation_id, service_id, procedure, procedure_hash, kind, channel,"
        " language, received_at, stage, state, summary, definition, outcomes_sought, version)"
        " VALUES (1, 'R-1', 1, 1, 'ukcg', '', 'complaint', 'email',"
        " 'en', '2026-03-02 09:00:00+00', '', 'open', '', '', '', 1)"
    ),
    (
        "INSERT INTO reminder (id, key, case_id, clock, kind, at, due, role)"
        " VALUES (1, 'k', 1, 's1.answer', 'reminder', '2026-03-09 08:00:00+00', '2026-03-16', 'handler')"
    ),
)
