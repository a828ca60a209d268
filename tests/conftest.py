"""What every test may ask for: a fresh database of its own."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.databases import Databases, databases


@pytest.fixture(scope="session")
def all_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where fresh databases come from, SQLite or PostgreSQL."""
    source = databases(tmp_path_factory.mktemp("databases"))
    yield source
    source.close()


@pytest.fixture
def database_url(all_databases: Databases) -> Iterator[str]:
    """The address of a fresh migrated database, for tests that start processes of their own."""
    url = all_databases.migrated()
    yield url
    all_databases.drop(url)


@pytest.fixture
def empty_database_url(all_databases: Databases) -> Iterator[str]:
    """The address of a database without tables."""
    url = all_databases.empty()
    yield url
    all_databases.drop(url)


@pytest.fixture
def engine(all_databases: Databases, database_url: str) -> Iterator[Engine]:
    """A fresh migrated database, opened."""
    engine = all_databases.opened(database_url)
    yield engine
    engine.dispose()
