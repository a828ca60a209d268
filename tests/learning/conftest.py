"""What most tests of the learning loop start from."""

import pytest
from sqlalchemy import Engine

from tests.town import Town, town


@pytest.fixture
def here(engine: Engine) -> Town:
    """The town on 18 December 2025."""
    return town(engine)
