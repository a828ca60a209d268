"""What tests of the desk may ask for: the desk itself, and a browser."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.browser import browser
from tests.desk.office import Desk, desk

__all__ = ["browser", "the_desk"]


@pytest.fixture
def the_desk(engine: Engine) -> Iterator[Desk]:
    with desk(engine) as there:
        yield there
