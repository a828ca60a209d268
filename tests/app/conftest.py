"""An installation on the command line, on a fresh database."""

from pathlib import Path

import pytest

from tests.app.redress import Redress


@pytest.fixture
def redress(tmp_path: Path, database_url: str) -> Redress:
    return Redress(tmp_path, database_url)
