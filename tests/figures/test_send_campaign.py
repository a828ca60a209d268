"""The short form of the campaign that kills workers while they send."""

from pathlib import Path

import pytest

from tests.figures.send_campaign import campaign


@pytest.mark.timeout(300)  # processes start slowly on a busy machine
def test_workers_killed_while_sending_miss_nothing_and_own_up_to_second_copies(
    database_url: str, tmp_path: Path
) -> None:
    outcome = campaign(database_url, tmp_path, messages=60, kills=4, workers=2)

    assert outcome.arrived == 60
    assert outcome.missed == 0
    assert outcome.second_copies <= 4
    assert outcome.changed == 0
    assert outcome.unconfessed == 0
