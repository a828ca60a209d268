"""SIGKILLs that land between DATA and 250 while mails come in: `python -m tests.figures.kill_campaign`."""

import argparse
import json
import queue
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import text
from sqlmodel import col, select

from storage.database import connect
from storage.migrate import migrate
from storage.tables import Blob, Contact
from tests.figures.receiver import OURS, Process
from tests.servers.smtp_talk import Talk

SENDERS = 6
LONGEST_WAIT = 0.012  # seconds from the final dot to the kill; a commit takes about half of that


@dataclass
class Result:
    """What came of it; `committed` of the killed mails turned out to have been stored before the kill."""

    mails: int
    kills: int = 0
    too_late: int = 0
    committed: int = 0
    tries: int = 0
    lost: int = 0
    doubled: int = 0
    whole: bool = False
    seconds: float = 0

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing doubled, and the file is whole."""
        return not self.lost and not self.doubled and self.whole


class Campaign:
    """Senders that keep each mail until its 250, as mail servers do, and kill the receiver while it decides."""

    def __init__(self, folder: Path, mails: int, kills: int, seed: int) -> None:
        self.url = a_database(folder)
        self.result = Result(mails)
        self._wanted = kills
        self._process = Process(self.url)
        self._chance = random.Random(seed)
        self._numbers: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._accepted = 0
        self._lock = threading.Lock()
        self._killing = threading.Lock()

    def run(self) -> Result:
        """Send every mail until it is accepted, then count what the database holds."""
        began = time.monotonic()
        for number in range(self.result.mails):
            self._numbers.put(number)
        self._process.start()
        senders = [threading.Thread(target=self._send_all) for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        self._process.stop()
        count(self.url, self.result)
        self.result.seconds = round(time.monotonic() - began, 1)
        return self.result

    def _send_all(self) -> None:
        while True:
            try:
                number = self._numbers.get_nowait()
            except queue.Empty:
                return
            self._send(number)

    def _send(self, number: int) -> None:
        was_killed = False
        while True:
            try:
                reply, killed_now = self._try(number)
            except OSError:
                reply, killed_now = "", False
            was_killed |= killed_now
            if reply.startswith("250 "):
                break
            time.sleep(0.1)
        with self._lock:
            self._accepted += 1
            self.result.committed += was_killed and "Already" in reply

    def _try(self, number: int) -> tuple[str, bool]:
        self.result.tries += 1
        with Talk(self._process.address) as client:
            is_ready = client.reply().startswith("220") and client.say("EHLO sender.example").startswith("250")
            if not is_ready or not client.say("MAIL FROM:<ann@example.org>").startswith("250"):
                return "", False
            if not client.say(f"RCPT TO:<{OURS}>").startswith("250") or client.say("DATA")[:3] != "354":
                return "", False
            client.send(a_mail(number) + b".\r\n")
            if self._is_due() and self._killing.acquire(blocking=False):
                try:
                    return self._kill_and_listen(client)
                finally:
                    self._killing.release()
            return client.reply(), False

    def _is_due(self) -> bool:
        return self.result.kills < self._wanted and (
            self._accepted * self._wanted >= self.result.kills * (self.result.mails - SENDERS)
        )

    def _kill_and_listen(self, client: Talk) -> tuple[str, bool]:
        """Kill while our mail is neither refused nor accepted; it counts if no 250 comes after all."""
        time.sleep(self._chance.uniform(0, LONGEST_WAIT))
        self._process.kill()
        reply = client.reply()
        if reply:
            self.result.too_late += 1
        else:
            self.result.kills += 1
        self._process.start()
        return reply, not reply


def a_database(folder: Path) -> str:
    """The address of a new SQLite file with the tables of this version."""
    url = f"sqlite:///{folder / 'campaign.sqlite'}"
    engine = connect(url)
    migrate(engine)
    engine.dispose()
    return url


def a_mail(number: int) -> bytes:
    """Ten kilobytes that tell which mail it is."""
    lines = b"".join(b"line %d of a complaint about a wet wall, number %d\r\n" % (line, number) for line in range(200))
    return b"Subject: mail\r\nX-Number: %d\r\n\r\n" % number + lines


def count(url: str, result: Result) -> None:
    """Which of the mails the database holds, and how often."""
    engine = connect(url)
    with engine.connect() as connection:
        raws = connection.execute(select(Blob.content).join(Contact, col(Contact.raw_sha256) == Blob.sha256)).all()
        result.whole = connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    engine.dispose()
    found = Counter(_number(bytes(raw)) for (raw,) in raws)
    result.lost = sum(number not in found for number in range(result.mails))
    result.doubled = sum(times - 1 for times in found.values())


def _number(raw: bytes) -> int:
    match = re.search(rb"X-Number: (\d+)", raw)
    return int(match[1]) if match and raw == a_mail(int(match[1])) else -1


def main() -> None:
    """Run the whole campaign and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="redress-kills-") as folder:
        result = Campaign(Path(folder), options.mails, options.kills, options.seed).run()
    if options.json:
        print(json.dumps(asdict(result)))
    else:
        print(f"{result.mails} mails, {result.kills} kills between DATA and 250, {result.seconds} s")
        print(
            f"{result.committed} of them after the commit; {result.too_late} more came too late; {result.tries} tries"
        )
        print(f"{result.lost} lost, {result.doubled} doubled, file {'whole' if result.whole else 'DAMAGED'}")
    sys.exit(0 if result.is_good and result.kills == options.kills else 1)


if __name__ == "__main__":
    main()
