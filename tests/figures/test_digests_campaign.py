"""The short form of the campaign that kills workers while digests are due."""

import pytest

from tests.figures.digests_campaign import campaign


@pytest.mark.timeout(300)  # processes start slowly on a busy machine
def test_workers_killed_while_digests_are_due_miss_no_leader_and_owe_nobody_the_same_twice(database_url: str) -> None:
    outcome = campaign(database_url, services=3, kills=3, workers=4)

    assert (outcome.owed, outcome.missed, outcome.twice, outcome.unremembered) == (12, 0, 0, 0)
