"""Starting on an empty database: two processes at once make the tables once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from storage.database import connect
from storage.migrate import check
from tests.app.redress import Redress


def test_two_processes_that_start_together_on_an_empty_database_both_go_on(
    empty_database_url: str, tmp_path: Path
) -> None:
    homes = [tmp_path / name for name in ("one", "other")]
    for home in homes:
        home.mkdir()

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda home: Redress(home, empty_database_url).run_process("migrate"), homes))

    assert [one.returncode for one in done] == [0, 0], [one.stderr for one in done]
    engine = connect(empty_database_url)
    check(engine)
    engine.dispose()
