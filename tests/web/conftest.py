"""What tests of the public's pages may ask for: the town, and a browser."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.browser import browser
from tests.web.town import Town, town

__all__ = ["browser", "the_town"]


@pytest.fixture
def the_town(engine: Engine) -> Iterator[Town]:
    with town(engine) as there:
        yield there
