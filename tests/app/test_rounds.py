"""What runs beside pages and mail: loaded after them, and nothing is served where it can't be begun."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import rounds
from app.house import House, opened
from app.serving import serve
from app.settings import Settings
from tests.app.test_serving import free_port


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    listen = f"127.0.0.1:{free_port()}"
    with opened(Settings(home=tmp_path, database_url=database_url, web_listen=listen)) as there:
        yield there


def test_pages_and_mail_are_up_before_anything_is_loaded_that_they_do_not_need() -> None:
    later = ("aiogram", "aiosmtplib", "alembic", "apscheduler", "imapclient", "mako", "pygments", "rich", "vl_convert")
    code = f"import sys, app.serving, app.mail, app.commands.running; print([n for n in {later} if n in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_rounds_that_can_not_be_begun_end_the_serving_and_are_not_kept_quiet(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "LOADED", ("app.nowhere",))

    with pytest.raises(ModuleNotFoundError, match=r"app\.nowhere"):
        asyncio.run(serve(house))
