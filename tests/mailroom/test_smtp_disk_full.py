"""The SMTP receiver on a disk that is really full: a file system of a few megabytes, made for the test."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import connect
from storage.migrate import migrate
from tests.servers.smtp_receiver import running
from tests.servers.stored import mails

MAIL = b"Subject: photo\r\n\r\n" + b"x" * 70 + b"\r\n"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may make a small disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(tmp_path)], capture_output=True)
    if made.returncode != 0:
        pytest.skip("this machine lets nobody make a small disk")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.only_on("sqlite")
def test_a_disk_that_fills_up_is_a_try_again_until_there_is_room(small_disk: Path) -> None:
    engine = connect(f"sqlite:///{small_disk / 'redress.sqlite'}")
    migrate(engine)
    filler = small_disk / "filler"

    with running(engine) as receiver, receiver.talk().hello() as client:
        before = client.mail(MAIL)
        _fill(filler)
        full = client.mail(MAIL * 3_000)
        filler.unlink()
        after = client.mail(MAIL * 3_000)

    assert before.startswith("250 2.0.0 Accepted")
    assert full.startswith("452 4.3.1 ")
    assert after.startswith("250 2.0.0 Accepted")
    assert mails(engine) == [MAIL, MAIL * 3_000]
    engine.dispose()


def _fill(filler: Path) -> None:
    """Write until there is no room for another byte."""
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass
