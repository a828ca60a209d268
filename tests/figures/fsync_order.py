"""Whether an fsync that covers it precedes each 250, seen by strace: `python -m tests.figures.fsync_order`."""

import argparse
import json
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.figures.kill_campaign import a_database, a_mail
from tests.figures.receiver import OURS, Process
from tests.servers.smtp_talk import Talk

STRACE = ("-f", "-y", "-s", "4200", "--seccomp-bpf",
          "-e", "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg")  # fmt: skip
LINE = re.compile(r"^(?P<thread>\d+) +(?P<call>.*)$")
WAL = re.compile(r"^(?P<name>pwrite64|fsync|fdatasync)\(\d+<(?P<file>[^>]*-wal)>")
YES = re.compile(r"^(?:sendto|sendmsg|writev?)\(.*250 2\.0\.0 (?:Accepted|Already accepted) as (?P<id>[0-9a-f]{12})")


@dataclass
class Result:
    """`covered`: yeses before which the mail's row was written to the WAL and that write was synced."""

    yeses: int = 0
    covered: int = 0
    uncovered: list[str] = field(default_factory=list)
    syncs: int = 0

    @property
    def is_good(self) -> bool:
        """Every yes was covered, and there were some."""
        return self.yeses > 0 and self.covered == self.yeses


def trace(folder: Path, mails: int, senders: int, options: tuple[str, ...] = ()) -> Result:
    """Send mails to a receiver under strace, then check the order of what it did."""
    log = folder / "strace.log"
    process = Process(a_database(folder), before=["strace", *STRACE, "-o", str(log)], options=options)
    process.start()
    threads = [threading.Thread(target=_send, args=(process, range(each, mails, senders))) for each in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    process.stop()
    with log.open(errors="replace") as lines:
        return check(lines)


def check(lines: Iterable[str]) -> Result:
    """Walk through the calls in order: rows written, then synced, then answered for."""
    result, written, durable = Result(), "", ""
    for call, is_done in _calls(lines):
        if (wal := WAL.match(call)) and wal["name"] == "pwrite64":
            written += call
        elif wal and is_done:
            durable, written, result.syncs = durable + written, "", result.syncs + 1
        elif (yes := YES.match(call)) and not is_done:
            result.yeses += 1
            if yes["id"] in durable:
                result.covered += 1
            else:
                result.uncovered.append(yes["id"])
    return result


def _calls(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each call as it begins, then, if it succeeded, as it ends."""
    begun: dict[str, str] = {}
    for line in lines:
        if not (match := LINE.match(line)):
            continue
        thread, call = match["thread"], match["call"]
        if call.startswith("<... "):
            call = begun.pop(thread, "") + call.partition("resumed>")[2]
        else:
            yield call, False
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>")
        elif re.search(r"\) += \d+$", call):
            yield call, True


def _send(process: Process, numbers: Iterable[int]) -> None:
    with Talk(process.address, seconds=60).hello() as client:
        for number in numbers:
            reply = client.mail(a_mail(number), OURS)
            if not reply.startswith("250 "):
                raise RuntimeError(reply)


def is_here() -> bool:
    """Whether this machine has strace."""
    return shutil.which("strace") is not None


def main() -> None:
    """Check a thousand mails and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--senders", type=int, default=20)
    parser.add_argument("--synchronous", default="FULL", help="OFF shows that the check can fail")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="redress-fsync-") as folder:
        result = trace(Path(folder), options.mails, options.senders, ("--synchronous", options.synchronous))
    if options.json:
        print(json.dumps(asdict(result)))
    else:
        print(
            f"{result.yeses} yeses, {result.covered} after a sync that covers the mail, {result.syncs} syncs of the WAL"
        )
    sys.exit(0 if result.is_good else 1)


if __name__ == "__main__":
    main()
