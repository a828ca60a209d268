"""Each 250 comes after an fsync that covers the mail; strace looks on."""

import os
from pathlib import Path

import pytest

from tests.figures import fsync_order
from tests.figures.kill_campaign import a_database, a_mail
from tests.figures.receiver import OURS, Process
from tests.servers.smtp_talk import Talk

pytestmark = pytest.mark.skipif(
    not fsync_order.is_here() and not os.environ.get("CI"), reason="strace is not on this machine"
)


def test_every_yes_comes_after_a_sync_that_covers_the_mail(tmp_path: Path) -> None:
    result = fsync_order.trace(tmp_path, mails=40, senders=4)

    assert (result.yeses, result.covered, result.uncovered) == (40, 40, [])
    assert result.syncs < 40


def test_the_check_fails_where_nothing_is_synced(tmp_path: Path) -> None:
    result = fsync_order.trace(tmp_path, mails=8, senders=2, options=("--synchronous", "OFF"))

    assert not result.is_good
    assert (result.yeses, result.covered) == (8, 0)


def test_the_check_fails_for_a_yes_between_the_write_and_the_end_of_the_sync() -> None:
    write = '7 pwrite64(9</d/x.sqlite-wal>, "..0123456789ab..", 4096, 56) = 4096'
    yes = '6 sendto(12<socket:[1]>, "250 2.0.0 Accepted as 0123456789ab\\r\\n", 36, 0, NULL, 0) = 36'
    begun, ended = "7 fdatasync(9</d/x.sqlite-wal> <unfinished ...>", "7 <... fdatasync resumed>) = 0"

    assert fsync_order.check([write, begun, ended, yes]).is_good
    assert not fsync_order.check([write, begun, yes, ended]).is_good
    assert not fsync_order.check([begun, ended, write, yes]).is_good


def test_a_failed_sync_is_never_a_yes_until_the_process_has_started_again(tmp_path: Path) -> None:
    url = a_database(tmp_path)
    broken = Process(url, before=["strace", "-f", "-o", "/dev/null", "-e", "trace=fdatasync,fsync",
                                  "-e", "inject=fdatasync:error=EIO:when=6"])  # fmt: skip
    broken.start()
    with Talk(broken.address).hello() as client:
        replies = [client.mail(a_mail(number), OURS)[:9] for number in range(12)]
    broken.stop()
    healed = Process(url)
    healed.start()
    with Talk(healed.address).hello() as client:
        again = [client.mail(a_mail(number), OURS)[:3] for number in range(12)]
    healed.stop()

    yeses = replies.index("451 4.3.0")
    assert replies == ["250 2.0.0"] * yeses + ["451 4.3.0"] * (12 - yeses)
    assert yeses > 0
    assert again == ["250"] * 12
