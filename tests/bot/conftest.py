"""What most tests of the chat start from."""

import pytest
from sqlalchemy import Engine

from tests.bot.someone import Someone
from tests.town import town


@pytest.fixture
def jo(engine: Engine) -> Someone:
    """Jo, in a chat with the town on 18 December 2025."""
    return Someone(town(engine))
