"""Mails accepted by SMTP, durably, beside a bare aiosmtpd: `python -m tests.bench.intake`."""

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from tests.bench.senders import send
from tests.figures.kill_campaign import a_database
from tests.figures.receiver import ROOT, Process
from tests.ports import free_port

SIZE = 10_000


class Figures(NamedTuple):
    """Of one run: mails a second, and milliseconds of processor a mail, of the receiver and of its clients."""

    rate: float
    cpu: float
    client_cpu: float


Run = Callable[[Path, int, int], Figures]  # folder, mails, senders


def ours(folder: Path, mails: int, senders: int) -> Figures:
    """Redress: the real receiver and journal, SQLite with synchronous=FULL."""
    process = Process(a_database(folder))
    process.start()
    figures = _measure(process.pid, process.address[1], mails, senders)
    process.stop()
    return figures


def bare(folder: Path, mails: int, senders: int) -> Figures:
    """aiosmtpd as it comes, each mail a commit of its own, SQLite with synchronous=FULL."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.bare_receiver", str(folder / "bare.sqlite"), str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    figures = _measure(process.pid, port, mails, senders)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    return figures


def the_mails(count: int) -> Iterator[bytes]:
    """Distinct mails of ten kilobytes, as sent, with the final dot."""
    line = b"The wall of the bathroom has been wet since the winter, Sir.\r\n"
    body = line * ((SIZE - 200) // len(line))
    for number in range(count):
        yield (
            b"From: Ann <ann@example.org>\r\nSubject: Damp\r\nMessage-ID: <%d@example.org>\r\n\r\n" % number
            + body
            + b".\r\n"
        )


def syncs_per_mail(mails: int, senders: int) -> float | None:
    """fsync and fdatasync calls for each mail, counted by strace; None where that is missing."""
    if shutil.which("strace") is None:
        return None
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as name:
        log = Path(name) / "strace.log"
        strace = ["strace", "-f", "--seccomp-bpf", "-c", "-e", "trace=fsync,fdatasync", "-o", str(log)]
        process = Process(a_database(Path(name)), before=strace)
        process.start()
        send(process.address[1], the_mails(mails), senders)
        process.stop()
        counts = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+).* f(?:data)?sync$", log.read_text(), re.MULTILINE)
    return sum(map(int, counts)) / mails


def compare(mails: int, senders: int, rounds: int) -> dict[str, list[Figures]]:
    """Every contender in turn, so that whatever else the machine does hits them alike."""
    contenders: dict[str, Run] = {"redress": ours, "bare aiosmtpd": bare}
    found: dict[str, list[Figures]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
                found[name].append(run(Path(folder), mails, senders))
    return found


def _measure(pid: int, port: int, mails: int, senders: int) -> Figures:
    prepared = list(the_mails(mails))
    before, own = _cpu_seconds(pid), time.process_time()
    seconds = send(port, prepared, senders)
    each = 1000 / mails
    return Figures(mails / seconds, (_cpu_seconds(pid) - before) * each, (time.process_time() - own) * each)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure, print a table (or JSON), and exit with 0 if the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--senders", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = summary(compare(options.mails, options.senders, options.rounds))
    figures["fsyncs_per_mail"] = syncs_per_mail(options.mails, options.senders)
    print(json.dumps(figures)) if options.json else _print(figures)
    is_met = figures["ratio"] >= 3 and (figures["fsyncs_per_mail"] or 0) < 0.3
    sys.exit(0 if is_met else 1)


def summary(found: dict[str, list[Figures]]) -> dict[str, Any]:
    """Medians and bests; `ratio` is of the medians."""
    rates = {name: [run.rate for run in runs] for name, runs in found.items()}
    return {
        "mails_per_second": {name: {"median": round(statistics.median(each)), "best": round(max(each))}
                             for name, each in rates.items()},
        "cpu_ms_per_mail": {name: round(statistics.median(run.cpu for run in runs), 2) for name, runs in found.items()},
        "client_cpu_ms_per_mail": {name: round(statistics.median(run.client_cpu for run in runs), 2)
                                   for name, runs in found.items()},
        "ratio": round(statistics.median(rates["redress"]) / statistics.median(rates["bare aiosmtpd"]), 2),
        "ratio_of_bests": round(max(rates["redress"]) / max(rates["bare aiosmtpd"]), 2),
    }  # fmt: skip


def _print(figures: dict[str, Any]) -> None:
    table = Table(title="Mails accepted by SMTP: 10 KB, durable before the yes")
    for heading in ("", "median /s", "best /s", "CPU ms a mail", "of its clients"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, rates in figures["mails_per_second"].items():
        table.add_row(name, str(rates["median"]), str(rates["best"]), str(figures["cpu_ms_per_mail"][name]),
                      str(figures["client_cpu_ms_per_mail"][name]))  # fmt: skip
    Console().print(table)
    print(f"{figures['ratio']} times as many (bests: {figures['ratio_of_bests']}); goal 3")
    print(f"fsyncs per mail: {figures['fsyncs_per_mail']}; goal under 0.3")


if __name__ == "__main__":
    main()
