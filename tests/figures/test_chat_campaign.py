"""A short campaign of kills while people complain by chat; the whole is `python -m tests.figures.chat_campaign`."""

from pathlib import Path

from tests.figures.chat_campaign import Campaign


def test_kills_while_people_complain_lose_nothing_and_double_no_case(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, updates=80, kills=4, seed=1)

    result = campaign.run()

    assert result.chats == 6
    assert result.is_good, result
