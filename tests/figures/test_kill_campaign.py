"""A short kill campaign; the whole one is `python -m tests.figures.kill_campaign`."""

from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import connect
from tests.figures.kill_campaign import Campaign, Result, count


@pytest.mark.requirement("R001")
def test_kills_between_data_and_the_yes_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, mails=60, kills=5, seed=1)

    result = campaign.run()

    assert (result.kills, result.lost, result.doubled, result.whole) == (5, 0, 0, True)


def test_the_count_notices_a_lost_and_a_doubled_mail(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, mails=10, kills=0, seed=1)
    assert campaign.run().is_good
    engine = connect(campaign.url)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE contact SET raw_sha256 = (SELECT raw_sha256 FROM contact WHERE id = 1) WHERE id = 2")
        )
    engine.dispose()
    result = Result(10)

    count(campaign.url, result)

    assert (result.lost, result.doubled) == (1, 1)
