"""The short form of the campaign that kills workers while they write updates."""

import pytest

from tests.figures.updates_campaign import campaign


@pytest.mark.timeout(300)  # processes start slowly on a busy machine
def test_workers_killed_while_they_write_updates_miss_nobody_and_write_to_nobody_twice(database_url: str) -> None:
    outcome = campaign(database_url, people=120, kills=3, workers=2)

    assert (outcome.missed, outcome.twice, outcome.unremembered) == (0, 0, 0)
