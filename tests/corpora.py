"""The corpora beside the checkout, test data of others; where they are missing tests skip, unless CI=true."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

CORPORA = Path(__file__).parents[2] / "shared" / "corpora"
MAIL_SETS = ("bounce-*", "mime-*", "reply-raw", "ics")


def require_corpora() -> None:
    """Skip the test, saying so, where the corpora are not here."""
    if CORPORA.is_dir():
        return
    if os.environ.get("CI") == "true":
        pytest.fail("../shared/corpora is not here, and CI=true requires it")
    pytest.skip("../shared/corpora is not here")


def mail_files() -> list[Path]:
    """Every file of the mail corpora that stands for a mail, the broken ones too."""
    files = (file for pattern in MAIL_SETS for folder in CORPORA.glob(pattern) for file in folder.rglob("*"))
    return sorted(file for file in files if file.is_file() and file.suffix != ".json" and file.name != "README.txt")


def rows(name: str) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    lines = (CORPORA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]
