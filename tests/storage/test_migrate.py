"""What a database says of its version, and that a database which is up to date starts without loading Alembic."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from storage.database import connect
from storage.migrate import WrongSchema, alembic_config, check, migrate, versions


def test_the_files_of_the_migrations_are_named_for_their_revisions_in_their_order() -> None:
    script = ScriptDirectory.from_config(alembic_config())

    known = [revision.revision for revision in script.walk_revisions()]

    assert versions() == known[::-1]
    assert versions()[-1] == script.get_current_head()


def test_a_database_that_is_up_to_date_is_checked_without_alembic(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    code = "import sys; from storage.database import connect; from storage.migrate import check, migrate\n"
    code += f"engine = connect({url!r}); migrate(engine); check(engine); print('alembic' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_an_empty_database_is_older_until_it_is_migrated(empty_database_url: str) -> None:
    engine = connect(empty_database_url)

    with pytest.raises(WrongSchema, match="older than this program"):
        check(engine)

    migrate(engine)
    check(engine)
    engine.dispose()


@pytest.mark.parametrize("ask", [check, migrate])
def test_a_database_of_a_newer_program_is_refused(engine: Engine, ask: Callable[[Engine], None]) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(WrongSchema, match="newer than this program"):
        ask(engine)
