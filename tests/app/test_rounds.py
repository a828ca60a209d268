"""What runs beside pages and mail: loaded after them, and nothing is served where it can't be begun."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import rounds
from app.house import House, opened
from app.serving import serve
from app.settings import Settings, host_and_port
from storage.arrival import NotStored
from tests.ports import free_port


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    web, smtp = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    with opened(Settings(home=tmp_path, database_url=database_url, web_listen=web, smtp_listen=smtp)) as there:
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


def test_mail_is_taken_no_more_where_the_rounds_can_not_be_begun(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "LOADED", ("app.nowhere",))
    listening: list[bool] = []

    asyncio.run(_serve_and_knock(house, listening))

    assert listening == [True, False]


async def _serve_and_knock(house: House, listening: list[bool]) -> None:
    ready, port = asyncio.Event(), host_and_port(house.settings.smtp_listen)[1]
    serving = asyncio.create_task(serve(house, ready=ready))
    await ready.wait()
    listening.append(is_listening(port))
    await asyncio.wait({serving})
    assert isinstance(serving.exception(), ModuleNotFoundError)
    listening.append(is_listening(port))


def test_a_disk_that_failed_ends_the_serving_so_that_a_new_process_can_start(house: House) -> None:
    asyncio.run(asyncio.wait_for(_serve_on_a_disk_that_fails(house), 30))

    assert not is_listening(host_and_port(house.settings.smtp_listen)[1])


async def _serve_on_a_disk_that_fails(house: House) -> None:
    ready = asyncio.Event()
    serving = asyncio.create_task(serve(house, ready=ready))
    await ready.wait()
    house.journal.broken = NotStored("OperationalError SQLITE_IOERR_FSYNC", broken=True)
    await serving


def is_listening(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
